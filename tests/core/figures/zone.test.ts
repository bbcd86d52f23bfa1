import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type CalendarSpan, canonicalTimeZone, createCalendar } from '../../../src/core/figures/zone.ts';
import { dateIn, zones } from '../../oracle/zones.ts';
import { dayBefore, dayText, monthBefore, monthText, spelledDay } from './calendar-oracle.ts';

const at = (text: string) => Date.parse(text);
const hour = 3_600_000;

/** A span as `name, first instant, hours`. */
const described = ({ name, from, before }: CalendarSpan) =>
  [name, new Date(from).toISOString().replace('.000Z', 'Z'), (before - from) / hour] as const;

const isSkipped = (zone: string, name: string) => zone === 'Pacific/Apia' && name === '2011-12-30';

describe('a day', () => {
  test.each([
    ['UTC', '2026-03-01T12:00:00Z', '2026-03-01', '2026-03-01T00:00:00Z', 24],
    ['America/Sao_Paulo', '2026-11-24T02:59:59.999Z', '2026-11-23', '2026-11-23T03:00:00Z', 24],
    ['America/Sao_Paulo', '2026-11-24T03:00:00Z', '2026-11-24', '2026-11-24T03:00:00Z', 24],
    // Until 2019 the clocks of São Paulo were set forward at midnight, and back to 23:00.
    ['America/Sao_Paulo', '2018-11-04T03:00:00Z', '2018-11-04', '2018-11-04T03:00:00Z', 23],
    ['America/Sao_Paulo', '2018-11-04T02:59:59.999Z', '2018-11-03', '2018-11-03T03:00:00Z', 24],
    ['America/Sao_Paulo', '2019-02-17T02:59:59.999Z', '2019-02-16', '2019-02-16T02:00:00Z', 25],
    ['America/Sao_Paulo', '2019-02-17T03:00:00Z', '2019-02-17', '2019-02-17T03:00:00Z', 24],
    ['America/Sao_Paulo', '2019-11-03T12:00:00Z', '2019-11-03', '2019-11-03T03:00:00Z', 24],
    ['America/New_York', '2026-03-08T12:00:00Z', '2026-03-08', '2026-03-08T05:00:00Z', 23],
    ['America/New_York', '2026-11-01T12:00:00Z', '2026-11-01', '2026-11-01T04:00:00Z', 25],
    ['Asia/Kathmandu', '2026-06-01T18:15:00Z', '2026-06-02', '2026-06-01T18:15:00Z', 24],
    ['Australia/Lord_Howe', '2026-04-04T16:00:00Z', '2026-04-05', '2026-04-04T13:00:00Z', 24.5],
    ['Australia/Lord_Howe', '2026-10-03T16:00:00Z', '2026-10-04', '2026-10-03T13:30:00Z', 23.5],
    ['Africa/Casablanca', '2026-02-15T12:00:00Z', '2026-02-15', '2026-02-14T23:00:00Z', 25],
    ['Africa/Casablanca', '2026-03-22T12:00:00Z', '2026-03-22', '2026-03-22T00:00:00Z', 23],
    // Before time zones: 44 minutes and 30 seconds behind.
    ['Africa/Monrovia', '1971-06-01T12:00:00Z', '1971-06-01', '1971-06-01T00:44:30Z', 24],
    // From 23:30 to 00:30.
    ['America/Toronto', '1919-03-31T12:00:00Z', '1919-03-31', '1919-03-31T04:30:00Z', 23.5],
  ])('in %s that has %s is %s, which begins at %s and lasts %d hours', (zone, now, name, from, hours) => {
    const calendar = createCalendar(zone);
    expect(calendar.lastDays(at(now), 1).map(described)).toEqual([[name, from, hours]]);
    expect(calendar.dayOf(at(now))).toBe(name);
    expect(calendar.monthOf(at(now))).toBe(name.slice(0, 7));
  });

  test('that a zone skipped is not listed, and shortens its month', () => {
    const apia = createCalendar('Pacific/Apia');
    const now = at('2012-01-01T20:00:00Z');
    expect(apia.lastDays(now, 4).map(described)).toEqual([
      ['2011-12-29', '2011-12-29T10:00:00Z', 24],
      ['2011-12-31', '2011-12-30T10:00:00Z', 24],
      ['2012-01-01', '2011-12-31T10:00:00Z', 24],
      ['2012-01-02', '2012-01-01T10:00:00Z', 24],
    ]);
    expect(apia.lastMonths(now, 2).map(described)).toEqual([
      ['2011-12', '2011-12-01T10:00:00Z', 30 * 24],
      ['2012-01', '2011-12-31T10:00:00Z', 31 * 24],
    ]);
  });

  test('that is the last of its month and skipped ends that month a day early', () => {
    const kiritimati = createCalendar('Pacific/Kiritimati');
    const [december, january] = kiritimati.lastMonths(at('1995-01-10T00:00:00Z'), 2);
    expect(december).toMatchObject({ name: '1994-12', before: at('1994-12-31T10:00:00Z') });
    expect(january).toMatchObject({ name: '1995-01', from: at('1994-12-31T10:00:00Z') });
    expect(kiritimati.dayOf(at('1994-12-31T09:59:59.999Z'))).toBe('1994-12-30');
  });

  test('begins once where the clock is set back over midnight', () => {
    // At one minute past midnight, to 23:01.
    const calendar = createCalendar('America/St_Johns');
    expect(calendar.lastDays(at('2010-11-07T12:00:00Z'), 2).map(described)).toEqual([
      ['2010-11-06', '2010-11-06T02:30:00Z', 24],
      ['2010-11-07', '2010-11-07T02:30:00Z', 25],
    ]);
    expect(dateIn('America/St_Johns', at('2010-11-07T03:00:00Z'))).toBe('2010-11-06');
    for (const time of ['02:30:00', '02:30:59', '02:31:00', '03:00:00', '03:29:59', '03:30:00']) {
      expect(calendar.dayOf(at(`2010-11-07T${time}Z`))).toBe('2010-11-07');
    }
    expect(calendar.dayOf(at('2010-11-07T02:29:59.999Z'))).toBe('2010-11-06');
  });
});

