import type { Clock } from '../../runtime/clock.ts';

/** How long a secondary may be behind another one before it counts as an earlier state of the database, ms. */
const LAG_MS = 60_000;

/** The id of an availability group's database, which is the same on each of its servers. */
const GROUP_DATABASE = /^[0-9a-f]{8}-/i;

/**
 * Tells a secondary that has not caught up yet from a database that was restored: behind the listener of an availability
 * group, each connection may lead to another secondary.
 *
 * @param identity of the database
 * @returns whether a version below the one that was read before is to be waited out
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
