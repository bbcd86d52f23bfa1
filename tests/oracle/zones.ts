/**
 * Dates in time zones, found by asking `Intl` what a calendar on the wall shows at an instant, and by nothing else: the
 * server computes them from the rules of the zone.
 */

/** Of the company, where none is configured. */
export const defaultZone = 'America/Sao_Paulo';

/** Daylight saving of several kinds, odd offsets, and a day that was skipped. */
export const zones = [
  defaultZone,
  'UTC',
  'America/New_York',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Australia/Lord_Howe',
  'Europe/London',
  'Africa/Casablanca',
] as const;

const formats = new Map<string, Intl.DateTimeFormat>();

/** `YYYY-MM-DD` in the zone. */
export function dateIn(zone: string, instant: number): string {
  const { year, month, day } = shown(zone, instant);
  return `${year?.padStart(4, '0')}-${month}-${day}`;
}

/** How far the zone's clocks are ahead of UTC, in whole seconds. */
export function offsetIn(zone: string, instant: number): number {
  const { hour, minute, second } = shown(zone, instant);
  const local = Date.parse(`${dateIn(zone, instant)}T${hour}:${minute}:${second}Z`);
  return (local - Math.floor(instant / 1000) * 1000) / 1000;
}

/** The first instant of a day, or of the next one where the zone skipped it. */
export function startOfDateIn(zone: string, date: string): number {
  const utc = Date.parse(`${date}T00:00:00Z`);
  return firstInstant(utc - 26 * hour, utc + 26 * hour, (instant) => dateIn(zone, instant) >= date);
}

/** The instants between two at which the zone's clocks were set forward or back. */
export function clockChangesIn(zone: string, from: number, to: number): number[] {
  const changes: number[] = [];
  for (let day = from; day < to; day += 24 * hour) {
    const before = offsetIn(zone, day);
    if (offsetIn(zone, day + 24 * hour) === before) continue;
    changes.push(firstInstant(day, day + 24 * hour, (instant) => offsetIn(zone, instant) !== before));
  }
  return changes;
}

const hour = 3_600_000;

/** @param holds false from `low` to some instant, true from there to `high` */
function firstInstant(low: number, high: number, holds: (instant: number) => boolean): number {
  let [before, after] = [low, high];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (holds(middle)) after = middle;
    else before = middle;
  }
  return after;
}

function shown(zone: string, instant: number): Readonly<Record<string, string>> {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
      ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
    });
    formats.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
}
