import type { Database } from 'bun:sqlite';
import { type Catalog, EXACT_KEYS, type MirroredTable } from '../../mirror/catalog.ts';
import { messageOf } from '../../runtime/errors.ts';

/** The table or view for a mirrored table. */
export interface SqliteTable {
  readonly mirrored: MirroredTable;
  /** The name in the database. */
  readonly name: string;
  /** The names of the mirrored columns in the database; null for a missing one. */
  readonly columns: readonly (string | null)[];
  /** The name of the rowid column; null for views and tables without one. */
  readonly rowid: string | null;
  /** Whether a key identifies one row, so that our changes can be logged by key. */
  readonly hasUniqueKey: boolean;
}

interface TableEntry {
  readonly name: string;
  readonly type: string;
  readonly wr: number | bigint;
}

interface ColumnEntry {
  readonly name: string;
  readonly type: string;
  readonly pk: number | bigint;
  readonly hidden: number | bigint;
}

/**
 * Finds the mirrored tables and views of a database. Names are case-insensitive, as in SQLite.
 *
 * @param warn called for a view that cannot be read; it counts as missing
 */
export function findTables(
  database: Database,
  mirrored: readonly MirroredTable[],
  warn: (text: string) => void = () => {},
): SqliteTable[] {
  const entries = new Map(
    database
      .query<TableEntry, []>("select name, type, wr from pragma_table_list where schema = 'main'")
      .all()
      .map((entry) => [entry.name.toLowerCase(), entry]),
  );
  return mirrored.flatMap((table) => {
    const entry = entries.get(table.table.name.toLowerCase());
    if (entry === undefined || entry.type === 'shadow') return [];
    try {
      return [describe(database, table, entry)];
    } catch (error) {
      if (entry.type !== 'view') throw error;
      warn(`the view ${entry.name} cannot be read (${messageOf(error)})`);
      return [];
    }
  });
}

/** The catalog of the tables, under the company's names. */
export function catalogOf(tables: readonly SqliteTable[]): Catalog {
  return {
    keys: EXACT_KEYS,
    columns: Object.fromEntries(
      tables.map(({ mirrored, columns }) => [
        mirrored.table.name,
        mirrored.columns.filter((_, index) => columns[index] !== null),
      ]),
    ),
  };
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function describe(database: Database, mirrored: MirroredTable, { name, type, wr }: TableEntry): SqliteTable {
  const found = database
    .query<ColumnEntry, [string]>("select name, type, pk, hidden from pragma_table_xinfo(?, 'main')")
    .all(name)
    // 1: hidden columns of a virtual table. Generated columns (2 and 3) are read like others.
    .filter(({ hidden }) => Number(hidden) !== 1);
  const real = new Map(found.map((column) => [column.name.toLowerCase(), column.name]));
  const columns = mirrored.columns.map((column) => real.get(column.toLowerCase()) ?? null);
  const hasRowid = type === 'table' && Number(wr) === 0;
  const rowid = hasRowid ? (['rowid', '_rowid_', 'oid'].find((alias) => !real.has(alias)) ?? null) : null;
  const key = columns[0] ?? null;
  // In a column without a type, 1 and '1' are different keys, but equal in the mirror.
  const isTyped = found.some((column) => column.name === key && column.type !== '');
  const hasUniqueKey = type === 'table' && key !== null && isTyped && isUnique(database, name, key, found);
  return { mirrored, name, columns, rowid, hasUniqueKey };
}

/** Whether this column alone has a primary key or a unique index. */
function isUnique(database: Database, table: string, column: string, columns: readonly ColumnEntry[]): boolean {
  const primary = columns.filter(({ pk }) => Number(pk) > 0);
  if (primary.length === 1 && primary[0]?.name === column) return true;
  const unique = database
    .query<{ name: string }, [string]>(
      `select indexes.name from pragma_index_list(?1, 'main') as indexes where indexes."unique" = 1 and indexes.partial = 0`,
    )
    .all(table);
  return unique.some(({ name }) => {
    const parts = database
      .query<{ name: string | null }, [string]>("select name from pragma_index_info(?, 'main')")
      .all(name);
    return parts.length === 1 && parts[0]?.name === column;
  });
}
