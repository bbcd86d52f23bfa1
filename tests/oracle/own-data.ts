import type { Database } from 'bun:sqlite';
import fc from 'fast-check';
import type { Column, ColumnKind } from '../../src/company/column.ts';
import type { Table } from '../../src/company/table.ts';
import { sqlTables } from '../../src/company/tables.ts';
import type { Problem } from '../../src/core/mirror/problem.ts';
import type { Mirrored } from './mirrored.ts';
import type { Company } from './rows.ts';
import { byText } from './rules.ts';
import { columnsOf, type StoredValue, storedRows } from './stored-company.ts';
import { missingByTable } from './unreadable.ts';

/** A user's own data: tables without types and keys, and values that no column allows. */

export type OwnValue = StoredValue | bigint | Uint8Array;

/** What a source can hold: SQLite anything, a column of SQL Server values of one type. */
export type Holder = 'sqlite' | 'sql-server';

const BYTES = new Uint8Array([1, 2, 255]);
const NO_NUMBER: readonly OwnValue[] = [49.9, 'abc', '', '1e3', '12,50', 9_007_199_254_740_993n, BYTES];

/** Of each kind of column, values that it does not allow. */
const BROKEN: { readonly [Kind in ColumnKind]: readonly OwnValue[] } = {
  key: [],
  reference: [1.5, BYTES],
  text: [1.5, BYTES],
  label: [1.5, BYTES],
  code: [1.5, BYTES],
  'numeric-code': NO_NUMBER,
  quantity: NO_NUMBER,
  money: ['12,50', 'abc', '', 12.345, 1e12, BYTES],
  instant: ['31/12/2025', '', 'ontem', '2026-02-30', 20_260_101, '2026-01-01T25:00:00Z', BYTES],
  duration: ['1:22:33', '25:00:00', '', 'abc', 90, BYTES],
  flag: [2, -1, 'true', '', BYTES],
};

/** A cell, and what comes to stand there; the numbers choose among as many as there are. */
export interface Edit {
  readonly table: number;
  readonly row: number;
  readonly column: number;
  readonly value: number;
  /** What was there at first comes back. */
  readonly isMended: boolean;
}

const number = fc.nat(1_000);

export const edits: fc.Arbitrary<Edit[]> = fc.array(
  fc.record({ table: number, row: number, column: number, value: number, isMended: fc.boolean() }),
  { maxLength: 40 },
);

/** Rows that are there twice. */
export const copies: fc.Arbitrary<Pick<Edit, 'table' | 'row'>[]> = fc.array(fc.record({ table: number, row: number }), {
  maxLength: 4,
});

export const spellings = fc.constantFrom<(name: string) => string>(
  (name) => name,
  (name) => name.toUpperCase(),
  (name) => name.toLowerCase(),
);

/** Own data, and what has to be made of them. */
export interface OwnData {
  /** Breaks and mends cells. @returns statements with their parameters */
  edit(changes: readonly Edit[]): readonly (readonly [sql: string, value: OwnValue, rowid: number])[];
  /** The company, where what cannot be read counts as missing. */
  company(): Company;
  /** What has to be said of the columns that a feature reads, without examples. */
  problems(feature: Mirrored): Omit<Problem, 'example'>[];
  /** Keys of rows with an unreadable value in a column. */
  keysOf(table: string, column: string): readonly string[];
}

interface OwnTable {
  readonly table: Table;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly StoredValue[])[];
  /** How many of its rows are there twice. */
  copied: number;
}

