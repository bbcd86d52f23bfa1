import { expect, test } from 'bun:test';
import {
  duration,
  flag,
  instant,
  label,
  money,
  nullable,
  numberKey,
  numericCode,
  quantity,
  text,
  textKey,
  textReference,
} from '../../../src/company/column.ts';
import { type Table, table } from '../../../src/company/table.ts';
import { generateOtherTable } from '../../../src/demo/data/other-tables.ts';
import { createRhythm } from '../../../src/demo/data/rhythm.ts';
import type { StoredValue } from '../../../src/demo/data/stored-row.ts';
import { SMALL } from '../company.ts';

const everyKind = table('Things', {
  Id: numberKey(),
  UserId: nullable(textReference()),
  Name: text('nvarchar(100)'),
  Category: label('nvarchar(50)'),
  Status: numericCode(),
  Amount: money(),
  Uses: quantity(),
  CreatedAt: instant(),
  Length: duration(),
  IsActive: flag(),
});

function rowsOf(of: Table, spec = SMALL) {
  const rows: Readonly<Record<string, StoredValue>>[] = [];
  generateOtherTable(spec, createRhythm(spec.anchor), of, (row) => rows.push(row));
  return rows;
}

test('a table without a generator gets rows that its columns allow', () => {
  const rows = rowsOf(everyKind);
  expect(rows).toHaveLength(40);
  expect(rows[0]).toEqual({
    Id: 1,
    UserId: rows[0]?.UserId ?? null,
    Name: 'Name 1',
    Category: expect.any(String),
    Status: expect.any(Number),
    Amount: expect.any(Number),
    Uses: expect.any(Number),
    CreatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    Length: expect.stringMatching(/^00:\d\d:00\.000$/),
    IsActive: expect.any(Number),
  });
  expect(rows.some(({ UserId }) => UserId === null)).toBe(true);
  expect(rows.every(({ CreatedAt }) => String(CreatedAt) < new Date(SMALL.anchor).toISOString())).toBe(true);
});

test('the rows grow with the scale, and are the same for the same seed', () => {
  expect(rowsOf(everyKind, { ...SMALL, scale: 1 })).toHaveLength(1_000);
  expect(rowsOf(everyKind)).toEqual(rowsOf(everyKind));
  expect(rowsOf(everyKind)).not.toEqual(rowsOf(everyKind, { ...SMALL, seed: 2 }));
});

test('keys of text are there once', () => {
  const keys = rowsOf(table('Texts', { Id: textKey(), CreatedAt: instant() })).map(({ Id }) => Id);
  expect(new Set(keys).size).toBe(keys.length);
});
