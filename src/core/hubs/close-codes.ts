/** Why a hub connection ends. */
export interface Close {
  /** RFC 6455, section 7.4; 4000 and above are our own. */
  readonly code: number;
  readonly reason: string;
  /** Whether the client should come back as it is; else something on its side has to change first. */
  readonly reconnect: boolean;
}

export const CLOSE = {
  /** At the client's own wish. */
  normal: { code: 1000, reason: '', reconnect: false },
  /** The server is stopping or restarting. */
  goingAway: { code: 1001, reason: 'the server is stopping', reconnect: true },
  /** Too many frames that made no sense. */
  policy: { code: 1008, reason: 'too many invalid frames', reconnect: false },
  /** The token of the connection has expired: come back with a new one. */
  expired: { code: 4001, reason: 'the access token has expired', reconnect: true },
  /** The client asks and does not read the answers: an answer that was owed is never left out without a word. */
  unread: { code: 4002, reason: 'too many answers wait unread', reconnect: true },
} as const satisfies Record<string, Close>;
