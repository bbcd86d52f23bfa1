/**
 * Why a hub connection ends, by number (RFC 6455, section 7.4; 4000 and above are our own).
 *
 * A client should come back after 1001 and 4001, and should not after 1008 and 4003 without a change on its side.
 */
export const CLOSE = {
  /** The server is stopping or restarting. */
  goingAway: { code: 1001, reason: 'the server is stopping' },
  /** Too many frames that made no sense. */
  policy: { code: 1008, reason: 'too many invalid frames' },
  /** The token of the connection has expired: come back with a new one. */
  expired: { code: 4001, reason: 'the access token has expired' },
} as const;

export type Close = (typeof CLOSE)[keyof typeof CLOSE];
