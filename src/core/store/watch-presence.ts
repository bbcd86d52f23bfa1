import { isoInstant } from '../figures/calendar.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Calls } from '../threads/calls.ts';
import {
  BEAT_MS,
  describeProcess,
  isAlive,
  processesIn,
  renew,
  SELECT_PROCESSES,
  type StoreProcess,
} from './presence.ts';
import type { StoreHandlers } from './store-handlers.ts';

export interface WatchPresenceOptions {
  readonly calls: Calls<StoreHandlers>;
  readonly own: StoreProcess;
  /** The processes that were found at the start. */
  readonly others: readonly StoreProcess[];
  readonly clock: Clock;
  readonly onNotice: (text: string) => void;
  /** Default: five seconds. */
  readonly beatMs?: number | undefined;
}

/** Renews the row of this process, and reports when other processes start or stop using the store. */
export function watchPresence({ calls, own, others, clock, onNotice, beatMs = BEAT_MS }: WatchPresenceOptions): {
  stop(): void;
} {
  let known = new Map(others.map((each) => [each.id, each]));
  let isStopped = false;
  let cancel = () => {};

  const check = async () => {
    await calls.call('write', [renew(own, clock.now())]);
    const found = processesIn(await calls.call('query', SELECT_PROCESSES));
    if (isStopped) return;
    const now = new Map(
      found.filter((each) => each.id !== own.id && isAlive(each, clock.now())).map((each) => [each.id, each]),
    );
    const arrived = [...now.values()].filter(({ id }) => !known.has(id));
    if (arrived.length > 0) onNotice(describeSharing(arrived));
    for (const each of known.values()) {
      if (!now.has(each.id)) onNotice(`${describeProcess(each)} no longer uses STATE_DIR`);
    }
    known = now;
  };
  const checkLater = () => {
    cancel = clock.schedule(beatMs, () => {
      // A lost Worker is restarted and reported elsewhere.
      check()
        .catch(() => {})
        .finally(() => {
          if (!isStopped) checkLater();
        });
    });
  };
  checkLater();
  return {
    stop() {
      isStopped = true;
      cancel();
    },
  };
}

/** Tells an administrator what sharing the folder means, and what to do about it. */
export function describeSharing(others: readonly StoreProcess[]): string {
  const who = others.map((each) => `${describeProcess(each)} since ${isoInstant(each.started)}`).join(', ');
  return `STATE_DIR is used by another server too (${who}). seq goes on growing in both, but each of them notifies, and sends to every outlet: stop one, or set another STATE_DIR for it`;
}
