import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { VariableProblem } from './readers.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** The text of a PEM file that holds certificates and nothing that cannot be read as one. */
export function readCertificateFile(path: string): { readonly pem: string } | VariableProblem {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { problem: `which cannot be read (${code}); name a PEM file that the user of the server may read` };
  }
  const certificates = pem.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) {
    return {
      problem:
        'which holds no certificate in PEM (-----BEGIN CERTIFICATE-----); openssl x509 -inform der makes one of a DER file',
    };
  }
  const broken = certificates.findIndex((certificate) => !isCertificate(certificate));
  if (broken >= 0) return { problem: `in which certificate ${broken + 1} is damaged; export it again as PEM` };
  return { pem };
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
