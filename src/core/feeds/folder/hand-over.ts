import { EXACT_KEYS } from '../../mirror/catalog.ts';
import { createDoor } from '../../mirror/door.ts';
import { throwIfAborted } from '../../runtime/with-signal.ts';
import type { ChangeSink, RowSink } from '../feed-source.ts';
import type { LoggedKey } from './change-log.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import type { SqliteTable } from './sqlite-tables.ts';
import { rawCellOf, readKeys, readTable } from './table-reader.ts';

/** The pause after whole reads is this many times as long as the reads. */
const PAUSE_FACTOR = 9;

/**
 * Writes every row of a table to the sink.
 *
 * @returns a hash of the rows; null if `isHashed` is false
 */
export async function writeAll(
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
 * Writes the tables whose hash differs from the known one, whole, to the sink.
 *
 * @returns when this may be repeated, by `performance.now()`
 */
export async function writeChanged(
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
    const hash = await writeAll(connection, table, sink, signal, true);
    if (hash !== null) hashes.set(table.name, hash);
  }
  const now = performance.now();
  return now + PAUSE_FACTOR * (now - began);
}

function hashTable({ database }: SqliteConnection, table: SqliteTable): string {
  let hash = 0n;
  for (const rows of readTable(database, table)) hash = BigInt(Bun.hash(JSON.stringify(rows), hash));
  return hash.toString(16);
}

/** Writes the rows that we changed to the sink. The hashes of their tables are then unknown. */
export async function writeLogged(
  connection: SqliteConnection,
  tables: readonly SqliteTable[],
  sequence: number,
  hashes: Map<string, string>,
  sink: ChangeSink,
): Promise<void> {
  for (const table of tables) {
    for (const keys of connection.log.keysSince(table, sequence)) {
      hashes.delete(table.name);
      await writeKeys(connection, table, keys, sink);
    }
  }
}

/** An unreadable key does not identify a row of the mirror: the whole table is read. */
async function writeKeys(
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
  const { rows, deleted } = readKeys(connection.database, table, keys);
  if (deleted.length > 0) await sink.deleted(name, deleted);
  if (rows.length > 0) await sink.rows(name, rows);
}
