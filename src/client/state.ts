/** Why the server does not let the client in. */
export interface Refusal {
  /**
   * `expired`: the token's time is over. `revoked`: the token was accepted before and is not any more. 401: there is no
   * valid token. 403: the token lacks the role, or the page's origin may not connect.
   */
  readonly code: 401 | 403 | 'expired' | 'revoked';
  /** What the server says, for people. */
  readonly words: string;
}

/**
 * How the connection is doing.
 *
 * - `connecting`: an attempt is under way
 * - `open`: figures arrive
 * - `waiting`: the connection was lost or an attempt failed; the next attempt is at `nextAttemptAt`
 * - `refused`: the server does not let this client in; a new token, or `connect()`, makes it try again
 * - `closed`: not connected yet, or closed by `close()`
 */
export type ConnectionState = StateDetails & {
  /** Milliseconds since 1970. */
  readonly since: number;
  /** The number of this attempt, from 1, since the connection last held for 10 s; 0 before the first. */
  readonly attempt: number;
};

/** What each state says of itself. */
export type StateDetails =
  | { readonly name: 'connecting' | 'open' | 'closed' }
  | {
      readonly name: 'waiting';
      /** Milliseconds since 1970. */
      readonly nextAttemptAt: number;
    }
  | ({ readonly name: 'refused' } & Refusal);
