import type { Instant } from '../figures/calendar.ts';
import type { Cancel, Clock } from '../runtime/clock.ts';
import type { EncodedContent } from '../runtime/encode-content.ts';
import type { Calls } from '../threads/calls.ts';
import { isRow, type Statement, statement } from './statement.ts';
import type { StoreHandlers } from './store-handlers.ts';

/**
 * The last snapshot of each feature. Its number is not stored here: it is that of the mark with the same hash, so that no
 * number can belong to a different content.
 */
export interface KeptSnapshot {
  readonly feature: string;
  /** What its content depends on besides the rows: source, time zone, schema. */
  readonly origin: string;
  readonly generatedAt: Instant;
  readonly encoded: EncodedContent;
}

export interface SnapshotStore {
  /** The stored snapshots. Their texts may be damaged: compare their hash. @throws if the store cannot be read */
  read(): Promise<KeptSnapshot[]>;
  /** Replaces the stored snapshot of the feature soon. Returns at once and does not fail. */
  keep(snapshot: KeptSnapshot): void;
  /** Deletes the stored snapshot of a feature. Returns at once and does not fail. */
  drop(feature: string): void;
}

/** Changes within this time become one write, ms: a killed process loses at most the last changes. */
export const WRITE_EVERY_MS = 5_000;
/** The first write waits for the other features, ms. */
const GATHER_MS = 250;
/** A longer snapshot is not kept, in characters of JSON. */
export const LONGEST_KEPT = 32 * 1024 ** 2;

export interface WrittenSnapshots extends SnapshotStore {
  /** Writes what is pending and stops. Never rejects. */
  flush(): Promise<void>;
}

export interface KeepSnapshotsOptions {
  readonly calls: Pick<Calls<StoreHandlers>, 'call'>;
  readonly clock: Clock;
  readonly onNotice: (text: string) => void;
  /** Receives why snapshots could not be written. They are written later. */
  readonly onError: (error: unknown) => void;
  /** Default: five seconds. */
  readonly writeEveryMs?: number | undefined;
}

/**
 * Writes snapshots in the background: one transaction at a time, with only the newest of each feature. A content that is on
 * disk already is not written again, only its instant.
 */
export function keepSnapshots(options: KeepSnapshotsOptions): WrittenSnapshots {
  const { calls, clock, onNotice, onError, writeEveryMs = WRITE_EVERY_MS } = options;
  const pending = new Map<string, KeptSnapshot>();
  /** The hash of the content on disk, by feature; null if this process wrote none. */
  const written = new Map<string, string | null>();
  let writing: Promise<void> | null = null;
  let lastWriteAt = Number.NEGATIVE_INFINITY;
  let cancel: Cancel | null = null;

  const write = async () => {
    const taken = [...pending.values()];
    pending.clear();
    lastWriteAt = clock.elapsed();
    try {
      await calls.call(
        'write',
        taken.map((snapshot) => keepStatement(snapshot, written.get(snapshot.feature) ?? null)),
      );
      for (const { feature, encoded } of taken) written.set(feature, isTooLong(encoded) ? null : encoded.hash);
    } catch (error) {
      onError(error);
      for (const snapshot of taken) if (!pending.has(snapshot.feature)) pending.set(snapshot.feature, snapshot);
    }
  };
  const writeLater = () => {
    if (cancel !== null || writing !== null || pending.size === 0) return;
    const wait = Math.max(Math.min(GATHER_MS, writeEveryMs), lastWriteAt + writeEveryMs - clock.elapsed());
    cancel = clock.schedule(wait, () => {
      cancel = null;
      writing = write().finally(() => {
        writing = null;
        writeLater();
      });
    });
  };
  const tooLong = new Set<string>();
  return {
    read: async () => keptIn(await calls.call('query', SELECT_SNAPSHOTS)),
    keep(snapshot) {
      const { feature, encoded } = snapshot;
      if (isTooLong(encoded) && !tooLong.has(feature)) {
        tooLong.add(feature);
        onNotice(`The snapshot of ${feature} is too long to be kept: a restart begins without it`);
      }
      pending.set(feature, snapshot);
      writeLater();
    },
    drop(feature) {
      calls.call('write', [dropStatement(feature)]).catch(onError);
    },
    async flush() {
      cancel?.();
      await writing;
      // A failed write above has scheduled the next one.
      cancel?.();
      cancel = () => {};
      if (pending.size > 0) await write();
    },
  };
}

const SELECT_SNAPSHOTS = statement(
  'select feature, origin, generatedAt, hash, data, unavailable, problems from Snapshots',
);

function keptIn(rows: readonly unknown[]): KeptSnapshot[] {
  return rows.filter(isRow).map(({ feature, origin, generatedAt, hash, data, unavailable, problems }) => ({
    feature: String(feature),
    origin: String(origin),
    generatedAt: Number(generatedAt),
    encoded: {
      ...{ data: String(data), unavailable: String(unavailable), problems: String(problems) },
      hash: String(hash),
    },
  }));
}

function isTooLong({ data, unavailable, problems }: EncodedContent): boolean {
  return data.length + unavailable.length + problems.length > LONGEST_KEPT;
}

function keepStatement({ feature, origin, generatedAt, encoded }: KeptSnapshot, writtenHash: string | null): Statement {
  // A restart must not go back to an older content while a newer one is known.
  if (isTooLong(encoded)) return dropStatement(feature);
  const { hash, data, unavailable, problems } = encoded;
  return hash === writtenHash
    ? statement('update Snapshots set generatedAt = ? where feature = ? and hash = ?', [generatedAt, feature, hash])
    : statement('insert or replace into Snapshots values (?, ?, ?, ?, ?, ?, ?)', [
        ...[feature, origin, generatedAt, hash],
        ...[data, unavailable, problems],
      ]);
}

function dropStatement(feature: string): Statement {
  return statement('delete from Snapshots where feature = ?', [feature]);
}
