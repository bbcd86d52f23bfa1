import { encodeCsv } from './csv.ts';
import type { CsvDialect } from './format.ts';
import { encodeParquet } from './parquet.ts';
import type { Row, Table } from './table.ts';
import { encodeXlsx } from './xlsx.ts';

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
export type EncodeHandlers = { readonly encode: typeof encodeTables };

export function packTable({ rows, ...table }: Table): PackedTable {
  return { ...table, rows: JSON.stringify(rows) };
}

/** The bytes of a file. */
export async function encodeTables(packed: readonly PackedTable[], encoding: TableEncoding): Promise<Uint8Array> {
  const tables = packed.map(unpackTable);
  if (encoding.format === 'xlsx') return encodeXlsx(tables, encoding.timeZone);
  const [table] = tables;
  if (table === undefined) throw new TypeError('There is no table to encode');
  return encoding.format === 'csv' ? encodeCsv(table, encoding.dialect) : encodeParquet(table, encoding.metadata);
}

function unpackTable({ rows, ...table }: PackedTable): Table {
  const parsed: readonly Row[] = JSON.parse(rows);
  return { ...table, rows: parsed };
}
