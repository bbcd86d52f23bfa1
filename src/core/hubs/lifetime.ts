import type { Identity } from '../access/identity.ts';
import type { Cancel, Clock } from '../runtime/clock.ts';
import { CLOSE } from './close-codes.ts';
import type { Session } from './session.ts';

/** The longest wait of one timer, ms: beyond 2^31 they overflow. */
const LONGEST_WAIT_MS = 3_600_000;

/** Closes a session when the right to it ends. */
export function closeAtExpiry(session: Session, { expiresAt }: Identity, clock: Clock): Cancel {
  if (expiresAt === null) return () => {};
  let cancel: Cancel = () => {};
  const check = () => {
    const left = expiresAt - clock.now();
    if (left <= 0) session.close(CLOSE.expired);
    else cancel = clock.schedule(Math.min(left, LONGEST_WAIT_MS), check);
  };
  check();
  return () => cancel();
}
