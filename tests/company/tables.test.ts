import { describe, expect, test } from 'bun:test';
import type { Table } from '../../src/company/table.ts';
import { collections, sqlTables } from '../../src/company/tables.ts';
import { type ContractColumn, contractCollections, contractTables } from './contract-tables.ts';

const expected = new Map(Object.entries(contractTables));

describe('the tables of the contract', () => {
  test('are among those of the company, with the same columns', () => {
    const columns = (table: Table) => [table.name, Object.keys(table.columns).sort()] as const;
    const listed = [...expected].map(([name, all]) => [name, all.map((column) => column.name).sort()] as const);
    expect(Object.fromEntries(sqlTables.map(columns))).toMatchObject(Object.fromEntries(listed));
    expect(listed).toHaveLength(9);
  });

  const named = sqlTables.flatMap((table) =>
    (expected.get(table.name) ?? []).map((column) => [`${table.name}.${column.name}`, table, column] as const),
  );

  test.each(named)('have %s as the company has it', (_, table, column) => {
    const { sqlType = '', optional, unique, nullable } = table.columns[column.name] ?? {};
    expect({ optional, unique, isKey: table.key === column.name }).toEqual({
      optional: column.optional,
      unique: column.unique,
      isKey: column.isKey,
    });
    // What may be missing altogether is not said to hold NULL besides.
    if (!column.optional) expect(nullable).toBe(column.nullable);
    expect(fits(sqlType.replaceAll(' ', ''), column)).toBe(true);
  });
});

test('the collections of the contract are those of the company, with the same fields', () => {
  const fields = collections.map((table) => [table.name, Object.keys(table.columns)] as const);
  expect<unknown>(Object.fromEntries(fields)).toEqual(contractCollections);
  expect(collections.map(({ name, optional }) => [name, optional])).toEqual([
    ['support_tickets', false],
    ['logs', true],
  ]);
});

/** A length is left open where the contract gives none. */
function fits(sqlType: string, { type }: ContractColumn): boolean {
  return type === null || sqlType === type || sqlType.startsWith(`${type}(`);
}
