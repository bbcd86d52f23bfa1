import { stringify } from 'csv-stringify/sync';
import type { CsvDialect } from './format.ts';
import { type Cell, cellOf, decimalText, isDecimal, type Table, type TableColumn } from './table.ts';

/**
 * Texts that a spreadsheet may run as a formula (OWASP, "CSV Injection"). Spreadsheets skip blanks and control characters
 * before the sign; those with a tab or a line break in front hide it.
 */
const FORMULA = /^[\s\p{Cc}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;
/** A semicolon with such a sign behind it. Excel in Portuguese splits there, whatever the quotes around a field say. */
const FORMULA_AFTER_SEMICOLON = /;(?=[\s\p{Cc}"]*[=+\-@＝＋－＠])/gu;

const DIALECTS = {
  rfc4180: { delimiter: ',', decimalPoint: '.', bom: false },
  'excel-pt-br': { delimiter: ';', decimalPoint: ',', bom: true },
} as const;
type Dialect = (typeof DIALECTS)[CsvDialect];

/**
 * A table as CSV (RFC 4180) in UTF-8: a header row with the names of the columns, then the rows.
 *
 * Where a spreadsheet may run a text as a formula, it gets an apostrophe in front. Numbers never do, so -5 stays a number.
 */
export function encodeCsv({ columns, rows }: Table, dialect: CsvDialect): Uint8Array<ArrayBuffer> {
  const chosen = DIALECTS[dialect];
  const { delimiter, bom } = chosen;
  const head = columns.map(({ name }) => safeText(name, chosen));
  const body = rows.map((row) => columns.map((column) => fieldOf(cellOf(row, column), column, chosen)));
  const text = stringify([head, ...body], {
    delimiter,
    bom,
    record_delimiter: 'windows',
    quote_record_delimiter: true,
  });
  return new TextEncoder().encode(text);
}

function fieldOf(cell: Cell, column: TableColumn, dialect: Dialect): string {
  if (cell === null) return '';
  if (typeof cell === 'boolean') return cell ? 'true' : 'false';
  if (typeof cell === 'string') return safeText(cell, dialect);
  const digits = isDecimal(column) && column.unit === 'BRL' ? decimalText(cell) : String(cell);
  return digits.replace('.', dialect.decimalPoint);
}

function safeText(text: string, { delimiter }: Dialect): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return delimiter === ';' ? safe : safe.replaceAll(FORMULA_AFTER_SEMICOLON, ";'");
}
