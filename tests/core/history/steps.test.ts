import { describe, expect, test } from 'bun:test';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import { type Period, stepsOf } from '../../../src/core/history/steps.ts';

const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds;

function starts(period: Period, timeZone = 'America/Sao_Paulo') {
  const { steps, previous } = stepsOf(period, createCalendar(timeZone));
  expect(previous.length).toBe(steps.length);
  for (const list of [previous, steps]) {
    for (const [index, { before }] of list.entries()) expect(list[index + 1]?.from ?? before).toBe(before);
  }
  expect(previous.at(-1)?.before).toBe(steps[0]?.from);
  return steps.map(({ from }) => new Date(from).toISOString());
}

describe('the steps of a period', () => {
  test('are 1,440 minutes for 24 hours, the last of them the current one', () => {
    const to = at('2026-03-02T12:01:30Z');
    const minutes = starts({ from: to - 86_400_000, to, step: 'minute' });
    expect(minutes.length).toBe(1_440);
    expect([minutes[0], minutes.at(-1)]).toEqual(['2026-03-01T12:02:00.000Z', '2026-03-02T12:01:00.000Z']);
  });

  test('end before an end that is the start of a step', () => {
    const hours = starts({ from: at('2026-03-01T00:00:00Z'), to: at('2026-03-02T00:00:00Z'), step: 'hour' });
    expect([hours.length, hours.at(-1)]).toEqual([24, '2026-03-01T23:00:00.000Z']);
  });

  test.each(['minute', 'hour', 'day'] as const)('are the one around it where no %s begins in it', (step) => {
    const from = at('2026-03-01T12:00:10Z');
    expect(starts({ from, to: from + 1_000, step }).length).toBe(1);
  });

  test.each([
    ['America/Sao_Paulo', '2018-11-03T03:00:00Z', '2018-11-06T02:00:00Z', [24, 23, 24]],
    ['America/Sao_Paulo', '2018-02-17T02:00:00Z', '2018-02-19T03:00:00Z', [25, 24]],
    ['Europe/Lisbon', '2026-03-28T00:00:00Z', '2026-03-30T23:00:00Z', [24, 23, 24]],
    ['Europe/Lisbon', '2026-10-24T23:00:00Z', '2026-10-27T00:00:00Z', [25, 24]],
    ['Australia/Lord_Howe', '2026-04-04T13:00:00Z', '2026-04-05T13:30:00Z', [24.5]],
    ['Pacific/Apia', '2011-12-29T10:00:00Z', '2011-12-31T10:00:00Z', [24, 24]],
    ['America/New_York', '2026-03-07T05:00:00Z', '2026-03-09T04:00:00Z', [24, 23]],
  ])('are days of %s from %s, whatever their length', (timeZone, from, to, hours) => {
    const { steps } = stepsOf({ from: at(from), to: at(to), step: 'day' }, createCalendar(timeZone));
    expect(steps.map((day) => (day.before - day.from) / 3_600_000)).toEqual(hours);
    expect(steps[0]?.from).toBe(at(from));
    starts({ from: at(from), to: at(to), step: 'day' }, timeZone);
  });

  test('are 90 days for 90 days up to now', () => {
    const to = at('2026-05-20T15:00:00Z');
    expect(starts({ from: to - 90 * 86_400_000, to, step: 'day' }, 'America/New_York').length).toBe(90);
  });
});
