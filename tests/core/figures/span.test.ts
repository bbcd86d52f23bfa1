import { describe, expect, test } from 'bun:test';
import { lastDaysTo, nextDaysFrom, type Span } from '../../../src/core/figures/span.ts';

const NOW = Date.UTC(2026, 2, 15, 12);
const DAY = 24 * 60 * 60 * 1000;

const holds = ({ from, before }: Span, instant: number) => instant >= from && instant < before;

describe('span', () => {
  test('the last days hold both ends and nothing beyond', () => {
    const span = lastDaysTo(NOW, 30);
    const instants = [NOW - 30 * DAY - 1, NOW - 30 * DAY, NOW, NOW + 1];
    expect(instants.map((instant) => holds(span, instant))).toEqual([false, true, true, false]);
  });

  test('the next days hold both ends and nothing beyond', () => {
    const span = nextDaysFrom(NOW, 7);
    const instants = [NOW - 1, NOW, NOW + 7 * DAY, NOW + 7 * DAY + 1];
    expect(instants.map((instant) => holds(span, instant))).toEqual([false, true, true, false]);
  });

  test('an instant finer than a millisecond counts as the millisecond that it lies in', () => {
    expect(holds(lastDaysTo(NOW, 30), NOW + 0.999)).toBe(true);
  });
});
