import {
  type ChangeSink,
  type FeedSession,
  type FeedSource,
  SessionOutdatedError,
} from '../../../../src/core/feeds/feed-source.ts';
import { presentColumns } from '../../../../src/core/mirror/catalog.ts';
import type { RawCell, RawRow } from '../../../../src/core/mirror/mirror-writer.ts';
import { mirroredCollections } from '../../../support/mongo-feed.ts';

export type HeldRows = Map<string, Map<RawCell, RawRow>>;

/** What is left of a mirror: the rows by table and key, and the position that they hold up to. */
export interface Held {
  rows: HeldRows;
  position: string | null;
}

/** Keeps rows up to date from a source, as a feed does. */
export interface Follower {
  readonly held: Held;
  readonly session: FeedSession | null;
  /** Times that everything was read. */
  readonly loads: number;
  /** Of the last outdated session. */
  readonly outdated: string | null;
  /** Everything that has happened until now is held after it. */
  sync(): Promise<void>;
  /** Waits for something to move, and takes it. */
  next(): Promise<void>;
  /** The same without a second try, and without `mustCatchUp`. */
  poll(signal?: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

const PATIENCE_MS = 25_000;

export function follow(source: FeedSource, held: Held = { rows: new Map(), position: null }): Follower {
  let session: FeedSession | null = null;
  let loads = 0;
  let outdated: string | null = null;

  const close = async () => {
    const closing = session;
    session = null;
    await closing?.close();
  };
  const open = async (signal: AbortSignal): Promise<FeedSession> => {
    if (session !== null) return session;
    session = await source.open(signal);
    if (held.position !== null && (await session.canFollow(held.position, signal))) return session;
    loads++;
    const rows: HeldRows = new Map();
    const position = await session.load(sinkOf(rows), signal);
    Object.assign(held, { rows, position });
    return session;
  };
  /** Whether anything was handed over. */
  const attempt = async (mustCatchUp: boolean, signal: AbortSignal): Promise<boolean> => {
    const loadsBefore = loads;
    const current = await open(signal);
    const rows: HeldRows = new Map([...held.rows].map(([table, kept]) => [table, new Map(kept)]));
    const position = await current.poll(held.position ?? '', sinkOf(rows), signal, mustCatchUp);
    if (position === null) return loads > loadsBefore;
    Object.assign(held, { rows, position });
    return true;
  };
  const step = async (mustCatchUp: boolean, signal: AbortSignal): Promise<boolean> => {
    try {
      return await attempt(mustCatchUp, signal);
    } catch (error) {
      await close();
      if (!(error instanceof SessionOutdatedError)) throw error;
      outdated = error.message;
      if (error.reload) held.position = null;
      return attempt(mustCatchUp, signal);
    }
  };

  return {
    held,
    get session() {
      return session;
    },
    get loads() {
      return loads;
    },
    get outdated() {
      return outdated;
    },
    sync: async () => void (await step(true, AbortSignal.timeout(PATIENCE_MS))),
    async next() {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      while (!(await step(false, signal))) await Bun.sleep(session?.pauseMs ?? 0);
    },
    poll: (signal = AbortSignal.timeout(PATIENCE_MS)) => step(false, signal),
    async close() {
      await close();
      await source.close();
    },
  };
}

function sinkOf(rows: HeldRows): ChangeSink {
  const tableOf = (name: string) => {
    const found = rows.get(name) ?? new Map<RawCell, RawRow>();
    rows.set(name, found);
    return found;
  };
  return {
    async rows(name, handed) {
      const places = mirroredCollections.find(({ table }) => table.name === name)?.columns ?? [];
      for (const row of handed) tableOf(name).set(row[places.indexOf('_id')] ?? null, row);
    },
    async deleted(name, keys) {
      for (const key of keys) tableOf(name).delete(key);
    },
    async whole(name) {
      rows.set(name, new Map());
    },
  };
}

/** The tables that a session found, sorted. */
export function foundTables({ session }: Follower): string[] {
  if (session === null) return [];
  const { catalog } = session;
  return mirroredCollections
    .filter((mirrored) => presentColumns(mirrored, catalog).length > 0)
    .map(({ table }) => table.name)
    .sort();
}
