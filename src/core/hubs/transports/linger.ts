/** How long a client may take, after its end was decided, to read what was sent before; then it is cut off, ms. */
export const LINGER_MS = 5_000;
