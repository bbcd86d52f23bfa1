import { describe, expect, test } from 'bun:test';
import { createLogLimit } from '../../src/demo/recent-logs.ts';

const HOUR_MS = 3_600_000;

/** Lines an hour's part apart, the newest last. */
function lines(count: number, spacingMs: number) {
  const newest = Date.UTC(2026, 0, 10);
  return Array.from({ length: count }, (_, index) => ({
    timestamp: new Date(newest - (count - 1 - index) * spacingMs),
  }));
}

describe('log lines', () => {
  test('are all kept up to a number', () => {
    expect(createLogLimit(0).shorten(lines(50_000, HOUR_MS))).toBeNull();
    expect(createLogLimit(40_000).shorten(lines(80_000, HOUR_MS))).toBeNull();
  });

  test('beyond it are kept for two days', () => {
    expect(createLogLimit(0).shorten(lines(50_001, HOUR_MS))).toEqual(lines(49, HOUR_MS));
  });

  test('of the last two days are never more than half of what is allowed', () => {
    expect(createLogLimit(0).shorten(lines(50_001, 1))).toEqual(lines(25_000, 1));
  });
});
