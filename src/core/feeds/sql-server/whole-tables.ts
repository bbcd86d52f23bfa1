import type { Clock } from '../../runtime/clock.ts';
import { type ChangeSink, type RowSink, SessionOutdatedError } from '../feed-source.ts';
import { columnsText, readColumns } from './columns.ts';
import type { Connection } from './connection.ts';
import type { FoundDatabase } from './found-database.ts';
import { type KeyedTable, rawRows } from './found-table.ts';
import { inTransaction, selectWhole } from './statements.ts';

/** The pause after a read is this many times as long as the read. */
const PAUSE_FACTOR = 9;

/** Every row of every table, in one transaction. */
export async function loadTables(connection: Connection, database: FoundDatabase, sink: RowSink): Promise<void> {
  await readTables(connection, database, database.tables, async (table, rows) => {
    if (rows.length > 0) await sink.rows(table.name, rows);
  });
}

/** Reads tables whole, and limits how often. */
export interface WholeReader {
  /** Reads all of these tables. @throws SessionOutdatedError if the columns changed */
  read(connection: Connection, tables: readonly KeyedTable[], sink: ChangeSink): Promise<void>;
  /** When a table may be read again, by `clock.elapsed()`; 0 before the first read. */
  notBefore(table: string): number;
  /** How long to wait after the last read, ms. */
  readonly pauseMs: number;
}

export function createWholeReader(database: FoundDatabase, clock: Clock): WholeReader {
  const due = new Map<string, number>();
  let pauseMs = 0;
  return {
    async read(connection, tables, sink) {
      await checkColumns(connection, database);
      const began = clock.elapsed();
      let tableBegan = began;
      let current: KeyedTable | undefined;
      const end = () => {
        const now = clock.elapsed();
        if (current !== undefined) due.set(current.name, now + (now - tableBegan) * PAUSE_FACTOR);
        tableBegan = now;
      };
      await readTables(connection, database, tables, async (table, rows) => {
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

/** @throws SessionOutdatedError if tables or columns changed */
export async function checkColumns(connection: Connection, database: FoundDatabase): Promise<void> {
  const now = columnsText(await readColumns(connection, database.mirrored));
  if (now !== database.columns) throw new SessionOutdatedError('The columns of the tables have changed', true);
}

async function readTables(
  connection: Connection,
  database: FoundDatabase,
  tables: readonly KeyedTable[],
  take: (table: KeyedTable, rows: ReturnType<typeof rawRows>) => Promise<void>,
): Promise<void> {
  if (tables.length === 0) return;
  const text = inTransaction(database.isSnapshotAllowed, tables.map(selectWhole));
  await connection.stream({ text }, async ({ result, columns, rows }) => {
    const table = tables[result];
    if (table !== undefined) await take(table, rawRows(table, columns, rows));
  });
}
