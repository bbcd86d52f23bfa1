import type { ComponentChildren } from 'preact';
import type { ColumnKind, Unit } from '../live/catalogue.ts';
import type { CsvCell } from './csv.ts';

/** A column of a table. Rows are sorted on `value`, filtered on `text` and saved as `value`. */
export interface TableColumn<Row> {
  readonly id: string;
  readonly title: string;
  readonly kind: ColumnKind;
  readonly unit?: Unit;
  /** The raw value. */
  readonly value: (row: Row) => CsvCell;
  /** The text that is shown and searched; by default the value, formatted by kind and unit. */
  readonly text?: (row: Row) => string;
  /** Rendered in place of the text. */
  readonly cell?: (row: Row) => ComponentChildren;
  readonly mask?: (text: string) => string;
}

/** Whether the column holds a measure, which is right-aligned. A number without a unit is a key. */
export function isNumeric({ kind, unit }: Pick<TableColumn<never>, 'kind' | 'unit'>): boolean {
  return unit !== undefined && (kind === 'integer' || kind === 'number');
}
