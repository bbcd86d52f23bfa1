import { describe, expect, test } from 'bun:test';
import type { Table } from '../../../src/company/table.ts';
import { tables } from '../../../src/company/tables.ts';
import { EXACT_KEYS, type KeyComparison, type MirroredTable } from '../../../src/core/mirror/catalog.ts';
import { createDoor, isPlaceholderKey, storedColumns } from '../../../src/core/mirror/door.ts';
import type { RawCell } from '../../../src/core/mirror/mirror-writer.ts';

const LIKE_SQL_SERVER: KeyComparison = { ignoresCase: true, ignoresAccents: false, ignoresTrailingBlanks: true };

/** What the mirror holds of one value of a column, and whether its column allows it. */
function through(table: Table, column: string, raw: RawCell, keys = EXACT_KEYS) {
  const mirrored: MirroredTable = { table, columns: [...new Set([table.key, column])] };
  const door = createDoor(mirrored, mirrored.columns, keys);
  const key = table.columns[table.key]?.isText ? 'k' : 1;
  const row = column === table.key ? [raw] : [key, raw];
  const { cells, unreadable } = door.clean(row, 0);
  const at = storedColumns(mirrored).indexOf(column);
  return { value: cells[at], unreadable: unreadable.length > 0, written: cells[at + 1] };
}

const good = (value: unknown) => expect.objectContaining({ value, unreadable: false });
const bad = (value: unknown) => expect.objectContaining({ value, unreadable: true });

describe('money', () => {
  test.each<[RawCell, number]>([
    [19.99, 1999],
    [0, 0],
    [-0, 0],
    [-5.5, -550],
    [99_999_999.99, 9_999_999_999],
    ['12.50', 1250],
    ['-7', -700],
  ])('%p is %d cents', (raw, cents) => {
    expect(through(tables.Payments, 'Amount', raw)).toEqual(good(cents));
  });

  test.each<[RawCell]>([
    ['12,50'],
    ['abc'],
    [''],
    [12.345],
    [100_000_000],
    [null],
    [true],
    [{}],
    ['1e3'],
    [Number.NaN],
  ])('%p is none', (raw) => {
    expect(through(tables.Payments, 'Amount', raw)).toEqual(bad(0));
  });
});

describe('whole numbers', () => {
  test.each<[RawCell, number]>([
    [49, 49],
    ['49', 49],
    [-1, -1],
    [2_147_483_647, 2_147_483_647],
  ])('%p is %d', (raw, value) => {
    expect(through(tables.Subscriptions, 'CurrentAmount', raw)).toEqual(good(value));
  });

  test.each<[RawCell]>([[49.9], ['49,9'], [2_147_483_648], ['x'], [null], [{}]])('%p is none', (raw) => {
    expect(through(tables.Subscriptions, 'CurrentAmount', raw)).toEqual(bad(0));
  });

  test('an id beyond 2^53 is none, whether its digits or a rounded number come', () => {
    expect(through(tables.Claims, 'MpClaimId', '9007199254740993')).toEqual(bad(null));
    expect(through(tables.Claims, 'MpClaimId', 2 ** 53)).toEqual(bad(null));
    expect(through(tables.Claims, 'MpClaimId', '9007199254740991')).toEqual(good(9_007_199_254_740_991));
  });

  test('a numeric code that is no number is no code', () => {
    expect(through(tables.Claims, 'Status', 99)).toEqual(good(99));
    expect(through(tables.Claims, 'Status', 'Novo')).toEqual(bad(null));
  });
});

describe('instants', () => {
  const at = Date.UTC(2026, 2, 1, 12, 0, 0, 123);
  test.each<[string, number]>([
    ['2026-03-01T12:00:00.123Z', at],
    ['2026-03-01 12:00:00.123', at],
    ['2026-03-01T12:00:00.1239999', at],
    ['2026-03-01T09:00:00.123-03:00', at],
    ['2026-03-01T17:45:00.123+0545', at],
    ['2026-03-01T12:00:00.123 Z', at],
    ['2026-03-01', Date.UTC(2026, 2, 1)],
    ['2026-03-01 12:00', Date.UTC(2026, 2, 1, 12)],
    ['1969-12-31T23:59:59.9999Z', -1],
    ['0001-01-01T00:00:00', -62_135_596_800_000],
    ['9999-12-31T23:59:59.9999999', 253_402_300_799_999],
  ])('%s', (raw, instant) => {
    expect(through(tables.Payments, 'CreatedAt', raw)).toEqual(good(instant));
  });

  test.each<[RawCell]>([
    ...([
      '31/12/2025',
      '',
      '2026-02-30',
      '2026-13-01',
      '2026-03-01T24:00:00',
      '2026-03-01T12:60',
      'now',
      '2026-3-1',
    ].map((text) => [text]) as [RawCell][]),
    [1_772_366_400],
    [null],
    [{}],
    ['0000-12-31'],
    ['2026-03-01T12:00:00+15:00'],
  ])('%p is none', (raw) => {
    expect(through(tables.Payments, 'CreatedAt', raw)).toEqual(bad(null));
  });

  test('null is a value where the column allows it', () => {
    expect(through(tables.Claims, 'UpdatedAt', null)).toEqual(good(null));
    expect(through(tables.Claims, 'UpdatedAt', 'x')).toEqual(bad(null));
  });
});

