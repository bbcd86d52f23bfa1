import { describe, expect, test } from 'bun:test';
import { ServerClock } from '../../src/client/server-clock.ts';

const DATE = 'Fri, 27 Nov 2026 12:00:00 GMT';
const SERVER = Date.parse(DATE);

describe("the server's clock", () => {
  test('is compared with the middle of the request, and whole seconds are rounded', () => {
    const clock = new ServerClock();
    expect(clock.observe(DATE, SERVER - 3_600_000, SERVER - 3_599_000)).toBe(true);
    expect(clock.aheadMs).toBe(3_600_000);
    expect(clock.observe(DATE, SERVER + 7_200_000, SERVER + 7_200_200)).toBe(true);
    expect(clock.aheadMs).toBe(-7_199_600);
  });

  test('a difference that whole seconds cannot show is none', () => {
    const clock = new ServerClock();
    expect(clock.observe(DATE, SERVER - 900, SERVER - 800)).toBe(false);
    expect(clock.observe(DATE, SERVER + 1_700, SERVER + 1_800)).toBe(false);
    expect(clock.aheadMs).toBe(0);
  });

  test('a known difference changes only by two seconds or more, and goes when the clocks agree again', () => {
    const clock = new ServerClock();
    clock.observe(DATE, SERVER - 60_000, SERVER - 60_000);
    expect(clock.observe(DATE, SERVER - 61_000, SERVER - 61_000)).toBe(false);
    expect(clock.aheadMs).toBe(60_500);
    expect(clock.observe(DATE, SERVER, SERVER)).toBe(true);
    expect(clock.aheadMs).toBe(0);
  });

  test.each([
    ['no date', null, 0, 10],
    ['no date that can be read', 'yesterday', 0, 10],
    ['a slow answer', DATE, 0, 6_000],
    ['a clock that was set back meanwhile', DATE, 10, 0],
  ])('%s says nothing', (_, date, sentAt, receivedAt) => {
    const clock = new ServerClock();
    expect(clock.observe(date, sentAt, receivedAt)).toBe(false);
    expect(clock.aheadMs).toBe(0);
  });
});
