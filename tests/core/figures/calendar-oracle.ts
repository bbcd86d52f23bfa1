/** A day by its numbers. A calendar as on paper: no instants, no time zones. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function spelledDay(text: string): Day {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return { year, month, day };
}

export function dayBefore({ year, month, day }: Day): Day {
  if (day > 1) return { year, month, day: day - 1 };
  const before = monthBefore({ year, month, day });
  return { ...before, day: daysIn(before) };
}

export function monthBefore({ year, month, day }: Day): Day {
  return month > 1 ? { year, month: month - 1, day } : { year: year - 1, month: 12, day };
}

export function dayText(day: Day): string {
  return `${monthText(day)}-${twoDigits(day.day)}`;
}

export function monthText({ year, month }: Day): string {
  return `${year}-${twoDigits(month)}`;
}

function daysIn({ year, month }: Day): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return (MONTH_DAYS[month - 1] ?? 0) + (month === 2 && leap ? 1 : 0);
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