/** Makes the tables of a company without types and keys, named in another letter case. */
export function storeOwnData(
  database: Database,
  company: Company,
  options: {
    readonly holder: Holder;
    readonly copied: readonly Pick<Edit, 'table' | 'row'>[];
    readonly spell: (name: string) => string;
  },
): OwnData {
  const { holder, copied, spell } = options;
  const all = sqlTables.map((table): OwnTable => {
    return { table, columns: columnsOf(company, table), rows: storedRows(company, table), copied: 0 };
  });
  const full = all.filter(({ rows }) => rows.length > 0);
  const insert = ({ table, columns }: OwnTable, row: readonly StoredValue[]) =>
    database.query(`insert into "${spell(table.name)}" values (${columns.map(() => '?').join(', ')})`).run(...row);
  for (const own of all) {
    database.run(
      `create table "${spell(own.table.name)}" (${own.columns.map((name) => `"${spell(name)}"`).join(', ')})`,
    );
    for (const row of own.rows) insert(own, row);
  }
  for (const { table, row } of copied) {
    const own = full[table % full.length];
    if (own === undefined) continue;
    own.copied++;
    insert(own, own.rows[row % own.rows.length] ?? []);
  }
  /** By table, then by the place of the row, the columns that are broken. */
  const broken = new Map(all.map(({ table, rows }) => [table.name, rows.map(() => new Set<string>())] as const));

  return {
    edit: (changes) =>
      changes.flatMap(({ table, row, column, value, isMended }) => {
        const own = full[table % full.length];
        const found = own === undefined ? undefined : brokenCell(own, { column, value }, holder);
        if (own === undefined || found === undefined) return [];
        const place = row % own.rows.length;
        const marks = broken.get(own.table.name)?.[place];
        if (isMended) marks?.delete(found.name);
        else marks?.add(found.name);
        const stored = isMended ? (own.rows[place]?.[own.columns.indexOf(found.name)] ?? null) : found.value;
        const sql = `update "${spell(own.table.name)}" set "${spell(found.name)}" = ? where rowid = ?`;
        return [[sql, stored, place + 1] as const];
      }),
    company: () => sqlTables.reduce((made, { name }) => withMissing(made, name, broken.get(name) ?? []), company),
    problems: ({ reads }) =>
      all
        .filter(({ table }) => table.name in reads)
        .flatMap((own) => problemsOf(own, reads[own.table.name] ?? [], broken.get(own.table.name) ?? [])),
    keysOf(name, column) {
      const own = all.find(({ table }) => table.name === name);
      const keyAt = own?.columns.indexOf(own.table.key) ?? -1;
      const marks = broken.get(name) ?? [];
      return (own?.rows ?? []).filter((_, place) => marks[place]?.has(column)).map((row) => String(row[keyAt]));
    },
  };
}

function brokenCell(
  { table, columns }: OwnTable,
  { column, value }: Pick<Edit, 'column' | 'value'>,
  holder: Holder,
): { readonly name: string; readonly value: OwnValue } | undefined {
  const name = columns[column % columns.length] ?? '';
  const definition = table.columns[name];
  if (definition === undefined || name === table.key) return undefined;
  const values = valuesFor(definition, holder);
  const chosen = values[value % values.length];
  return chosen === undefined ? undefined : { name, value: chosen };
}

/** What a column does not allow and its holder can hold; without bytes, a column of several types is one of text. */
function valuesFor(column: Column, holder: Holder): readonly OwnValue[] {
  const { kind, isText } = column;
  const values = kind === 'reference' && !isText ? NO_NUMBER : BROKEN[kind];
  const held = holder === 'sqlite' ? values : values.filter((value) => value !== BYTES && !(isText && value === 1.5));
  return column.nullable ? held : [...held, null];
}

function withMissing(company: Company, name: string, broken: readonly ReadonlySet<string>[]): Company {
  const missing = missingByTable.get(name) ?? {};
  const rows: unknown = new Map<string, unknown>(Object.entries(company)).get(name);
  if (!Array.isArray(rows)) return company;
  const made = rows.map((row: object, place) => ({
    ...row,
    ...Object.fromEntries(Object.entries(missing).filter(([column]) => broken[place]?.has(column))),
  }));
  return { ...company, [name]: made };
}

function problemsOf(
  { table, columns, copied }: OwnTable,
  read: readonly string[],
  broken: readonly ReadonlySet<string>[],
): Omit<Problem, 'example'>[] {
  const of = (kind: Problem['kind'], column: string, rows: number) => ({ kind, table: table.name, column, rows });
  const all = read.flatMap((column) => {
    if (!columns.includes(column)) return [of('missing-column', column, 0)];
    const rows = broken.filter((marks) => marks.has(column)).length;
    return rows === 0 ? [] : [of('unreadable-value', column, rows)];
  });
  return copied === 0 ? all : [...all, of('duplicate-key', table.key, copied)];
}

/** An order of problems that does not depend on where they come from. */
export function sortedProblems<Some extends Omit<Problem, 'example'>>(problems: readonly Some[]): Some[] {
  const text = ({ table, column, kind }: Omit<Problem, 'example'>) => `${table} ${column} ${kind}`;
  return [...problems].sort((left, right) => byText(text(left), text(right)));
}
