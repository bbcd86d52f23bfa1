import type { SourceName, Table } from '../../company/table.ts';

/** How a database compares keys. */
export interface KeyComparison {
  readonly ignoresCase: boolean;
  readonly ignoresAccents: boolean;
  /** As SQL Server does: `'a' = 'a  '`. */
  readonly ignoresTrailingBlanks: boolean;
}

/** Byte by byte, as SQLite and MongoDB do. */
export const EXACT_KEYS: KeyComparison = { ignoresCase: false, ignoresAccents: false, ignoresTrailingBlanks: false };

/** The mirrored tables and columns that a source has. */
export interface Catalog {
  readonly keys: KeyComparison;
  /** The present columns by table; a missing table has no entry. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
}

/** A table of the company, and its columns that features read. */
export interface MirroredTable {
  readonly table: Table;
  /** The key first. The cells of a row have this order. */
  readonly columns: readonly string[];
}

/** Columns by table. */
export type TableColumns = Readonly<Record<string, readonly string[]>>;

/** The columns that a feature reads, by table. */
interface Reader {
  readonly source: SourceName;
  readonly reads: TableColumns;
}

/** The tables of a source that features read, each with the columns that any feature reads. */
export function mirroredTables(
  source: SourceName,
  tables: readonly Table[],
  features: readonly Reader[],
): MirroredTable[] {
  const readers = features.filter((feature) => feature.source === source);
  return tables.flatMap((table) => {
    const read = new Set(readers.flatMap(({ reads }) => reads[table.name] ?? []));
    if (table.source !== source || read.size === 0) return [];
    const needed = new Set([table.key, ...(table.keptFor === null ? [] : [table.keptFor.column]), ...read]);
    return [{ table, columns: [...needed] }];
  });
}

/** The columns of a mirrored table that the source has; empty if the table is missing. */
export function presentColumns({ table, columns }: MirroredTable, catalog: Catalog): readonly string[] {
  const present = catalog.columns[table.name] ?? [];
  return columns.filter((column) => present.includes(column));
}
