import type { Unit } from '../live/catalogue.ts';

/** Formats figures and dates with `Intl`, in one language and the server's time zone. */
export interface Format {
  /** With full precision. */
  exact(value: number, unit: Unit): string;
  /** At a glance: no cents from R$ 1,000, one decimal at most. */
  glance(value: number, unit: Unit): string;
  /** For axes: R$ 12 mil. */
  compact(value: number, unit: Unit): string;
  /** A difference with its sign. */
  change(value: number, unit: Unit): string;
  /** A ratio with its sign: +3.2%. */
  changeRatio(ratio: number): string;
  /** 27 de nov. */
  day(day: string): string;
  /** sexta-feira, 27 de novembro */
  longDay(day: string): string;
  /** nov. */
  month(month: string): string;
  /** novembro de 2026 */
  longMonth(month: string): string;
  /** 27/11/2026 15:20 in the server's time zone. */
  instant(instant: string): string;
  /** The calendar day of an instant in the server's time zone, `YYYY-MM-DD`. */
  dayOf(instant: string): string;
  /** 15:20 in the server's time zone. */
  clock(instant: string | number): string;
  clockSeconds(instant: number): string;
  /** 12 s, 2 min, 3 h, 4 dias */
  duration(ms: number): string;
  list(items: readonly string[]): string;
}

export type Locale = 'pt-BR' | 'en';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const KIBI = 1024;
/** Amounts from here on are rounded to whole BRL. */
const WHOLE_FROM = 1000;
const MINUTES_AS_HOURS_FROM = 600;

const POINTS: Readonly<Record<Locale, string>> = { 'pt-BR': 'p.p.', en: 'pp' };
const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;
const EXPONENT_OF = { bytes: 0, megabytes: 2, gigabytes: 3 } as const;

