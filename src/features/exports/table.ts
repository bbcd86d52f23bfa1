import type { Column } from '../../core/figures/catalogue.ts';
import type { Json } from '../../core/runtime/json.ts';

/** A column of a table. */
export interface TableColumn extends Column {
  /** The column that names the unit of each row's value; undefined if all rows have the column's own unit. */
  readonly unitColumn?: string;
}

export type Row = Readonly<Record<string, Json>>;

/** What is exported as one sheet or one file. */
export interface Table {
  /** `by-reason`. */
  readonly name: string;
  readonly title: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly Row[];
}

/** The value of a cell: text, a number, true or false, or null if there is none. */
export type Cell = string | number | boolean | null;

/** The cell of a row, as the kind of its column has it; a value of another type counts as none. */
export function cellOf(row: Row, { name, kind }: TableColumn): Cell {
  const value = row[name];
  switch (kind) {
    case 'integer':
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    default:
      // Half of a surrogate pair has no form in UTF-8.
      return typeof value === 'string' ? value.toWellFormed() : null;
  }
}

/** A value with exactly 2 decimals, by the digits that it prints with: those of its double differ in large numbers. */
export function decimalText(value: number): string {
  const [, whole, decimals = ''] = /^(-?\d+)(?:\.(\d{1,2}))?$/.exec(String(value)) ?? [];
  return whole === undefined ? value.toFixed(2) : `${whole}.${decimals.padEnd(2, '0')}`;
}

/** Whether every value of a column has at most 2 decimals, and is kept as a decimal number where a format has them. */
export function isDecimal({ kind, unit, unitColumn }: TableColumn): boolean {
  return kind === 'number' && (unit === 'BRL' || unitColumn !== undefined);
}
