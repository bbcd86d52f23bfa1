import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { NotificationStore } from '../notifications/notification-store.ts';
import type { OutletStore } from '../outlets/outlet-memory.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import type { SequenceStore } from '../runtime/sequence.ts';
import { settledWithin } from '../runtime/settled-within.ts';
import { SourceError } from '../runtime/source-errors.ts';
import type { Calls } from '../threads/calls.ts';
import { type CreateWorker, openWorker } from '../threads/open-worker.ts';
import { createEntryQueue } from './entry-queue.ts';
import { keepMarks } from './keep-marks.ts';
import { leaveGap, marksIn, SELECT_MARKS } from './marks.ts';
import { keepEntry, readPast } from './notifications.ts';
import { keepOutletMemory, readOutletMemories } from './outlet-memories.ts';
import { isAlive, leave, processesIn, renew, SELECT_PROCESSES, type StoreProcess, thisProcess } from './presence.ts';
import type { Statement } from './statement.ts';
import type { StoreHandlers } from './store-handlers.ts';
import { describeSharing, watchPresence } from './watch-presence.ts';

/** The file of the store in its folder. */
export const STORE_FILE = 'greg-bi.sqlite';

/** A shutdown waits this long at most for the disk, ms. */
const CLOSE_WITHIN_MS = 2_000;

/** The small embedded store: our own data that survives restarts. */
export interface Store extends SequenceStore {
  readonly notifications: NotificationStore;
  readonly outlets: OutletStore;
  /** What an administrator should know about the folder at the start. */
  readonly notices: readonly string[];
  /** Writes all marks and removes this process from the store. Never rejects. */
  close(): Promise<void>;
}

export interface StoreOptions {
  /** Receives later notices: another process started or stopped using the folder. */
  readonly onNotice?: (text: string) => void;
  readonly clock?: Clock;
  /** How often to check for other processes, ms; tests shorten it. */
  readonly beatMs?: number;
  readonly createWorker?: CreateWorker;
}

/**
 * Opens `greg-bi.sqlite` in a folder, which is created if it is missing. Several processes may use it at once. If the Worker
 * that writes it crashes, it is restarted and writes the pending entries.
 *
 * @param onError receives why the Worker crashed, and the first write error; the server continues
 * @throws SourceError or a file-system error if the folder is not writable
 */
export async function openStore(
  directory: string,
  onError: (error: unknown) => void,
  options: StoreOptions = {},
): Promise<Store> {
  const { onNotice = () => {}, clock = systemClock, beatMs, createWorker } = options;
  await mkdir(directory, { recursive: true });
  const own = thisProcess(clock.now());
  let resume = () => {};
  const calls = await openWorker<StoreHandlers>({
    name: 'The store',
    url: new URL('./store-worker.ts', import.meta.url),
    argv: () => [join(directory, STORE_FILE)],
    clock,
    async onStarted() {
      // Deferred: until this returns, calls do not reach the new Worker.
      clock.schedule(0, () => resume());
    },
    onLost: onError,
    createWorker,
  });
  const [others, marks, past, outletsPast] = await register(calls, own, clock).catch((error: unknown) => {
    calls.terminate();
    throw error;
  });

  const write = (statements: readonly Statement[]) => calls.call('write', statements);
  const report = once(onError);
  const numbers = keepMarks(marks, calls, report);
  const entries = createEntryQueue(write, clock);
  // Their own, so that outlets cannot fill that of notifications.
  const memories = createEntryQueue(write, clock);
  const presence = watchPresence({ calls, own, others, clock, onNotice, beatMs });
  resume = () => {
    write([...numbers.statements(), renew(own, clock.now())]).catch(report);
    entries.resend();
    memories.resend();
  };
  return {
    restored: numbers.restored,
    save: numbers.save,
    agree: numbers.agree,
    notifications: { past, keep: (entry) => entries.keep(keepEntry(entry, clock.now())) },
    outlets: { past: outletsPast, keep: (outlet, changes) => memories.keep(keepOutletMemory(outlet, changes)) },
    notices: others.length === 0 ? [] : [describeSharing(others)],
    async close() {
      presence.stop();
      // The marks again, in the same transaction: they must be on disk before this process counts as ended.
      const last = write([...numbers.statements(), leave(own)]).catch(report);
      await settledWithin(Promise.all([last, calls.call('close')]), CLOSE_WITHIN_MS);
      calls.terminate();
    },
  };
}

/** Skips numbers now: if this process is killed before it saves a mark, the next one skips more. */
async function register(calls: Calls<StoreHandlers>, own: StoreProcess, clock: Clock) {
  const found = processesIn(await calls.call('query', SELECT_PROCESSES));
  const { alive = [], ended = [] } = Object.groupBy(found, (each) => (isAlive(each, clock.now()) ? 'alive' : 'ended'));
  await calls.call('write', [...leaveGap(ended.map(({ id }) => id)), renew(own, clock.now())]);
  return Promise.all([
    alive,
    calls.call('query', SELECT_MARKS).then(marksIn),
    readPast(calls),
    readOutletMemories(calls),
  ]);
}

/** Reports the first error only. Source errors are ignored: a lost Worker is reported elsewhere. */
function once(report: (error: unknown) => void): (error: unknown) => void {
  let isReported = false;
  return (error) => {
    if (isReported || error instanceof SourceError) return;
    isReported = true;
    report(error);
  };
}