/** @param timeZone an IANA name; calendar days and months are the server's already and are never shifted */
export function createFormat(locale: Locale, timeZone: string): Format {
  const kept = new Map<string, Intl.NumberFormat>();
  const number = (value: number, options: Intl.NumberFormatOptions): string => {
    const key = JSON.stringify(options);
    const made = kept.get(key) ?? new Intl.NumberFormat(locale, options);
    kept.set(key, made);
    return made.format(value);
  };
  const dates = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);

  const day = dates({ day: 'numeric', month: 'short', timeZone: 'UTC' });
  const longDay = dates({ weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
  const month = dates({ month: 'short', timeZone: 'UTC' });
  const longMonth = dates({ month: 'long', year: 'numeric', timeZone: 'UTC' });
  const instant = dates({ dateStyle: 'short', timeStyle: 'short', timeZone });
  const clock = dates({ timeStyle: 'short', timeZone });
  const clockSeconds = dates({ timeStyle: 'medium', timeZone });
  // Swedish dates are written year first.
  const isoDay = new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeZone });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });

  const written = (value: number, unit: Unit, options: Intl.NumberFormatOptions): string => {
    switch (unit) {
      case 'BRL':
        return number(value, { style: 'currency', currency: 'BRL', ...options });
      case 'percent':
        return percent(value, options);
      case 'days':
        return number(value, { style: 'unit', unit: 'day', unitDisplay: 'long', ...options });
      case 'minutes':
        return value >= MINUTES_AS_HOURS_FROM
          ? number(value / 60, { style: 'unit', unit: 'hour', unitDisplay: 'short', ...options })
          : number(value, { style: 'unit', unit: 'minute', unitDisplay: 'short', ...options });
      case 'bytes':
      case 'megabytes':
      case 'gigabytes':
        return size(value, unit, options);
      case 'count':
        return number(value, options);
    }
  };
  /** A small share is not none: 0.02 % is written as <0.1%. */
  const percent = (value: number, options: Intl.NumberFormatOptions): string => {
    const smallest = 10 ** -(options.maximumFractionDigits ?? 0);
    if (value <= 0 || value >= smallest / 2) return number(value / 100, { style: 'percent', ...options });
    return `<${number(smallest / 100, { style: 'percent', ...options })}`;
  };
  /**
   * Bytes choose the largest unit, in steps of 1024, in which the value is at least 1. Figures in MB or GB have two decimals:
   * in another unit they would show digits that they do not have, so they leave theirs only where nothing is rounded.
   */
  const size = (value: number, unit: keyof typeof EXPONENT_OF, options: Intl.NumberFormatOptions): string => {
    let exponent: number = EXPONENT_OF[unit];
    let scaled = value;
    while (Math.abs(scaled) >= KIBI && exponent < BYTE_UNITS.length - 1) {
      if (unit !== 'bytes' && !hasTwoDecimals(scaled / KIBI)) break;
      scaled /= KIBI;
      exponent += 1;
    }
    const name = BYTE_UNITS[exponent] ?? 'byte';
    // One decimal would make 0 of a small size.
    const digits = unit !== 'bytes' && Math.abs(scaled) < 1 ? { maximumFractionDigits: 2 } : {};
    return number(scaled, { style: 'unit', unit: name, unitDisplay: 'short', ...options, ...digits });
  };

  return {
    exact: (value, unit) => written(value, unit, unit === 'BRL' ? {} : { maximumFractionDigits: 2 }),
    glance: (value, unit) => written(value, unit, glanceDigits(value, unit)),
    compact: (value, unit) =>
      written(value, unit, { notation: 'compact', maximumFractionDigits: 1, minimumFractionDigits: 0 }),
    change: (value, unit) => {
      if (unit !== 'percent') return written(value, unit, { ...glanceDigits(value, unit), signDisplay: 'exceptZero' });
      // In points, and by hundredths: with one decimal a share's change would often be 0.
      return `${number(value, { maximumFractionDigits: 2, signDisplay: 'exceptZero' })} ${POINTS[locale]}`;
    },
    changeRatio: (ratio) => number(ratio, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' }),
    day: (text) => day.format(calendarDay(text)),
    longDay: (text) => longDay.format(calendarDay(text)),
    month: (text) => month.format(calendarDay(text)),
    longMonth: (text) => longMonth.format(calendarDay(text)),
    instant: (text) => instant.format(Date.parse(text)),
    dayOf: (text) => isoDay.format(Date.parse(text)),
    clock: (at) => clock.format(typeof at === 'number' ? at : Date.parse(at)),
    clockSeconds: (at) => clockSeconds.format(at),
    duration: (ms) => duration(ms, number),
    list: (items) => list.format(items),
  };
}

function glanceDigits(value: number, unit: Unit): Intl.NumberFormatOptions {
  if (unit === 'BRL') {
    return Math.abs(value) >= WHOLE_FROM ? { maximumFractionDigits: 0, minimumFractionDigits: 0 } : {};
  }
  return { maximumFractionDigits: unit === 'minutes' && value >= MINUTES_AS_HOURS_FROM ? 0 : 1 };
}

function hasTwoDecimals(value: number): boolean {
  return Number(value.toFixed(2)) === value;
}

/** Writes only the largest unit. */
function duration(ms: number, number: (value: number, options: Intl.NumberFormatOptions) => string): string {
  const unit = (value: number, name: string, unitDisplay: 'short' | 'long') =>
    number(Math.floor(value), { style: 'unit', unit: name, unitDisplay });
  const age = Math.max(0, ms);
  if (age < MINUTE) return unit(age / SECOND, 'second', 'short');
  if (age < HOUR) return unit(age / MINUTE, 'minute', 'short');
  if (age < DAY) return unit(age / HOUR, 'hour', 'short');
  return unit(age / DAY, 'day', 'long');
}

/**
 * Midnight UTC of a calendar day or of a month's first day, to be written in UTC.
 *
 * @param text `YYYY-MM-DD` or `YYYY-MM`
 */
function calendarDay(text: string): number {
  const [year = 0, month = 1, day = 1] = text.split('-').map(Number);
  return Date.UTC(year, month - 1, day);
}
