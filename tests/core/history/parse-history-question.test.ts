import { describe, expect, test } from 'bun:test';
import type { HistoryStep } from '../../../src/core/history/history-question.ts';
import { parseHistoryQuestion } from '../../../src/core/history/parse-history-question.ts';
import { InvalidInputError } from '../../../src/core/runtime/parse-input.ts';
import { claims } from '../../../src/features/claims/index.ts';
import { financial } from '../../../src/features/financial/index.ts';

const NOW = Date.UTC(2026, 4, 20, 15);
/** The end of the current minute. */
const SOON = NOW + 60_000;
const context = { feature: claims, source: 'a database', timeZone: 'America/Sao_Paulo', now: NOW };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function parse(query: string) {
  const { from, to, step } = parseHistoryQuestion(new URLSearchParams(query), context);
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), step };
}

function refusal(query: string, feature: typeof claims | typeof financial = claims): string {
  try {
    parseHistoryQuestion(new URLSearchParams(query), { ...context, feature });
  } catch (error) {
    if (error instanceof InvalidInputError) return error.message;
    throw error;
  }
  return 'none';
}

/** A query for a period up to now. */
const last = (milliseconds: number, more = '') => `from=${new Date(SOON - milliseconds).toISOString()}${more}`;

describe('a query', () => {
  test('is for the headlines of the last 24 hours, by the minute, where it says nothing', () => {
    expect(parseHistoryQuestion(new URLSearchParams(), context)).toEqual({
      feature: 'claims',
      source: 'a database',
      figures: [
        { path: 'summary.CriticalClaims', unit: 'count' },
        { path: 'summary.OpenedClaims', unit: 'count' },
        { path: 'summary.TotalAmountAtRisk', unit: 'BRL' },
        { path: 'summary.AverageDaysOpen', unit: 'days' },
        { path: 'summary.WinRate', unit: 'percent' },
      ],
      from: SOON - DAY,
      to: SOON,
      step: 'minute',
      comparesPrevious: false,
    });
  });

  test.each<[string, HistoryStep]>([
    [last(26 * HOUR), 'minute'],
    [last(27 * HOUR), 'hour'],
    [last(62 * DAY), 'hour'],
    [last(63 * DAY), 'day'],
    [last(2_000 * DAY), 'day'],
    ['from=2026-05-01&to=2026-05-01', 'hour'],
    ['from=2026-01-01&to=2026-01-01', 'day'],
    [last(46 * DAY, '&compare=previous'), 'day'],
    [last(45 * DAY, '&compare=previous'), 'hour'],
  ])('%s has the step that fits: %s', (query, step) => {
    expect(parse(query).step).toBe(step);
  });

  test('has the instants that it says, in any offset', () => {
    expect(parse('from=2026-05-20T10:00:00-03:00&to=2026-05-20T14:30:00Z&step=hour')).toEqual({
      from: '2026-05-20T13:00:00.000Z',
      to: '2026-05-20T14:30:00.000Z',
      step: 'hour',
    });
  });

  test('has whole days of the time zone where it says dates, and today up to now', () => {
    expect(parse('from=2026-05-01&to=2026-05-02')).toMatchObject({
      from: '2026-05-01T03:00:00.000Z',
      to: '2026-05-03T03:00:00.000Z',
    });
    expect(parse('from=2026-05-20&to=2026-05-20')).toMatchObject({
      from: '2026-05-20T03:00:00.000Z',
      to: new Date(SOON).toISOString(),
    });
  });

  test.each([
    // From winter to summer: one of the days has 23 hours.
    ['2020-01-01T05:00:00Z', 2_000 * DAY - HOUR, 'none'],
    ['2020-01-01T05:00:00Z', 2_000 * DAY, 'from: The period is too long: at most 2000 days'],
  ])('counts days as the time zone has them: from %s for %d ms', (from, length, text) => {
    const query = `from=${from}&to=${new Date(Date.parse(from) + length).toISOString()}`;
    const newYork = { ...context, timeZone: 'America/New_York' };
    const parsed = () => parseHistoryQuestion(new URLSearchParams(query), newYork);
    if (text === 'none') expect(parsed().step).toBe('day');
    else expect(parsed).toThrow(text);
  });

  test('may come from a clock that is a little ahead', () => {
    expect(parse(`to=${new Date(NOW + 30_000).toISOString()}`).to).toBe(new Date(NOW + 30_000).toISOString());
  });

  test.each([
    ['figure=summary.WinRat', 'figure: claims has no such figure; it has summary.TotalClaims, '],
    ['from=yesterday', 'from: Expected an instant such as 2026-03-01T12:00:00Z, or a date such as 2026-03-01'],
    ['from=2026-02-30', 'from: Expected an instant'],
    ['to=2026-05-20T10:00:00', 'to: Expected an instant'],
    ['to=', 'to: Expected an instant'],
    [
      'from=2026-05-20T10:00:00+00:00',
      'from: Expected an instant such as 2026-03-01T12:00:00Z, or a date such as 2026-03-01; a + in an address is written %2B',
    ],
    ['from=-271821-04-20T00:00Z&to=-271821-04-21T00:00Z', 'to: There is no history before 1970'],
    ['to=-271821-04-20T00:00Z', 'to: There is no history before 1970'],
    ['from=1969-12-01', 'from: There is no history before 1970'],
    ['from=2026-05-02&to=2026-05-01', 'from: It has to be before the end of the period, 2026-05-02T03:00:00.000Z'],
    ['from=2026-05-21', 'from: There is no history of the future; now is 2026-05-20T15:00:00.000Z'],
    ['to=2026-05-21', 'to: There is no history of the future'],
    ['to=2026-05-20T15:02:00Z', 'to: There is no history of the future'],
    [last(34 * HOUR, '&step=minute'), 'step: 2040 points are more than 2000; step=hour would do'],
    [last(84 * DAY, '&step=hour'), 'step: 2016 points are more than 2000; step=day would do'],
    [last(3_000 * DAY, '&step=minute'), 'from: The period is too long: at most 2000 days'],
    [
      'from=2026-05-12T12:00:00Z&to=2026-05-12T13:00:00Z&step=minute',
      'step: Points of each minute are kept for 7 days, and this period begins before; step=hour would do',
    ],
    [
      last(50 * DAY, '&step=hour&compare=previous'),
      'step: Points of each hour are kept for 90 days, and this period begins before; step=day would do',
    ],
    ['step=week', 'step: Expected minute, hour, day'],
    ['step=hour&step=day', 'step: Expected one value'],
    ['from=2026-05-01&from=2026-05-02', 'from: Expected one value'],
    ['to=2026-05-01&to=2026-05-01', 'to: Expected one value'],
    ['compare=previous&compare=previous', 'compare: Expected one value'],
    ['compare=next', 'compare: The only comparison is previous'],
  ])('%s is refused: %s', (query, text) => {
    expect(refusal(query)).toStartWith(`Invalid input: ${text}`);
  });

  test('may name 12 figures, each once, and no more', () => {
    const paths = financial.catalogue.figures.map(({ path }) => `figure=${path}`);
    expect(refusal(paths.slice(0, 12).join('&'), financial)).toBe('none');
    expect(refusal([...paths.slice(0, 12), ...paths.slice(0, 12)].join('&'), financial)).toBe('none');
    expect(refusal(paths.slice(0, 13).join('&'), financial)).toContain('At most 12 figures');
  });
});
