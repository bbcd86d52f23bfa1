import type { ChangeSink, FeedSession, FeedSource } from '../../src/core/feeds/feed-source.ts';
import type { RawCell, RawRow } from '../../src/core/mirror/mirror-writer.ts';

/** Collects what a session delivers, like a minimal mirror: the rows of each table by key, the first cell. */
export interface RowCollector {
  readonly sink: ChangeSink;
  /** Rows of a table, sorted by their text. */
  rows(table: string): readonly RawRow[];
  /** Starts over, as a load does. */
  clear(): void;
  /** Numbers of delivered rows and keys, and the tables delivered whole. */
  readonly handed: { rows: number; deleted: number; whole: string[] };
}

export function collectRows(): RowCollector {
  const tables = new Map<string, Map<string, RawRow>>();
  const handed = { rows: 0, deleted: 0, whole: [] as string[] };
  const tableOf = (name: string) => {
    const found = tables.get(name) ?? new Map<string, RawRow>();
    tables.set(name, found);
    return found;
  };
  const keyOf = (key: RawCell | undefined) => JSON.stringify(key ?? null);
  return {
    sink: {
      async rows(table, rows) {
        handed.rows += rows.length;
        for (const row of rows) tableOf(table).set(keyOf(row[0]), row);
      },
      async deleted(table, keys) {
        handed.deleted += keys.length;
        for (const key of keys) tableOf(table).delete(keyOf(key));
      },
      async whole(table) {
        handed.whole.push(table);
        tableOf(table).clear();
      },
    },
    rows: (table) => sorted([...(tables.get(table)?.values() ?? [])]),
    clear: () => tables.clear(),
    handed,
  };
}

export function sorted(rows: readonly RawRow[]): RawRow[] {
  return [...rows].sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}

/** Follows a source as a feed does, one step at a time. */
export interface Follower {
  readonly session: FeedSession;
  readonly collected: RowCollector;
  /** Polls once. @returns whether something was delivered */
  poll(mustCatchUp?: boolean): Promise<boolean>;
  /** Polls until something is delivered. @throws errors of a poll */
  moved(): Promise<void>;
}

/** Opens a source and loads it. */
export async function follow(source: FeedSource): Promise<Follower> {
  const signal = new AbortController().signal;
  const session = await source.open(signal);
  const collected = collectRows();
  let position = await session.load(collected.sink, signal);
  const poll = async (mustCatchUp = false) => {
    const next = await session.poll(position, collected.sink, signal, mustCatchUp);
    position = next ?? position;
    return next !== null;
  };
  return {
    session,
    collected,
    poll,
    async moved() {
      while (!(await poll())) {
        // Each poll waits on its own.
      }
    },
  };
}
