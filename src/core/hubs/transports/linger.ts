/**
 * How long a client may take, after its end was decided, to read what was sent before; then it is cut off, ms. A server
 * that stops waits this long for those who do not read.
 */
export const LINGER_MS = 2_000;
