import { EXACT_KEYS } from '../../mirror/catalog.ts';
import { createDoor } from '../../mirror/door.ts';
import { throwIfAborted } from '../../runtime/with-signal.ts';
import type { ChangeSink, RowSink } from '../feed-source.ts';
import type { LoggedKey } from './change-log.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import type { SqliteTable } from './sqlite-tables.ts';
import { rawCellOf, readKeys, readTable } from './table-reader.ts';

/** A table that was read whole waits so many times as long as that took until it is read whole again. */
const REST_PER_READ = 9;

/**
 * Hands over every row of a table.
 *
 * @returns a hash of them, null if none is wanted
 */
export async function handOverAll(
  { database }: SqliteConnection,
  table: SqliteTable,
  sink: RowSink,
  signal: AbortSignal,
  isHashed: boolean,
): Promise<string | null> {
  let hash = 0n;
  for (const rows of readTable(database, table)) {
    throwIfAborted(signal);
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
export async function handOverChanged(
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
export async function handOverLogged(
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

/** An unreadable key names no row of the mirror: the whole table is read. */
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
