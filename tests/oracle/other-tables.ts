import fc from 'fast-check';
import type { Cell, Column } from '../../src/company/column.ts';
import type { Columns, Table } from '../../src/company/table.ts';
import { type TableName, type Tables, tables } from '../../src/company/tables.ts';
import { cents, instantNear, name, type Setting, textKeys, unknownCode } from './arbitrary-values.ts';

/**
 * Tables beyond those that the contract describes: their rows, and what is random in them, follow from their columns. The
 * contract's own tables are described by hand, independently of the program.
 */

const DESCRIBED = [
  ...(['AspNetUsers', 'Payments', 'Subscriptions', 'Plans', 'Claims', 'Chargebacks'] as const),
  ...(['Courses', 'Videos', 'Files', 'support_tickets', 'logs'] as const),
] as const;

type OtherTable = Exclude<TableName, (typeof DESCRIBED)[number]>;

/** A row in plain values, as the rows that are described by hand have them. */
type PlainRow<Of extends Columns> = { readonly [Name in keyof Of]: PlainValue<Of[Name]> };
type PlainValue<Of> =
  Of extends Column<infer Value, infer Kind> ? (Kind extends 'flag' ? boolean | Extract<Value, null> : Value) : never;

export type OtherRows = { readonly [Name in OtherTable]: readonly PlainRow<Tables[Name]['columns']>[] };

export const otherTables: readonly Table[] = Object.values<Table>(tables).filter(
  (table) => !DESCRIBED.some((described) => described === table.name),
);

/** @throws Error when a table is missing */
export function otherRows(rows: Readonly<Record<string, readonly object[]>>): OtherRows {
  if (hasOtherRows(rows)) return rows;
  throw new Error(`Rows of ${otherTables.map((table) => table.name).join(', ')} are needed`);
}

function hasOtherRows(rows: object): rows is OtherRows {
  return otherTables.every((table) => table.name in rows);
}

/** What a value counts as that its column does not allow, by column; keys are left out. */
export function missingOf({ columns, key }: Table): Readonly<Record<string, Cell | boolean>> {
  const others = Object.entries(columns).filter(([column]) => column !== key);
  return Object.fromEntries(
    others.map(([column, { kind, missing }]) => [column, kind === 'flag' && missing === 0 ? false : missing]),
  );
}

/** Random rows of a table, with keys that are there once. */
export function rowsOf({ columns, key }: Table, setting: Setting): fc.Arbitrary<Record<string, unknown>[]> {
  const values = Object.entries(columns).map(
    ([column, definition]) => [column, columnValue(definition, setting)] as const,
  );
  const row: fc.Arbitrary<Record<string, unknown>> = fc.record(Object.fromEntries(values));
  return fc.uniqueArray(row, { size: 'max', maxLength: setting.count, selector: (each) => each[key] });
}

function columnValue({ kind, isText, nullable }: Column, setting: Setting): fc.Arbitrary<unknown> {
  const value = valueOfKind(kind, isText, setting);
  return nullable ? fc.option(value, { freq: 4 }) : value;
}

function valueOfKind(kind: Column['kind'], isText: boolean, { now, timeZone, count }: Setting): fc.Arbitrary<unknown> {
  switch (kind) {
    case 'key':
      return isText ? fc.constantFrom(...textKeys('row', count)) : fc.integer({ min: 1, max: count * 2 });
    case 'reference':
      return isText ? fc.constantFrom(...textKeys('user', 9), 'nobody') : fc.integer({ min: 1, max: 9 });
    case 'text':
    case 'label':
      return name;
    case 'code':
      return unknownCode;
    case 'numeric-code':
      return fc.integer({ min: -1, max: 5 });
    case 'money':
      return cents;
    case 'quantity':
      return fc.integer({ min: 0, max: 1_000 });
    case 'instant':
      return instantNear(now, timeZone);
    case 'duration':
      return fc.integer({ min: 0, max: 863_999_999_999 });
    case 'flag':
      return fc.boolean();
  }
}
