import type { Database } from 'bun:sqlite';
import type { Column } from '../../company/column.ts';
import { hasSpelling } from '../../company/table.ts';
import type { Catalog, MirroredTable } from './catalog.ts';
import { presentColumns } from './catalog.ts';

/** Row count and sums of a table, to compare two copies of it. Costs one scan. */
export interface TableChecksum {
  readonly table: string;
  readonly rows: number;
  /**
   * Exact sums by column, as decimal text: of cents, whole numbers, milliseconds since 1970, units of 100 ns and flags; for
   * text keys, of their lengths. Other kinds of columns have no sum.
   */
  readonly sums: Readonly<Record<string, string>>;
}

/** Whether a column has a sum in a checksum. */
export function isSummed({ kind, isText }: Column): boolean {
  return !isText || kind === 'key';
}

/**
 * The checksums of the mirror's tables. Columns with unreadable values have no sum: the source may count those differently.
 */
export function mirrorChecksums(
  database: Database,
  tables: readonly MirroredTable[],
  catalog: Catalog,
): TableChecksum[] {
  return tables
    .filter(({ table }) => catalog.columns[table.name] !== undefined)
    .map((mirrored) => checksumOf(database, mirrored, presentColumns(mirrored, catalog)));
}

function checksumOf(database: Database, { table }: MirroredTable, present: readonly string[]): TableChecksum {
  const unreadable = database
    .query<{ column: string }, [string]>('select distinct "column" from "Unreadable" where "table" = ?')
    .all(table.name)
    .map(({ column }) => column);
  const columns = present.filter((name) => {
    const column = table.columns[name];
    return column !== undefined && isSummed(column) && !unreadable.includes(name);
  });
  const parts = columns.flatMap((name) => {
    const column = table.columns[name];
    const value =
      column !== undefined && hasSpelling(column) ? `length(coalesce("${name}Written", "${name}"))` : `"${name}"`;
    return [`${value} / ${PART}`, `${value} % ${PART}`].map((part) => `cast(coalesce(sum(${part}), 0) as text)`);
  });
  const [row = []] = database.query(`select count(*), ${parts.join(', ') || 'null'} from "${table.name}"`).values();
  const sumAt = (index: number) =>
    String(BigInt(String(row[2 * index + 1])) * BigInt(PART) + BigInt(String(row[2 * index + 2])));
  return {
    table: table.name,
    rows: Number(row[0] ?? 0),
    sums: Object.fromEntries(columns.map((name, index) => [name, sumAt(index)])),
  };
}

/** Numbers are summed in two parts: the sum of six million instants exceeds 2^63, which SQLite refuses. */
const PART = 1_000_000_000;

/** The tables whose row counts differ, or whose sums differ where both sides have one. */
export function differingTables(source: readonly TableChecksum[], mirror: readonly TableChecksum[]): string[] {
  const mirrored = new Map(mirror.map((checksum) => [checksum.table, checksum]));
  return source
    .filter(({ table, rows, sums }) => {
      const other = mirrored.get(table);
      if (other === undefined) return true;
      const differs = ([column, sum]: [string, string]) =>
        other.sums[column] !== undefined && other.sums[column] !== sum;
      return rows !== other.rows || Object.entries(sums).some(differs);
    })
    .map(({ table }) => table);
}
