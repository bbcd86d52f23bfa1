import { readFileSync } from 'node:fs';

const read = (name: string) => readFileSync(new URL(`./${name}.pem`, import.meta.url), 'utf8');

/** PEM of the endpoint's own certificate, for localhost and 127.0.0.1; signed by itself, so that it is its authority. */
export const TEST_CERTIFICATE = read('test-certificate');

/** The key to every certificate here. It protects nothing: it is here for everyone to read. */
export const TEST_KEY = read('test-key');

/** An authority that no machine knows, and certificates that it has signed. */
export const TEST_AUTHORITY = read('authority-certificate');
export const SIGNED_CERTIFICATES = {
  forLocalhost: read('signed-certificate'),
  /** For db.example alone. */
  forAnotherName: read('other-name-certificate'),
  /** Since 2021. */
  expired: read('expired-certificate'),
} as const;
