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
  /** Of the mirrored columns that are there: the company's name, and the quoted name that the database has. */
  readonly columns: readonly FoundColumn[];
}

export interface FoundColumn {
  readonly name: string;
  readonly quoted: string;
  /** `nvarchar`, `datetime2`. */
  readonly dataType: string;
}

/** A table whose key is there. Without it nothing tells its rows apart, and none of them is read. */
export interface KeyedTable extends FoundTable {
  /** Quoted. */
  readonly key: string;
}

/** Those of the tables that can be read. */
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
 * Rows as the mirror takes them.
 *
 * @param first how many columns of the result come before those of `selectList`
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
