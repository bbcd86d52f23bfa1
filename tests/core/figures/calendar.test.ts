import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { isoInstant, isoInstantOrNull, wholeDaysSince } from '../../../src/core/figures/calendar.ts';

const at = (text: string) => Date.parse(text);
const instants = fc.oneof(
  fc.integer({ min: at('1990-01-01T00:00:00Z'), max: at('2100-12-31T23:59:59Z') }),
  fc.constantFrom(
    at('2024-02-29T12:34:56.789Z'),
    at('2024-03-01T00:00:00.000Z'),
    at('2024-03-31T23:59:59.999Z'),
    at('2025-12-31T23:59:59.999Z'),
    at('2026-01-01T00:00:00.000Z'),
    at('2000-02-29T00:00:00.000Z'),
    at('2100-03-01T00:00:00.000Z'),
  ),
);

test('an instant leaves as ISO 8601 with Z, milliseconds kept', () => {
  expect(isoInstant(at('2026-03-01T12:00:00.5Z'))).toBe('2026-03-01T12:00:00.500Z');
  expect(isoInstantOrNull(0)).toBe('1970-01-01T00:00:00.000Z');
  expect(isoInstantOrNull(null)).toBeNull();
});

describe('whole days since', () => {
  const now = at('2026-03-15T12:00:00Z');
  const day = 24 * 60 * 60 * 1000;

  test.each([
    [0, 0],
    [day - 1, 0],
    [day, 1],
    [2 * day - 1, 1],
    [30 * day, 30],
    [31 * day - 1, 30],
    [31 * day, 31],
    [-1, 0],
    [-10 * day, 0],
  ])('%d ms are %d', (passed, days) => {
    expect(wholeDaysSince(now - passed, now)).toBe(days);
  });

  test('are as many as fit in, and never less than none', () => {
    fc.assert(
      fc.property(instants, instants, (instant, later) => {
        const days = wholeDaysSince(instant, later);
        expect(Object.is(days, -0)).toBe(false);
        if (instant > later) expect(days).toBe(0);
        else {
          expect(instant + days * day).toBeLessThanOrEqual(later);
          expect(instant + (days + 1) * day).toBeGreaterThan(later);
        }
      }),
    );
  });
});
