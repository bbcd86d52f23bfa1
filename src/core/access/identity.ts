import type { Instant } from '../figures/calendar.ts';

/** Who calls. */
export interface Identity {
  /** The token's `sub`, or `anonymous` where access control is off. */
  readonly subject: string;
  /** When the right to be connected ends; null for never. */
  readonly expiresAt: Instant | null;
}

export const ANONYMOUS: Identity = { subject: 'anonymous', expiresAt: null };
