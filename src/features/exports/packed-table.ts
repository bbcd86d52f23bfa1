import type { CsvDialect } from './format.ts';
import type { Row, Table } from './table.ts';

/** A table in a message between threads. Its rows are JSON text, which is copied much faster than objects. */
export interface PackedTable extends Omit<Table, 'rows'> {
  readonly rows: string;
}

/** How the tables of a file are written. A file of CSV or Parquet holds the first one. */
export type TableEncoding =
  | { readonly format: 'csv'; readonly dialect: CsvDialect }
  | { readonly format: 'xlsx'; readonly timeZone: string }
  | { readonly format: 'parquet'; readonly metadata: Readonly<Record<string, string>> };

/** The methods of the Worker that encodes. */
export type EncodeHandlers = {
  /** The bytes of a file. */
  readonly encode: (tables: readonly PackedTable[], encoding: TableEncoding) => Promise<Uint8Array>;
};

export function packTable({ rows, ...table }: Table): PackedTable {
  return { ...table, rows: JSON.stringify(rows) };
}

export function unpackTable({ rows, ...table }: PackedTable): Table {
  const parsed: readonly Row[] = JSON.parse(rows);
  return { ...table, rows: parsed };
}
