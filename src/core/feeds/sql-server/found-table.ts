import type { MirroredTable } from '../../mirror/catalog.ts';
import type { RawRow } from '../../mirror/mirror-writer.ts';
import { rawCell } from './raw-cells.ts';
import type { ResultColumn, Row } from './requests.ts';

/** A table of the company as a database has it. */
export interface FoundTable {
  readonly name: string;
  readonly mirrored: MirroredTable;
  /** `[dbo].[Claims]` */
  readonly path: string;
  readonly isView: boolean;
  /** The mirrored columns that exist. */
  readonly columns: readonly FoundColumn[];
}

export interface FoundColumn {
  /** The company's name. */
  readonly name: string;
  /** The quoted name in the database. */
  readonly quoted: string;
  /** `nvarchar`, `datetime2`. */
  readonly dataType: string;
}

/** A table that has its key. Without it, rows cannot be told apart, and the table is not read. */
export interface KeyedTable extends FoundTable {
  /** Quoted. */
  readonly key: string;
}

/** The tables that have their key. */
export function keyedTables(tables: readonly FoundTable[]): KeyedTable[] {
  return tables.flatMap((table) => {
    const key = table.columns.find(({ name }) => name === table.mirrored.table.key);
    return key === undefined ? [] : [{ ...table, key: key.quoted }];
  });
}

/** The columns to select, in the order that `rawRows` expects. */
export function selectList({ columns }: FoundTable, alias: string): string {
  return columns.map(({ quoted }) => `${alias}.${quoted}`).join(', ');
}

/**
 * Converts rows for the mirror.
 *
 * @param first the number of columns before those of `selectList`
 */
export function rawRows(
  { mirrored, columns }: FoundTable,
  described: readonly ResultColumn[],
  rows: readonly Row[],
  first = 0,
): RawRow[] {
  const places = mirrored.columns.map((name) => {
    const place = columns.findIndex((column) => column.name === name);
    return place < 0 ? -1 : place + first;
  });
  const absent: ResultColumn = { name: '', isTime: false };
  return rows.map((row) => places.map((place) => rawCell(row[place] ?? null, described[place] ?? absent)));
}
