import { DAY_MS, type Instant } from '../../core/figures/calendar.ts';
import type { ColumnKind, Unit } from '../../core/figures/catalogue.ts';
import type { Calendar } from '../../core/figures/zone.ts';

/** What a cell holds; null and the empty text are an empty cell. */
export type Found = string | number | boolean | null;

export const UNITS: Readonly<Record<Unit, string>> = {
  BRL: 'R$',
  count: 'quantidade',
  percent: '%',
  days: 'dias',
  minutes: 'minutos',
  bytes: 'bytes',
  megabytes: 'MB',
  gigabytes: 'GB',
};

/** The first characters of a formula (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r]/;
const LOGICAL = /^\s*(?:true|false|verdadeiro|falso)\s*$/i;
/** Digits with the signs of numbers, shares, amounts of money, dates and times. */
const NUMBER_LIKE = /^(?=\D*\d)\s*(?:R|US)?[\s\d.,:/%$€£-]+$/;
const ISO_INSTANT = /^\s*\d{4}-\d\d-\d\dT\d/;

/**
 * The text of a cell, empty for null: dates as `dd/mm/yyyy` in the company's time zone, booleans as SIM or NÃO, numbers with a
 * point. Text that a spreadsheet would take for something else starts with an apostrophe: a formula, a number, a date, a logical
 * value. It would be read back as another text, and so be written again without end.
 */
export function cellText(value: unknown, kind: ColumnKind, calendar: Calendar): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 'SIM' : 'NÃO';
  const text = String(value);
  if (kind === 'instant') return brazilianDate(calendar.dayOf(Date.parse(text)));
  if (kind === 'day') return brazilianDate(text);
  if (kind === 'month') return text.split('-').reverse().join('/');
  return FORMULA.test(text) || isTakenForValue(text) ? `'${text}` : text;
}

/** `dd/mm/yyyy hh:mm` in the company's time zone. */
export function minuteText(instant: Instant, calendar: Calendar): string {
  const time = new Intl.DateTimeFormat('pt-BR', {
    timeZone: calendar.timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return `${brazilianDate(calendar.dayOf(instant))} ${time.format(instant)}`;
}

/** @param day `YYYY-MM-DD` */
function brazilianDate(day: string): string {
  return day.replace(/^(.+)-(\d\d)-(\d\d)$/, '$3/$2/$1');
}

/** Whether a spreadsheet takes it for a value that it shows in another way: `007`, `1e5`, a key of 20 digits, `10%`, `TRUE`. */
function isTakenForValue(text: string): boolean {
  if (String(Number(text)) === text) return false;
  const isNumber = /^\s*\d/.test(text) && Number.isFinite(Number(text));
  return isNumber || LOGICAL.test(text) || NUMBER_LIKE.test(text) || ISO_INSTANT.test(text);
}

/**
 * Whether a cell holds a text that was written to it. A spreadsheet stores numbers and dates as such, hides the apostrophe
 * before a text, and may drop blanks around one.
 */
export function holds(found: Found, written: string): boolean {
  const text = plain(found === null ? '' : String(found));
  const shown = written.startsWith("'") ? written.slice(1) : written;
  if (text === plain(written) || text === plain(shown)) return true;
  if (text === '' || written.trim() === '') return false;
  return Number(text) === Number(written) || isSameDate(text, written);
}

function plain(text: string): string {
  return text.replaceAll('\r\n', '\n').trim();
}

/** A date may come back in ISO 8601, or as days since 1899-12-30. */
function isSameDate(text: string, expected: string): boolean {
  const [, day, month, year, time = '00:00'] = /^(\d\d)\/(\d\d)\/(\d{4})(?: (\d\d:\d\d))?$/.exec(expected) ?? [];
  if (day === undefined) return false;
  const iso = `${year}-${month}-${day}`;
  if (text === iso || text.startsWith(`${iso}T${time}`) || text.startsWith(`${iso} ${time}`)) return true;
  const minutes = ((Date.parse(`${iso}T${time}Z`) - Date.UTC(1899, 11, 30)) / DAY_MS - Number(text)) * 1440;
  return Math.abs(minutes) < 0.5;
}
