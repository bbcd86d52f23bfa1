/** Why a hub connection ends. */
export interface Close {
  /** RFC 6455, section 7.4; 4000 and above are our own. */
  readonly code: number;
  readonly reason: string;
  /** Whether the client should reconnect unchanged; otherwise something on its side has to change first. */
  readonly reconnect: boolean;
}

export const CLOSE = {
  /** The client asked for it. */
  normal: { code: 1000, reason: '', reconnect: false },
  /** The server is stopping or restarting. */
  goingAway: { code: 1001, reason: 'the server is stopping', reconnect: true },
  /** Too many invalid frames. */
  policy: { code: 1008, reason: 'too many invalid frames', reconnect: false },
  /** The token of the connection has expired: reconnect with a new one. */
  expired: { code: 4001, reason: 'the access token has expired', reconnect: true },
  /** The client sends requests but does not read the answers, and no answer is dropped. */
  unread: { code: 4002, reason: 'too many answers wait unread', reconnect: true },
} as const satisfies Record<string, Close>;
