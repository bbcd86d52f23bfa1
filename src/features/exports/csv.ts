import { stringify } from 'csv-stringify/sync';
import type { CsvDialect } from './format.ts';
import { type Cell, cellOf, decimalText, isDecimal, type Table, type TableColumn } from './table.ts';

/**
 * Texts that a spreadsheet may run as a formula (OWASP, "CSV Injection"). Spreadsheets skip blanks and control characters
 * before the sign; those with a tab or a line break in front hide it.
 */
const FORMULA = /^[\s\p{Cc}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;

const DIALECTS = {
  rfc4180: { delimiter: ',', decimalPoint: '.', bom: false },
  'excel-pt-br': { delimiter: ';', decimalPoint: ',', bom: true },
} as const;

/**
 * A table as CSV (RFC 4180) in UTF-8: a header row with the names of the columns, then the rows.
 *
 * A text that a spreadsheet may run as a formula gets an apostrophe in front. Numbers never do, so -5 stays a number.
 */
export function encodeCsv({ columns, rows }: Table, dialect: CsvDialect): Uint8Array<ArrayBuffer> {
  const { decimalPoint, delimiter, bom } = DIALECTS[dialect];
  const head = columns.map(({ name }) => safeText(name));
  const body = rows.map((row) => columns.map((column) => fieldOf(cellOf(row, column), column, decimalPoint)));
  const text = stringify([head, ...body], {
    delimiter,
    bom,
    record_delimiter: 'windows',
    quote_record_delimiter: true,
  });
  return new TextEncoder().encode(text);
}

function fieldOf(cell: Cell, column: TableColumn, decimalPoint: string): string {
  if (cell === null) return '';
  if (typeof cell === 'boolean') return cell ? 'true' : 'false';
  if (typeof cell === 'string') return safeText(cell);
  const digits = isDecimal(column) && column.unit === 'BRL' ? decimalText(cell) : String(cell);
  return digits.replace('.', decimalPoint);
}

function safeText(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
