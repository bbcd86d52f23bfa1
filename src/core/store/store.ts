import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { NotificationStore } from '../notifications/notification-store.ts';
import type { SequenceMark, SequenceStore } from '../runtime/sequence.ts';
import { type Calls, connectCalls } from '../threads/calls.ts';
import { keepNotifications, readPast } from './notifications.ts';
import { isRow, statement } from './statement.ts';
import type { StoreHandlers } from './store-handlers.ts';

/**
 * After a run that did not end by itself, the last few marks may not have reached the disk: the numbers go on this far
 * ahead, so that none is ever given twice.
 */
const GAP_AFTER_UNCLEAN_RUN = 1_000;

/** The small embedded store: what has to outlive the process and is in no database of others. */
export interface Store extends SequenceStore {
  readonly notifications: NotificationStore;
  /** Writes what is left and notes that this run ended by itself. */
  close(): Promise<void>;
}

/**
 * Opens `greg-bi.sqlite` in a folder, which is made where it is missing.
 *
 * @param onError told once when a mark could not be kept; the server goes on
 * @throws SourceError or a file-system error when the folder cannot be written
 */
export async function openStore(directory: string, onError: (error: unknown) => void): Promise<Store> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, 'greg-bi.sqlite');
  const worker = new Worker(new URL('./store-worker.ts', import.meta.url), { argv: [path] });
  const report = once(onError);
  const calls = await connectCalls<StoreHandlers>(worker, { name: 'The store', onLost: report }).catch(
    (error: unknown) => {
      worker.terminate();
      throw error;
    },
  );
  const [marks, past] = await Promise.all([restore(calls), readPast(calls)]).catch((error: unknown) => {
    calls.terminate();
    throw error;
  });
  return {
    restored: (feature) => marks.get(feature),
    save(feature, mark) {
      marks.set(feature, mark);
      calls.call('write', [keeping(feature, mark)]).catch(report);
    },
    notifications: { past, keep: (entry) => keepNotifications(calls, entry) },
    async close() {
      // With every mark once more: a run must not seem to have ended by itself while one of them is not on the disk.
      const last = [...marks].map(([feature, mark]) => keeping(feature, mark));
      await calls.call('write', [...last, statement('update Runs set clean = 1', [])]).catch(report);
      await calls.call('close').catch(report);
      calls.terminate();
    },
  };
}

/**
 * A store for a server that has no folder to write to. Its numbers start at the seconds since 1970, so that they do not
 * go back over a restart either, as long as fewer than one content a second changes.
 */
export function createVolatileStore(now: number): Store {
  const start: SequenceMark = { seq: Math.floor(now / 1000), hash: '' };
  const notifications = { past: { newest: [], keys: new Map(), memories: new Map() }, keep: async () => {} };
  return { restored: () => start, save: () => {}, notifications, close: async () => {} };
}

/** The gap is written at once: should this run die before it has saved a mark, the next leaves another. */
async function restore({ call }: Calls<StoreHandlers>): Promise<Map<string, SequenceMark>> {
  const leaveGap = `update Sequences set seq = seq + ?, hash = '' where exists (select * from Runs where clean = 0)`;
  await call('write', [
    statement(leaveGap, [GAP_AFTER_UNCLEAN_RUN]),
    statement('insert into Runs values (1, 0) on conflict (id) do update set clean = 0', []),
  ]);
  const rows = await call('query', statement('select feature, seq, hash from Sequences', []));
  return new Map(rows.filter(isRow).map(({ feature, seq, hash }) => [String(feature), markOf(seq, hash)]));
}

function markOf(seq: unknown, hash: unknown): SequenceMark {
  return { seq: Number(seq), hash: String(hash) };
}

function keeping(feature: string, { seq, hash }: SequenceMark) {
  const sql = 'insert into Sequences values (?, ?, ?) on conflict (feature) do update set seq = ?2, hash = ?3';
  return statement(sql, [feature, seq, hash]);
}

function once(report: (error: unknown) => void): (error: unknown) => void {
  let reported = false;
  return (error) => {
    if (!reported) report(error);
    reported = true;
  };
}
