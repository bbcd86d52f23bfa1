import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import { readValues } from '../../../src/core/history/figure-values.ts';
import { openHistoryDatabase } from '../../../src/core/history/history-database.ts';
import { historyHandlers } from '../../../src/core/history/history-handlers.ts';
import { MINUTE_MS, values } from './recorded.ts';

/**
 * The history against a plain array: any sequence of points, pauses, clocks that are set back or forward, and restarts.
 */
const ZONES = ['America/Sao_Paulo', 'Europe/Lisbon', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/New_York'];
const DAY_MINUTES = 1_440;
/** With a change of the clock in most of the zones within the next weeks. */
const START = Date.UTC(2026, 2, 1) / MINUTE_MS;

interface Kept {
  readonly at: number;
  readonly value: number;
}

/** What the words say, written down without SQL: the last of each hour, the last of each day. */
function thinned(points: readonly Kept[], timeZone: string, nowMinute: number): Kept[] {
  const dateOf = (minute: number) =>
    new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short' }).format(minute * MINUTE_MS);
  const today = (daysAgo: number) => dateOf(nowMinute - daysAgo * DAY_MINUTES);
  const [week, quarter] = [today(7), today(90)];
  const lastOf = (list: readonly Kept[], keyOf: (point: Kept) => string) => {
    const last = new Map(list.map((point) => [keyOf(point), point]));
    return list.filter((point) => last.get(keyOf(point)) === point);
  };
  const sorted = points.toSorted((left, right) => left.at - right.at);
  const hourly = lastOf(sorted, ({ at }) => String(Math.floor(at / 60)));
  const minutesThinned = sorted.filter((point) => dateOf(point.at) >= week || hourly.includes(point));
  const old = minutesThinned.filter(({ at }) => dateOf(at) < quarter);
  return [...lastOf(old, ({ at }) => dateOf(at)), ...minutesThinned.filter((point) => !old.includes(point))];
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('points' as const), count: fc.integer({ min: 1, max: 40 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('pause' as const),
      minutes: fc.oneof(
        fc.integer({ min: 1, max: 180 }),
        fc.integer({ min: 1, max: 20 * DAY_MINUTES }),
        fc.integer({ min: -2 * DAY_MINUTES, max: -1 }),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
);

/** A history, and the array that it has to be equal to. */
class Compared {
  readonly database = openHistoryDatabase(null);
  readonly #calendar;
  #handlers;
  #expected: readonly Kept[] = [];
  #value = 0;
  #lastDay = '';

  constructor(readonly timeZone: string) {
    this.#calendar = createCalendar(timeZone);
    this.#handlers = historyHandlers(this.database, this.#calendar, Number.POSITIVE_INFINITY);
  }

  get expected(): readonly Kept[] {
    return this.#expected.toSorted((left, right) => left.at - right.at);
  }

  get found(): readonly Kept[] {
    const rows = this.database.query<{ at: number; figures: Uint8Array }, []>('select at, figures from Points').all();
    return rows.map(({ at, figures }) => ({ at, value: readValues(figures)(0) ?? Number.NaN }));
  }

  restart(): void {
    this.#handlers = historyHandlers(this.database, this.#calendar, Number.POSITIVE_INFINITY);
    this.#lastDay = '';
  }

  record(minute: number): void {
    const value = ++this.#value;
    this.#handlers.record([values(value)], minute * MINUTE_MS);
    this.#expected = [...this.#expected.filter(({ at }) => at !== minute), { at: minute, value }];
    const day = this.#calendar.dayOf(minute * MINUTE_MS);
    // A clock far ahead thins as of the day after the newest point before.
    const earlier = this.#expected.map(({ at }) => at).filter((at) => at < minute);
    const asOf = earlier.length === 0 ? minute : Math.min(minute, Math.max(...earlier) + DAY_MINUTES);
    if (day !== this.#lastDay) this.#expected = thinned(this.#expected, this.timeZone, asOf);
    this.#lastDay = day;
  }
}

test('any history holds exactly the points that an array thinned by hand holds', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), fc.array(step, { maxLength: 40 }), (timeZone, sequence) => {
      const compared = new Compared(timeZone);
      let minute = START;
      for (const each of sequence) {
        if (each.kind === 'pause') minute += each.minutes;
        if (each.kind === 'restart') compared.restart();
        if (each.kind === 'points') for (let count = 0; count < each.count; count++) compared.record(minute++);
      }
      expect(compared.found).toEqual(compared.expected);
      compared.database.close();
    }),
    { numRuns: 150 },
  );
});
