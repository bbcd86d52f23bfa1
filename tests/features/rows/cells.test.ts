import { describe, expect, test } from 'bun:test';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import { cellText, type Found, holds, minuteText } from '../../../src/features/rows/cells.ts';
import { cellName } from '../../../src/features/rows/range.ts';

const saoPaulo = createCalendar('America/Sao_Paulo');

describe('a cell', () => {
  test.each([
    [null, 'text', ''],
    [undefined, 'number', ''],
    [0, 'number', '0'],
    [-0, 'number', '0'],
    [-12.5, 'number', '-12.5'],
    [1234567.89, 'number', '1234567.89'],
    [9007199254740991, 'integer', '9007199254740991'],
    [true, 'boolean', 'SIM'],
    [false, 'boolean', 'NÃO'],
    ['2026-03-01', 'day', '01/03/2026'],
    ['2026-03', 'month', '03/2026'],
    ['2026-03-01T02:59:59.999Z', 'instant', '28/02/2026'],
    ['2026-03-01T03:00:00.000Z', 'instant', '01/03/2026'],
    ['https://example.com/a', 'link', 'https://example.com/a'],
    ['', 'text', ''],
    ['plain = text', 'text', 'plain = text'],
    ['=HYPERLINK("x")', 'text', '\'=HYPERLINK("x")'],
    ['-1', 'text', "'-1"],
    ['7', 'text', '7'],
    ['007', 'text', "'007"],
    ['1.50', 'text', "'1.50"],
    ['65a1f0c2b7e4d90012ab34cd', 'text', '65a1f0c2b7e4d90012ab34cd'],
  ] as const)('with %j as %s is %j', (value, kind, expected) => {
    expect(cellText(value, kind, saoPaulo)).toBe(expected);
  });

  test('shows a minute in the time zone of the company', () => {
    expect(minuteText(Date.UTC(2026, 2, 1, 2, 5, 59), saoPaulo)).toBe('28/02/2026 23:05');
    expect(minuteText(Date.UTC(2026, 2, 1, 0, 5), createCalendar('UTC'))).toBe('01/03/2026 00:05');
  });
});

describe('a cell that was written', () => {
  test.each<[Found, string]>([
    ['a', 'a'],
    [null, ''],
    ['', ''],
    [12.5, '12.5'],
    ['12.50', '12.5'],
    [0, '0'],
    [false, 'false'],
    ['=1+1', "'=1+1"],
    ["'=1+1", "'=1+1"],
    ['a', ' a '],
    ['a\nb', 'a\r\nb'],
    [46082, '01/03/2026'],
    ['2026-03-01', '01/03/2026'],
    ['2026-03-01T00:00:00Z', '01/03/2026'],
    ['2026-03-01 23:05:00', '01/03/2026 23:05'],
    [46082.9618, '01/03/2026 23:05'],
  ])('may be read as %j where %j was sent', (found, written) => {
    expect(holds(found, written)).toBe(true);
  });

  test.each<[Found, string]>([
    ['b', 'a'],
    ['', '0'],
    [0, ''],
    [null, 'a'],
    ['0', ''],
    [7, "'007"],
    ['A', 'a'],
    [46083, '01/03/2026'],
    ['2026-01-03', '01/03/2026'],
    ['2026-03-01T23:05', '01/03/2026'],
    ['#ERROR', "'=1+1"],
  ])('holds something else if %j is read where %j was sent', (found, written) => {
    expect(holds(found, written)).toBe(false);
  });
});

test.each([
  [0, 0, 'A1'],
  [9, 25, 'Z10'],
  [0, 26, 'AA1'],
  [0, 701, 'ZZ1'],
  [0, 702, 'AAA1'],
])('row %d, column %d is %s', (row, column, name) => {
  expect(cellName(row, column)).toBe(name);
});
