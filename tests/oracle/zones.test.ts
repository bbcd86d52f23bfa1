import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { lastDates, lastMonths } from './rules.ts';
import { clockChangesIn, dateIn, defaultZone, offsetIn, startOfDateIn, zones } from './zones.ts';

const at = (text: string) => Date.parse(text);

describe('dates of the oracle', () => {
  test.each([
    [defaultZone, '2026-11-24T02:59:59.999Z', '2026-11-23', -3],
    [defaultZone, '2018-12-01T01:59:59.999Z', '2018-11-30', -2],
    ['Asia/Kathmandu', '2026-06-01T18:15:00Z', '2026-06-02', 5.75],
    ['Pacific/Apia', '2011-12-30T09:59:59.999Z', '2011-12-29', -10],
    ['Pacific/Apia', '2011-12-30T10:00:00.000Z', '2011-12-31', 14],
    ['Australia/Lord_Howe', '2026-01-01T12:59:59.999Z', '2026-01-01', 11],
  ])('in %s, %s is on %s, %d hours ahead of UTC', (zone, instant, date, hours) => {
    expect(dateIn(zone, at(instant))).toBe(date);
    expect(offsetIn(zone, at(instant))).toBe(hours * 3600);
  });

  test('begin after a midnight that did not exist, and where the next one does if they did not exist at all', () => {
    expect(startOfDateIn(defaultZone, '2018-11-04')).toBe(at('2018-11-04T03:00:00Z'));
    expect(startOfDateIn(defaultZone, '2026-11-24')).toBe(at('2026-11-24T03:00:00Z'));
    expect(startOfDateIn('Pacific/Apia', '2011-12-30')).toBe(startOfDateIn('Pacific/Apia', '2011-12-31'));
  });

  test('have clocks that change when laws say so', () => {
    const year = [at('2018-03-01T00:00:00Z'), at('2019-03-01T00:00:00Z')] as const;
    expect(clockChangesIn(defaultZone, ...year)).toEqual([at('2018-11-04T03:00:00Z'), at('2019-02-17T02:00:00Z')]);
    expect(clockChangesIn('Asia/Kathmandu', ...year)).toEqual([]);
  });

  test('are listed without the one that was skipped, and over the end of a year', () => {
    const now = at('2012-01-01T20:00:00Z');
    expect(lastDates(now, 4, 'Pacific/Apia')).toEqual(['2011-12-29', '2011-12-31', '2012-01-01', '2012-01-02']);
    expect(lastMonths(now, 3, 'Pacific/Apia')).toEqual(['2011-11', '2011-12', '2012-01']);
    expect(lastMonths(at('2026-01-01T02:00:00Z'), 2, defaultZone)).toEqual(['2025-11', '2025-12']);
  });

  test('are as many as asked for, the last that of now, each once', () => {
    const instants = fc.integer({ min: at('2010-01-01T00:00:00Z'), max: at('2030-12-31T00:00:00Z') });
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, fc.integer({ min: 1, max: 90 }), (zone, now, count) => {
        const dates = lastDates(now, count, zone);
        expect(dates).toHaveLength(count);
        expect(dates.at(-1)).toBe(dateIn(zone, now));
        expect(dates).toEqual([...new Set(dates)].sort());
        const [first = '', last = ''] = [dates[0], dates.at(-1)];
        const days = (at(last) - at(first)) / 86_400_000 + 1;
        expect(days - count).toBe(zone === 'Pacific/Apia' && first < '2011-12-30' && last > '2011-12-30' ? 1 : 0);
      }),
      { numRuns: 100 },
    );
  });
});
