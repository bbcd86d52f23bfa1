import type { Clock } from '../../runtime/clock.ts';

/** A secondary that stays behind for longer counts as a restored database, ms. */
const LAG_MS = 60_000;

/** The id of a database in an availability group, which is the same on each of its servers. */
const GROUP_DATABASE = /^[0-9a-f]{8}-/i;

/**
 * Distinguishes a secondary that lags from a restored database: behind the listener of an availability group, each
 * connection may lead to another secondary.
 *
 * @param identity of the database
 * @returns a function that is called at each poll; it returns whether to wait for the secondary
 */
export function createReplicaLag(clock: Clock, identity: string): (isBehind: boolean) => boolean {
  let behindSince: number | null = null;
  return (isBehind) => {
    if (!isBehind || !GROUP_DATABASE.test(identity)) {
      behindSince = null;
      return false;
    }
    behindSince ??= clock.elapsed();
    return clock.elapsed() - behindSince < LAG_MS;
  };
}