describe('months', () => {
  test('of São Paulo begin at its midnight, summer or not', () => {
    const months = createCalendar('America/Sao_Paulo').lastMonths(at('2019-03-01T02:00:00Z'), 5);
    expect(months.map(({ name, from }) => [name, new Date(from).toISOString().slice(0, 16)])).toEqual([
      ['2018-10', '2018-10-01T03:00'],
      ['2018-11', '2018-11-01T03:00'],
      ['2018-12', '2018-12-01T02:00'],
      ['2019-01', '2019-01-01T02:00'],
      ['2019-02', '2019-02-01T02:00'],
    ]);
  });

  test('from the 31st skip no shorter month', () => {
    const names = createCalendar('UTC').lastMonths(at('2026-03-31T10:00:00Z'), 3);
    expect(names.map(({ name }) => name)).toEqual(['2026-01', '2026-02', '2026-03']);
  });
});

const instants = fc.oneof(
  fc.integer({ min: at('1990-01-01T00:00:00Z'), max: at('2037-12-31T23:59:59Z') }),
  fc
    .tuple(
      fc.constantFrom(...['2018-11-04', '2019-02-17', '2011-12-30', '2026-03-08', '2026-11-01', '2024-03-01'].map(at)),
      fc.integer({ min: -40 * 24 * hour, max: 40 * 24 * hour }),
    )
    .map(([day, shift]) => day + shift),
);
const anyZone = fc.constantFrom(...zones, 'Asia/Beirut', 'Pacific/Chatham', 'America/Havana');

