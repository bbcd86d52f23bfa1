import { readFileSync } from 'node:fs';

const read = (name: string) => readFileSync(new URL(`./${name}.pem`, import.meta.url), 'utf8');

/** PEM of the endpoint's self-signed certificate, for localhost and 127.0.0.1. */
export const TEST_CERTIFICATE = read('test-certificate');

/** The key of all certificates here. It protects nothing, since it is public. */
export const TEST_KEY = read('test-key');

/** An authority that no machine trusts, and certificates signed by it. */
export const TEST_AUTHORITY = read('authority-certificate');
export const SIGNED_CERTIFICATES = {
  forLocalhost: read('signed-certificate'),
  /** Only for db.example. */
  forAnotherName: read('other-name-certificate'),
  /** Expired in 2021. */
  expired: read('expired-certificate'),
} as const;
