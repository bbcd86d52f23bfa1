import type { Clock } from '../../runtime/clock.ts';
import { type ChangeSink, type RowSink, SessionOutdatedError } from '../feed-source.ts';
import { columnsText, readColumns } from './columns.ts';
import type { Connection } from './connection.ts';
import { type KeyedTable, rawRows } from './found-table.ts';
import type { Look } from './look.ts';
import { inTransaction, selectWhole } from './statements.ts';

/** A whole read is followed by a pause of this many times as long. */
const PAUSE_FACTOR = 9;

/** Every row of every table, in one transaction. */
export async function loadTables(connection: Connection, look: Look, sink: RowSink): Promise<void> {
  await readTables(connection, look, look.tables, async (table, rows) => {
    if (rows.length > 0) await sink.rows(table.name, rows);
  });
}

/** Reads tables whole, and remembers how long that took. */
export interface WholeReader {
  /** Hands over all of these tables. @throws SessionOutdatedError where the columns are no longer those of the look */
  read(connection: Connection, tables: readonly KeyedTable[], sink: ChangeSink): Promise<void>;
  /** When a table may be read again, by `clock.elapsed()`; 0 for one that was not read yet. */
  notBefore(table: string): number;
  /** How long to wait after the last read, ms. */
  readonly pauseMs: number;
}

export function createWholeReader(look: Look, clock: Clock): WholeReader {
  const due = new Map<string, number>();
  let pauseMs = 0;
  return {
    async read(connection, tables, sink) {
      await checkColumns(connection, look);
      const began = clock.elapsed();
      let tableBegan = began;
      let current: KeyedTable | undefined;
      const end = () => {
        const now = clock.elapsed();
        if (current !== undefined) due.set(current.name, now + (now - tableBegan) * PAUSE_FACTOR);
        tableBegan = now;
      };
      await readTables(connection, look, tables, async (table, rows) => {
        if (current !== table) {
          end();
          current = table;
          await sink.whole(table.name);
        }
        if (rows.length > 0) await sink.rows(table.name, rows);
      });
      end();
      pauseMs = (clock.elapsed() - began) * PAUSE_FACTOR;
    },
    notBefore: (table) => due.get(table) ?? 0,
    get pauseMs() {
      return pauseMs;
    },
  };
}

/** @throws SessionOutdatedError where a column, or a table, came or went */
export async function checkColumns(connection: Connection, look: Look): Promise<void> {
  const now = columnsText(await readColumns(connection, look.mirrored));
  if (now !== look.columns) throw new SessionOutdatedError('The columns of the tables have changed', true);
}

async function readTables(
  connection: Connection,
  look: Look,
  tables: readonly KeyedTable[],
  take: (table: KeyedTable, rows: ReturnType<typeof rawRows>) => Promise<void>,
): Promise<void> {
  if (tables.length === 0) return;
  const text = inTransaction(look.isSnapshotAllowed, tables.map(selectWhole));
  await connection.stream({ text }, async ({ result, columns, rows }) => {
    const table = tables[result];
    if (table !== undefined) await take(table, rawRows(table, columns, rows));
  });
}