describe('in any time zone', () => {
  const cases = fc.record({ zone: anyZone, now: instants, count: fc.integer({ min: 1, max: 400 }) });

  test('days touch, end with today, and begin and end where a calendar on the wall turns its page', () => {
    fc.assert(
      fc.property(cases, ({ zone, now, count }) => {
        const days = createCalendar(zone).lastDays(now, count);
        expect(days).toHaveLength(count);
        expect(days.slice(1).map(({ from }) => from)).toEqual(days.slice(0, -1).map(({ before }) => before));
        const today = days[days.length - 1];
        expect(today?.name).toBe(dateIn(zone, now));
        expect(today?.from).toBeLessThanOrEqual(now);
        expect(today?.before).toBeGreaterThan(now);
        for (const { name, from, before } of [...days.slice(0, 40), ...days.slice(-40)]) {
          const [first, last] = [dateIn(zone, from), dateIn(zone, before - 1)];
          const [yesterday, tomorrow] = [dateIn(zone, from - 1), dateIn(zone, before)];
          expect({ name, first, last }).toEqual({ name, first: name, last: name });
          expect(yesterday < name && name < tomorrow).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('days follow each other as on paper, but for one that was skipped', () => {
    fc.assert(
      fc.property(cases, ({ zone, now, count }) => {
        const names = createCalendar(zone)
          .lastDays(now, count)
          .map(({ name }) => name);
        let expected = spelledDay(names[names.length - 1] ?? '');
        for (const name of names.reverse()) {
          expect(name).toBe(dayText(expected));
          expected = dayBefore(expected);
          if (isSkipped(zone, dayText(expected))) expected = dayBefore(expected);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('months are made of whole days, and follow each other as on paper', () => {
    fc.assert(
      fc.property(anyZone, instants, fc.integer({ min: 1, max: 24 }), (zone, now, count) => {
        const calendar = createCalendar(zone);
        const months = calendar.lastMonths(now, count);
        let expected = spelledDay(calendar.dayOf(now));
        for (const { name, from, before } of months.toReversed()) {
          expect(name).toBe(monthText(expected));
          expected = monthBefore(expected);
          expect(calendar.lastDays(from, 1)[0]?.from).toBe(from);
          expect(calendar.monthOf(from)).toBe(name);
          expect(calendar.monthOf(before - 1)).toBe(name);
          expect(calendar.monthOf(from - 1) < name).toBe(true);
        }
        expect(months.slice(1).map(({ from }) => from)).toEqual(months.slice(0, -1).map(({ before }) => before));
      }),
      { numRuns: 100 },
    );
  });

  test('what was asked before changes no answer', () => {
    const questions = fc.array(fc.tuple(instants, fc.nat({ max: 60 })), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(anyZone, questions, (zone, asked) => {
        const calendar = createCalendar(zone);
        for (const [now, count] of asked) {
          const fresh = createCalendar(zone);
          expect(calendar.lastDays(now, count)).toEqual(fresh.lastDays(now, count));
          expect(calendar.lastMonths(now, count)).toEqual(fresh.lastMonths(now, count));
          expect(calendar.dayOf(now)).toBe(dateIn(zone, now));
          expect(calendar.monthOf(now)).toBe(dateIn(zone, now).slice(0, 7));
        }
      }),
      { numRuns: 150 },
    );
  });
});

test('a list that was handed out can be changed without harm', () => {
  const calendar = createCalendar('UTC');
  const now = at('2026-03-31T10:00:00Z');
  calendar.lastDays(now, 3).pop();
  expect(calendar.lastDays(now, 3).map(({ name }) => name)).toEqual(['2026-03-29', '2026-03-30', '2026-03-31']);
});

test('a year of days takes a fraction of a millisecond', () => {
  const calendar = createCalendar('America/Sao_Paulo');
  const now = at('2026-11-24T03:00:00Z');
  const times = Array.from({ length: 5 }, (_, round) => {
    const began = performance.now();
    for (let passed = 0; passed < 200; passed++) calendar.lastDays(now + (round * 200 + passed) * 80_000, 365);
    return (performance.now() - began) / 200;
  });
  expect(Math.min(...times)).toBeLessThan(0.5);
});

describe('a time zone', () => {
  test.each([
    ['america/sao_paulo', 'America/Sao_Paulo'],
    ['utc', 'UTC'],
    ['Etc/GMT+3', 'Etc/GMT+3'],
  ])('called %s is %s', (name, canonical) => {
    expect(canonicalTimeZone(name)).toBe(canonical);
    expect(createCalendar(name).timeZone).toBe(canonical);
  });

  test.each(['', ' ', 'Brasilia', 'America/Sao Paulo', '-03:00', '+0530', '3'])('called %p does not exist', (name) => {
    expect(() => createCalendar(name)).toThrow(RangeError);
  });
});

test.each([Number.NaN, 1.5, 8.64e15 + 1])('%d is no instant', (instant) => {
  const calendar = createCalendar('UTC');
  expect(() => calendar.dayOf(instant)).toThrow(RangeError);
  expect(() => calendar.lastDays(instant, 1)).toThrow(RangeError);
});
