import writeXlsxFile, { type CellObject, type Row as SheetRow } from 'write-excel-file/node';
import type { Unit } from '../../core/figures/catalogue.ts';
import { type Cell, cellOf, type Row, type Table, type TableColumn } from './table.ts';

const MOST_TEXT_CHARACTERS = 32_767;
const MOST_NAME_CHARACTERS = 31;

const NARROWEST = 8;
const WIDEST = 60;
/** Widths are measured on the first rows: more would cost as much as writing them. */
const MEASURED_ROWS = 200;

const WHOLE = '#,##0';
const DECIMAL = '#,##0.00';
const NUMBER_FORMATS: Readonly<Record<Unit, string>> = {
  BRL: '[$R$-416] #,##0.00',
  percent: '0.00%',
  count: WHOLE,
  bytes: WHOLE,
  days: DECIMAL,
  minutes: DECIMAL,
  megabytes: DECIMAL,
  gigabytes: DECIMAL,
};
const DATE_FORMATS = { instant: 'dd/mm/yyyy hh:mm:ss', day: 'dd/mm/yyyy', month: 'mm/yyyy' } as const;
/** Widths of cells whose text is not what they show. */
const FIXED_WIDTHS: Readonly<Partial<Record<TableColumn['kind'], number>>> = {
  instant: 20,
  day: 12,
  month: 10,
  boolean: 12,
};

/**
 * A workbook with a sheet for each table: the titles of the columns in a frozen first row, typed cells, widths.
 *
 * @param timeZone of the wall clock that instants are written in, since Excel has no time zones
 */
export async function encodeXlsx(tables: readonly Table[], timeZone: string): Promise<Uint8Array> {
  const wallClock = createWallClock(timeZone);
  const names = sheetNames(tables.map(({ title }) => title));
  const sheets = tables.map(({ columns, rows }, index) => ({
    sheet: names[index] ?? `${index + 1}`,
    stickyRowsCount: 1,
    columns: columns.map((column) => ({ width: widthOf(column, rows) })),
    data: [
      columns.map((column): CellObject => ({ type: String, value: printable(column.title.pt), fontWeight: 'bold' })),
      ...rows.map((row): SheetRow => columns.map((column) => sheetCell(row, column, wallClock))),
    ],
  }));
  return writeXlsxFile(sheets).toBuffer();
}

/** Names that Excel accepts: at most 31 characters, none of `[]:*?/\`, no apostrophe at an end, unique in any letter case. */
export function sheetNames(titles: readonly string[]): string[] {
  const taken = new Set<string>(['history']);
  return titles.map((title) => {
    const cleaned = printable(title)
      .replaceAll(/[[\]:*?/\\]/g, ' ')
      .replaceAll(/\s+/g, ' ');
    for (let count = 1; ; count++) {
      const suffix = count === 1 ? '' : ` ${count}`;
      const start = cleaned.slice(0, MOST_NAME_CHARACTERS - suffix.length).toWellFormed();
      const name = (start.replaceAll(/^['\s\ufffd]+|['\s\ufffd]+$/g, '') || 'Dados') + suffix;
      if (taken.has(name.toLowerCase())) continue;
      taken.add(name.toLowerCase());
      return name;
    }
  });
}

function sheetCell(row: Row, column: TableColumn, wallClock: (text: string) => Date | null): CellObject | null {
  const cell = cellOf(row, column);
  if (cell === null) return null;
  if (typeof cell === 'boolean') return { type: Boolean, value: cell };
  if (typeof cell === 'number') return numberCell(cell, column, row);
  if (column.kind === 'instant' || column.kind === 'day' || column.kind === 'month') {
    const date = column.kind === 'instant' ? wallClock(cell) : dateOf(cell);
    if (date !== null) return { type: Date, value: date, format: DATE_FORMATS[column.kind] };
  }
  return { type: String, value: printable(cell) };
}

function numberCell(value: number, { kind, unit, unitColumn }: TableColumn, row: Row): CellObject {
  const named = unitColumn === undefined ? unit : row[unitColumn];
  const own = isUnit(named) ? named : undefined;
  // Excel shows a share of 1 as 100 %. Percentages have 2 decimals, so 4 decimals are exact.
  if (own === 'percent')
    return { type: Number, value: Number((value / 100).toFixed(4)), format: NUMBER_FORMATS.percent };
  if (own === undefined) return { type: Number, value, format: kind === 'integer' ? '0' : 'General' };
  const format = own === 'count' && !Number.isInteger(value) ? DECIMAL : NUMBER_FORMATS[own];
  return { type: Number, value, format };
}

function isUnit(value: unknown): value is Unit {
  return typeof value === 'string' && Object.hasOwn(NUMBER_FORMATS, value);
}

/** A cell has a limit. The library leaves out what XML has no form for. */
function printable(text: string): string {
  return text.slice(0, MOST_TEXT_CHARACTERS).toWellFormed();
}

/** `2026-03-01` or `2026-03`; null for another text. */
function dateOf(text: string): Date | null {
  const date = new Date(/^\d{4}-\d{2}$/.test(text) ? `${text}-01` : text);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** The date whose UTC fields are what a clock in the time zone shows at an instant. */
function createWallClock(timeZone: string): (text: string) => Date | null {
  return (text) => {
    const instant = Date.parse(text);
    if (Number.isNaN(instant)) return null;
    const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);
    return new Date(instant + offsetNanoseconds / 1e6);
  };
}

function widthOf(column: TableColumn, rows: readonly Row[]): number {
  // A number gets separators and a sign of its unit.
  const shown = (cell: Cell) => String(cell ?? '').length + (typeof cell === 'number' ? 6 : 0);
  const cells = rows.slice(0, MEASURED_ROWS).map((row) => FIXED_WIDTHS[column.kind] ?? shown(cellOf(row, column)));
  const widest = cells.reduce((most, width) => Math.max(most, width), column.title.pt.length);
  return Math.min(WIDEST, Math.max(NARROWEST, widest + 2));
}
