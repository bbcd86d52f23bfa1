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
  /** What is seen and searched; by kind and unit where it is not said. */
  readonly text?: (row: Row) => string;
  /** What is drawn in place of the text. */
  readonly cell?: (row: Row) => ComponentChildren;
  readonly mask?: (text: string) => string;
}

/** A measure, which stands at the right. A number without a unit is a key. */
export function isNumeric({ kind, unit }: Pick<TableColumn<never>, 'kind' | 'unit'>): boolean {
  return unit !== undefined && (kind === 'integer' || kind === 'number');
}