describe('durations, in units of 100 ns', () => {
  test.each<[string, number]>([
    ['00:12:30', 7_500_000_000],
    ['00:00:00.0000001', 1],
    ['23:59:59.9999999', 863_999_999_999],
    ['00:00:01.5', 15_000_000],
    ['00:12', 7_200_000_000],
  ])('%s', (raw, ticks) => {
    expect(through(tables.Videos, 'Duration', raw)).toEqual(good(ticks));
  });

  test.each<[RawCell]>([['1:22:33'], ['24:00:00'], ['25:10:00'], ['00:60:00'], [750], [''], [null]])(
    '%p is none',
    (raw) => {
      expect(through(tables.Videos, 'Duration', raw)).toEqual(bad(0));
    },
  );
});

describe('flags', () => {
  test('0, 1, false and true are the only ones', () => {
    for (const raw of [1, true, '1']) expect(through(tables.AspNetUsers, 'EmailConfirmed', raw)).toEqual(good(1));
    for (const raw of [0, false, '0']) expect(through(tables.AspNetUsers, 'EmailConfirmed', raw)).toEqual(good(0));
    for (const raw of [2, 'true', '', null, {}])
      expect(through(tables.AspNetUsers, 'EmailConfirmed', raw)).toEqual(bad(0));
  });
});

describe('codes', () => {
  test('have their canonical spelling, or their own trimmed text', () => {
    expect(through(tables.Payments, 'Status', ' APROVADO ')).toEqual(good('approved'));
    expect(through(tables.Payments, 'Status', ' Outro ')).toEqual(good('Outro'));
    expect(through(tables.Payments, 'Method', ' PIX')).toEqual(good('pix'));
    expect(through(tables.Claims, 'Type', '2')).toEqual(good('Return'));
    expect(through(tables.Claims, 'Type', 2)).toEqual(good('Return'));
    expect(through(tables.Payments, 'Status', 7)).toEqual(good('7'));
  });

  test('that are missing are empty, null where the column allows it', () => {
    for (const raw of [null, {}, true, 1.5]) expect(through(tables.Payments, 'Status', raw)).toEqual(bad(''));
    expect(through(tables.Claims, 'CurrentStage', null)).toEqual(good(null));
  });
});

describe('keys', () => {
  test('are compared as the database compares them, and keep their own spelling', () => {
    expect(through(tables.Payments, 'UserId', 'ÁB-1 ', LIKE_SQL_SERVER)).toEqual({
      value: 'áb-1',
      written: 'ÁB-1 ',
      unreadable: false,
    });
    expect(through(tables.Payments, 'UserId', 'ab', LIKE_SQL_SERVER)).toEqual({
      value: 'ab',
      written: null,
      unreadable: false,
    });
    const ignoringAccents = { ...LIKE_SQL_SERVER, ignoresAccents: true };
    expect(through(tables.Payments, 'UserId', 'Áb', ignoringAccents).value).toBe('ab');
    expect(through(tables.Payments, 'UserId', 'ÁB ').value).toBe('ÁB ');
  });

  test('that cannot be read are told apart by the place of their row', () => {
    const mirrored: MirroredTable = { table: tables.Payments, columns: ['Id'] };
    const door = createDoor(mirrored, ['Id'], EXACT_KEYS);
    const keys = [null, {}].map((raw, place) => door.clean([raw], place).key);
    expect(new Set(keys).size).toBe(2);
    expect(keys.every(isPlaceholderKey)).toBe(true);
    expect(isPlaceholderKey('a')).toBe(false);
  });
});

test('a column that the source lacks is no problem of its rows', () => {
  const mirrored: MirroredTable = { table: tables.Courses, columns: ['Id', 'Name', 'IsActive'] };
  const door = createDoor(mirrored, ['Id', 'Name'], EXACT_KEYS);
  expect(door.clean([1, 'Excel', null], 0)).toEqual({ key: 1, cells: [1, 'Excel', 0], unreadable: [] });
});
