import type { Language } from '../words/language.ts';

/** The value of a cell. Numbers stay numbers in the file; everything else becomes text. */
export type CsvCell = string | number | boolean | null;

const SEPARATOR: Readonly<Record<Language, string>> = { pt: ';', en: ',' };
const BYTE_ORDER_MARK = '\ufeff';
/** A spreadsheet treats such a text as a formula. */
const FORMULA_START = /^[=+\-@\t\r]/;

interface CsvOptions {
  readonly language: Language;
  /** Words for true and false. */
  readonly yes: string;
  readonly no: string;
}

/**
 * A table as CSV for the spreadsheets of the reader's language: `;` and a decimal comma in Portuguese.
 *
 * A text that a spreadsheet would run as a formula gets an apostrophe before it. Numbers never do, so −5 stays a number.
 */
export function csvText(head: readonly string[], rows: readonly (readonly CsvCell[])[], options: CsvOptions): string {
  const separator = SEPARATOR[options.language];
  const lines = [head, ...rows].map((cells) =>
    cells.map((cell) => quoted(cellText(cell, options), separator)).join(separator),
  );
  return `${BYTE_ORDER_MARK}${lines.join('\r\n')}\r\n`;
}

function cellText(cell: CsvCell, { language, yes, no }: CsvOptions): string {
  if (cell === null) return '';
  if (typeof cell === 'boolean') return cell ? yes : no;
  if (typeof cell === 'number') return language === 'pt' ? String(cell).replace('.', ',') : String(cell);
  return FORMULA_START.test(cell) ? `'${cell}` : cell;
}

function quoted(text: string, separator: string): string {
  return text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
