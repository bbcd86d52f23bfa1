import type { ComponentChildren } from 'preact';
import type { ColumnKind, Unit } from '../live/catalogue.ts';
import type { CsvCell } from './csv.ts';

/** A column of a table. Rows are sorted on `value`, filtered on `text` and saved as `value`, instants in the server's zone. */
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
  /** Where its list stands in the snapshots, for tests and for scripts that read the page: `claims.active`. */
  readonly list?: string;
  /** `narrow` for keys, whose start tells them apart; `wide` for sentences. */
  readonly width?: 'narrow' | 'wide';
}

/** Whether the column holds a measure, which is right-aligned. A number without a unit is a key. */
export function isNumeric({ kind, unit }: Pick<TableColumn<never>, 'kind' | 'unit'>): boolean {
  return unit !== undefined && (kind === 'integer' || kind === 'number');
}

export function cellClass({ width, ...column }: Pick<TableColumn<never>, 'kind' | 'unit' | 'width'>): string {
  const classes = [isNumeric(column) ? 'table-number' : '', width === undefined ? '' : `table-${width}`];
  return classes.filter((name) => name !== '').join(' ');
}

/** Names a figure in a cell as `Figure` does: `claims.byStatus.Novo.Count`. A text gets no name. */
export function figureData<Row>(column: TableColumn<Row>, row: Row, key: string | number) {
  if (column.list === undefined || !isNumeric(column)) return {};
  const value = column.value(row);
  return { 'data-figure': `${column.list}.${key}.${column.id}`, 'data-value': value === null ? '' : String(value) };
}
