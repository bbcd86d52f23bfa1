import { type Catalog, EXACT_KEYS, type MirroredTable } from '../../mirror/catalog.ts';
import { createDoor } from '../../mirror/door.ts';
import { type ChangeSink, type FeedSession, type RowSink, SessionOutdatedError } from '../feed-source.ts';
import type { LoggedKey } from './change-log.ts';
import { throwIfGivenUp } from './given-up.ts';
import { formatPosition, type Position, parsePosition, positionOf } from './position.ts';
import { rawCellOf } from './raw-cell.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import type { SqliteStore } from './sqlite-store.ts';
import { catalogOf, findTables, type SqliteTable } from './sqlite-tables.ts';
import { readKeys, readTable } from './table-reader.ts';
import { untilMoved } from './until-moved.ts';

/** A table that was read whole waits so many times as long as that took until it is read whole again. */
const REST_PER_READ = 9;

export interface SqliteSessionOptions {
  readonly store: SqliteStore;
  readonly tables: readonly MirroredTable[];
  readonly warn: (text: string) => void;
}

/** What the tables held when they were handed over: a hash by table, as far as it is known. */
interface Handed {
  readonly generation: number;
  readonly hashes: ReadonlyMap<string, string>;
}

/** A session on a database, and on no other that comes to stand at its path. */
export function openSqliteSession(options: SqliteSessionOptions, connection: SqliteConnection): FeedSession {
  const { store, tables, warn } = options;
  const { database, log, instance } = connection;
  let schema = schemaVersion(connection);
  let found = findTables(database, tables, warn);
  const catalog = catalogOf(found);
  const catalogHash = hashOf(catalog);
  log.watch(found);
  /** What the mirror is known to hold, and what it holds if it took the last movement. */
  let confirmed: Handed = { generation: -1, hashes: new Map() };
  let pending: Handed | null = null;
  let restUntil = 0;

  /** Works in a transaction, on the schema as it is. */
  const reading = <Result>(work: () => Promise<Result>): Promise<Result> =>
    store.use(connection, async () => {
      if (!connection.isCurrent()) throw new SessionOutdatedError(`${store.place} was replaced`, true);
      database.run('begin');
      try {
        adoptSchema();
        return await work();
      } finally {
        // Nothing was written, except triggers for tables that are new, which stay.
        if (database.inTransaction) database.run('commit');
      }
    });

  /** An index that came changes nothing; a table that was made anew may hold anything. */
  const adoptSchema = () => {
    const current = schemaVersion(connection);
    if (current === schema) return;
    const now = findTables(database, tables, warn);
    if (hashOf(catalogOf(now)) !== catalogHash) {
      throw new SessionOutdatedError(`The tables of ${store.place} have changed`, true);
    }
    schema = current;
    found = now;
    log.watch(found);
    connection.noteUnlogged();
  };

  const textOf = (sequence: number, generation: number) =>
    formatPosition({ instance, sequence, generation, catalog: catalogHash });

  const confirm = (position: Position) => {
    if (pending !== null && pending.generation === position.generation) confirmed = pending;
    else if (confirmed.generation !== position.generation) {
      confirmed = { generation: position.generation, hashes: new Map() };
    }
    pending = null;
  };

  const handOver = (since: Position, sink: ChangeSink, signal: AbortSignal, isAsked: boolean) =>
    reading(async () => {
      throwIfGivenUp(signal);
      const sequence = log.last();
      const noticed = connection.generation();
      const generation = isAsked || performance.now() >= restUntil ? noticed : since.generation;
      if (sequence === since.sequence && generation === since.generation) return null;
      const hashes = new Map(confirmed.hashes);
      if (generation === since.generation) await handOverLogged(connection, found, since.sequence, hashes, sink);
      else restUntil = await handOverChanged(connection, found, hashes, sink, signal);
      pending = { generation, hashes };
      return textOf(sequence, generation);
    });

  return {
    mode: store.isFile ? 'watch' : 'told',
    reason: null,
    catalog,
    pauseMs: 0,
    async canFollow(text, signal) {
      throwIfGivenUp(signal);
      const position = parsePosition(text);
      if (position?.instance !== instance || position.catalog !== catalogHash) return false;
      return position.sequence >= log.forgotten && position.sequence <= log.last();
    },
    load: (sink, signal) =>
      reading(async () => {
        const sequence = log.last();
        const generation = connection.generation();
        const hashes = new Map<string, string>();
        for (const table of found) {
          const hash = await handOverAll(connection, table, sink, signal, store.isFile);
          if (hash !== null) hashes.set(table.name, hash);
        }
        pending = { generation, hashes };
        return textOf(sequence, generation);
      }),
    async poll(text, sink, signal, isAsked) {
      const position = positionOf(text, instance);
      if (position.sequence < log.forgotten) throw new SessionOutdatedError('Changes of long ago are not kept', true);
      confirm(position);
      log.forget(position.sequence);
      return untilMoved(() => handOver(position, sink, signal, isAsked), {
        ...{ waker: store.waker, signal, isAsked },
        look: () => {},
      });
    },
    async close() {},
  };
}

