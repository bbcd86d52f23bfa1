import type { Instant } from '../figures/calendar.ts';

/** The sender of a request. */
export interface Identity {
  /** The token's `sub`, or `anonymous` where access control is off. */
  readonly subject: string;
  /** When the token expires; null for never. */
  readonly expiresAt: Instant | null;
}

export const ANONYMOUS: Identity = { subject: 'anonymous', expiresAt: null };
