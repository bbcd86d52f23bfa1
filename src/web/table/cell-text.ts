import type { Format } from '../format/format.ts';
import type { Words } from '../words/pt.ts';
import type { TableColumn } from './column.ts';
import type { CsvCell } from './csv.ts';

/** Formats a cell's value by the kind and unit of its column. */
export function cellText<Row>(
  column: Pick<TableColumn<Row>, 'kind' | 'unit' | 'value'>,
  row: Row,
  format: Format,
  words: Pick<Words['table'], 'yes' | 'no'>,
): string {
  const value = column.value(row);
  if (value === null) return '–';
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  // A number without a unit is a key, written without grouping.
  if (typeof value === 'number') return column.unit === undefined ? String(value) : format.exact(value, column.unit);
  switch (column.kind) {
    case 'instant':
      return format.instant(value);
    case 'day':
      return format.day(value);
    case 'month':
      return format.longMonth(value);
    default:
      return value;
  }
}

/** The value of a cell in a file: instants as they are shown, without the comma, which a spreadsheet may not read as a date. */
export function savedValue<Row>(
  column: Pick<TableColumn<Row>, 'kind' | 'value'>,
  row: Row,
  format: Pick<Format, 'instant'>,
): CsvCell {
  const value = column.value(row);
  if (column.kind !== 'instant' || typeof value !== 'string') return value;
  // `Intl` writes a narrow space before AM and PM.
  return format.instant(value).replace(', ', ' ').replaceAll('\u202f', ' ');
}
