/** Cells in A1 notation; rows and columns count from 0. */
export interface A1Range {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

/** A range with both ends, such as `A1:F31`; undefined for anything else. */
export function parseRange(text: string): A1Range | undefined {
  const match = /^([A-Z]{1,3})([1-9]\d*):([A-Z]{1,3})([1-9]\d*)$/.exec(text);
  if (match === null) return undefined;
  const [, left = '', top = '', right = '', bottom = ''] = match;
  const row = Number(top) - 1;
  const column = columnNumber(left);
  const rows = Number(bottom) - row;
  const columns = columnNumber(right) - column + 1;
  return rows > 0 && columns > 0 ? { row, column, rows, columns } : undefined;
}

function columnNumber(letters: string): number {
  return [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

type Stored = string | number | boolean;

/**
 * How values are read with `value_render_option=RAW`: `texts` as the public clients declare them, `typed` as JSON values, with
 * dates as numbers of days, and without the empty cells at the end.
 */
export type Rendering = 'texts' | 'typed';

/** The cells of a table, as a spreadsheet understands what is written to them. */
export class RowsTableCells {
  readonly #cells: Stored[][] = [];

  write(range: A1Range, values: readonly (readonly string[])[]): void {
    values.forEach((row, index) => {
      const cells = this.#cells[range.row + index] ?? [];
      this.#cells[range.row + index] = cells;
      row.forEach((value, column) => {
        cells[range.column + column] = understood(value);
      });
    });
  }

  read({ row, column, rows, columns }: A1Range, rendering: Rendering): unknown[][] {
    const read = Array.from({ length: rows }, (_, index) =>
      Array.from({ length: columns }, (_each, offset) => this.#cells[row + index]?.[column + offset] ?? ''),
    );
    if (rendering === 'texts') return read.map((cells) => cells.map(String));
    return withoutEmptyEnd(
      read.map((cells) => withoutEmptyEnd(cells, isEmpty).map(typed)),
      ({ length }) => length === 0,
    );
  }

  /** Every cell as a text, without the empty ones at the ends. */
  texts(): string[][] {
    const rows = Array.from(this.#cells, (row = []) =>
      withoutEmptyEnd(
        Array.from(row, (cell = '') => String(cell)),
        isEmpty,
      ),
    );
    return withoutEmptyEnd(rows, ({ length }) => length === 0);
  }
}

/**
 * An apostrophe keeps a text a text, and is not part of it. A formula is not wanted here: it becomes an error. Logical values,
 * shares and amounts of money become what they stand for, as in every spreadsheet.
 */
function understood(value: string): Stored {
  if (value.startsWith("'")) return value.slice(1);
  if (/^(?:true|verdadeiro)$/i.test(value)) return true;
  if (/^(?:false|falso)$/i.test(value)) return false;
  if (/^\d+%$/.test(value)) return Number.parseInt(value, 10) / 100;
  if (/^(?:R\$ ?)?\d{1,3}(?:\.\d{3})*,\d\d$/.test(value)) return Number(value.replace(/[^\d,]/g, '').replace(',', '.'));
  if (value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  return /^[=+\-@\t\r]/.test(value) ? '#ERROR' : value;
}

function typed(cell: Stored): unknown {
  const [, day, month, year] = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(String(cell)) ?? [];
  if (day !== undefined) return (Date.parse(`${year}-${month}-${day}T00:00Z`) - Date.UTC(1899, 11, 30)) / 86_400_000;
  return cell === '' ? null : cell;
}

const isEmpty = (cell: Stored) => cell === '';

function withoutEmptyEnd<Item>(items: readonly Item[], isEmptyItem: (item: Item) => boolean): Item[] {
  return items.slice(0, items.findLastIndex((item) => !isEmptyItem(item)) + 1);
}
