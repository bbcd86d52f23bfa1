import { expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Table } from '../../src/company/table.ts';
import { type TableName, tables } from '../../src/company/tables.ts';
import { features } from '../../src/features/index.ts';
import { type Holding, situations } from './arbitraries.ts';
import { oracleOf } from './every-oracle.ts';
import { missingByTable } from './unreadable.ts';

const isTableName = (name: string): name is TableName => name in tables;
const names = Object.keys(tables).filter(isTableName);

test.each(names)('every column of %s but its key may be unreadable, and counts as what the company says', (name) => {
  const { key, columns }: Table = tables[name];
  const expected = Object.entries(columns).filter(([column]) => column !== key);
  const asStored = Object.entries<unknown>({ ...missingByTable.get(name) }).map(([column, value]) => [
    column,
    value === false ? 0 : value,
  ]);
  expect(Object.fromEntries(asStored)).toEqual(
    Object.fromEntries(expected.map(([column, definition]) => [column, definition.missing])),
  );
});

test('an oracle has an answer for every company, whatever cannot be read', () => {
  const oracles = features.map(({ name }) => oracleOf(name));
  const holdings: Holding[] = names;
  fc.assert(
    fc.property(situations(holdings), ({ company, now, timeZone }) => {
      for (const oracle of oracles) expect(JSON.stringify(oracle(company, now, timeZone))).not.toMatch(/NaN|undefined/);
    }),
    { numRuns: 40 },
  );
});

test('what may be unreadable is so in some companies', () => {
  const companies = fc.sample(situations(names), { numRuns: 40, seed: 1 }).map(({ company }) => company);
  expect(companies.some(({ Payments }) => Payments.some(({ CreatedAt }) => CreatedAt === null))).toBe(true);
  expect(companies.some(({ Claims }) => Claims.some(({ Status }) => Status === null))).toBe(true);
  expect(companies.some(({ logs }) => logs?.some(({ timestamp }) => timestamp === null))).toBe(true);
});

test('nothing is unreadable where that is not wanted', () => {
  fc.assert(
    fc.property(situations(['Payments'], { unreadable: false }), ({ company }) => {
      for (const { CreatedAt, UserId } of company.Payments) expect([CreatedAt, UserId]).not.toContain(null);
    }),
    { numRuns: 20 },
  );
});
