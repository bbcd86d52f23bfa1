import { readFileSync } from 'node:fs';

/** PEM of the endpoint's own certificate, for localhost and 127.0.0.1; signed by itself, so that it is its authority. */
export const TEST_CERTIFICATE = readFileSync(new URL('./test-certificate.pem', import.meta.url), 'utf8');

/** The key to it. It protects nothing: it is here for everyone to read. */
export const TEST_KEY = readFileSync(new URL('./test-key.pem', import.meta.url), 'utf8');