/**
 * Hands over every row of a table.
 *
 * @returns a hash of them, null where none is wanted
 */
async function handOverAll(
  { database }: SqliteConnection,
  table: SqliteTable,
  sink: RowSink,
  signal: AbortSignal,
  isHashed: boolean,
): Promise<string | null> {
  let hash = 0n;
  for (const rows of readTable(database, table)) {
    throwIfGivenUp(signal);
    if (isHashed) hash = BigInt(Bun.hash(JSON.stringify(rows), hash));
    await sink.rows(table.mirrored.table.name, rows);
  }
  return isHashed ? hash.toString(16) : null;
}

/**
 * Hands over the tables whole whose rows are not those of the hashes that are known.
 *
 * @returns when that may be done again
 */
async function handOverChanged(
  connection: SqliteConnection,
  tables: readonly SqliteTable[],
  hashes: Map<string, string>,
  sink: ChangeSink,
  signal: AbortSignal,
): Promise<number> {
  const began = performance.now();
  for (const table of tables) {
    const known = hashes.get(table.name);
    if (known !== undefined && known === hashTable(connection, table)) continue;
    await sink.whole(table.mirrored.table.name);
    const hash = await handOverAll(connection, table, sink, signal, true);
    if (hash !== null) hashes.set(table.name, hash);
  }
  const now = performance.now();
  return now + REST_PER_READ * (now - began);
}

function hashTable({ database }: SqliteConnection, table: SqliteTable): string {
  let hash = 0n;
  for (const rows of readTable(database, table)) hash = BigInt(Bun.hash(JSON.stringify(rows), hash));
  return hash.toString(16);
}

/** Hands over the rows that we changed ourselves; the hashes of their tables are then not known. */
async function handOverLogged(
  connection: SqliteConnection,
  tables: readonly SqliteTable[],
  sequence: number,
  hashes: Map<string, string>,
  sink: ChangeSink,
): Promise<void> {
  for (const table of tables) {
    for (const keys of connection.log.keysSince(table, sequence)) {
      hashes.delete(table.name);
      await handOverKeys(connection, table, keys, sink);
    }
  }
}

/** A key that its column does not allow names no row of the mirror: the table is handed over whole. */
async function handOverKeys(
  connection: SqliteConnection,
  table: SqliteTable,
  keys: readonly LoggedKey[],
  sink: ChangeSink,
): Promise<void> {
  const name = table.mirrored.table.name;
  const door = createDoor(table.mirrored, table.mirrored.columns, EXACT_KEYS);
  if (keys.some((key) => door.key(rawCellOf(key)) === undefined)) {
    await sink.whole(name);
    for (const rows of readTable(connection.database, table)) await sink.rows(name, rows);
    return;
  }
  const { rows, gone } = readKeys(connection.database, table, keys);
  if (gone.length > 0) await sink.deleted(name, gone);
  if (rows.length > 0) await sink.rows(name, rows);
}

function schemaVersion({ database }: SqliteConnection): number {
  const row = database.query<{ schema_version: number | bigint }, []>('pragma main.schema_version').get();
  return Number(row?.schema_version);
}

function hashOf(catalog: Catalog): string {
  return Bun.hash(JSON.stringify(catalog)).toString(16);
}
