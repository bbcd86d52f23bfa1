import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { rawCell } from '../../../../src/core/feeds/sql-server/raw-cells.ts';

/** As the driver gives a `time(7)` or `datetime2(7)`: the digits below the millisecond beside the date, in seconds. */
function driverDate(units: number): Date {
  return Object.assign(new Date(Math.floor(units / 10_000)), { nanosecondsDelta: (units % 10_000) / 1e7 });
}

const time = { isTime: true };
const other = { isTime: false };

test('a time keeps each of its seven digits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 863_999_999_999 }), (units) => {
      const [, hours = '', minutes = '', seconds = '', part = ''] =
        /^(\d\d):(\d\d):(\d\d)\.(\d{7})$/.exec(String(rawCell(driverDate(units), time))) ?? [];
      const whole = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
      expect(whole * 10_000_000 + Number(part)).toBe(units);
    }),
  );
});

test('an instant is cut to the millisecond', () => {
  expect(rawCell(driverDate(12_345_678), other)).toBe('1970-01-01T00:00:01.234Z');
  expect(rawCell(new Date(Date.UTC(9999, 11, 31, 23, 59, 59, 999)), other)).toBe('9999-12-31T23:59:59.999Z');
});

test('whatever the type of a column, there is a cell for it', () => {
  const bytes = Buffer.from([1]);
  expect([true, 'a', 1.5, '9007199254740993', null, bytes].map((value) => rawCell(value, other))).toEqual([
    true,
    'a',
    1.5,
    '9007199254740993',
    null,
    bytes,
  ]);
  expect(
    [Number.NaN, Number.POSITIVE_INFINITY, undefined, new Date(Number.NaN)].map((value) => rawCell(value, other)),
  ).toEqual([null, null, null, null]);
  expect(rawCell(new Date(Number.NaN), time)).toBeNull();
  expect(rawCell(12n ** 20n, other)).toBe(String(12n ** 20n));
});
