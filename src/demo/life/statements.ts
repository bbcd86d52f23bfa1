import { type Tables, tables } from '../../company/tables.ts';
import type { Random } from '../data/random.ts';
import type { StoredValue, TableName } from '../data/stored-row.ts';
import type { LifeColumns, TableRequirement, TableStatement } from './change.ts';

/** A piece of SQL with what is bound in it. */
export interface Fragment {
  readonly sql: string;
  readonly parameters: readonly StoredValue[];
}

/**
 * SQL out of a template: values are bound, fragments are put in as they are.
 *
 * Tables are written `main.Table`, so that nothing temporary of the same name is meant.
 *
 * @example sqlText`select Id from main.Payments where Amount > ${100}`
 */
export function sqlText(words: TemplateStringsArray, ...values: readonly (Fragment | StoredValue)[]): Fragment {
  const parameters: StoredValue[] = [];
  let sql = words[0] ?? '';
  values.forEach((value, index) => {
    const fragment = isFragment(value) ? value : { sql: '?', parameters: [value] };
    sql += fragment.sql + (words[index + 1] ?? '');
    parameters.push(...fragment.parameters);
  });
  return { sql, parameters };
}

function isFragment(value: Fragment | StoredValue): value is Fragment {
  return typeof value === 'object' && value !== null;
}

/** What a column is set to, by its name. */
type Values<Table extends TableName> = {
  readonly [Column in keyof Tables[Table]['columns'] & string]?: Fragment | StoredValue;
};

/**
 * Inserts one row for each row of `source`, into those of the columns that the table has.
 *
 * @param source what stands after `from`; one row without columns unless told otherwise
 */
export function insertInto<Table extends TableName>(
  columns: LifeColumns,
  table: Table,
  values: Values<Table>,
  source: Fragment = sqlText`(select 1)`,
): TableStatement {
  const present = presentValues(columns, table, values);
  const names = present.map(([column]) => column).join(', ');
  const selected = joined(present.map(([, value]) => sqlText`${value}`));
  const { sql, parameters } = sqlText`select ${selected} from ${source}`;
  return { table, sql: `insert into main.${table} (${names}) ${sql}`, parameters };
}

/** Sets those of the columns that the table has, in the row of a number. */
export function updateRow<Table extends TableName>(
  columns: LifeColumns,
  table: Table,
  values: Values<Table>,
  rowNumber: Fragment,
): TableStatement {
  const present = presentValues(columns, table, values);
  const set = joined(present.map(([column, value]) => sqlText`${{ sql: column, parameters: [] }} = ${value}`));
  const { sql, parameters } = sqlText`${set} where rowid = ${rowNumber}`;
  return { table, sql: `update main.${table} set ${sql}`, parameters };
}

/** How far back a row is looked for that something can happen to. */
const RECENT_ROWS = 5_000;

/**
 * The number of one of a table's recent rows for which a condition holds; null if there is none. The first at or after
 * a random one, so that few rows are read; where there is none, the first of all recent ones.
 */
export function someRow(table: TableName, random: Random, condition: Fragment): Fragment {
  const name = { sql: `main.${table}`, parameters: [] };
  const back = random.below(RECENT_ROWS);
  const firstFrom = (start: Fragment) =>
    sqlText`(select rowid from ${name} where rowid >= ${start} and ${condition} order by rowid limit 1)`;
  const newest = sqlText`(select max(rowid) from ${name})`;
  const randomStart = sqlText`${newest} - ${back} % max(1, min(${RECENT_ROWS}, ${newest}))`;
  return sqlText`coalesce(${firstFrom(randomStart)}, ${firstFrom(sqlText`${newest} - ${RECENT_ROWS - 1}`)})`;
}

/** A code without letter case and surrounding blanks, as people may have written it. */
export function plainCode(column: string): Fragment {
  return { sql: `lower(trim(${column}))`, parameters: [] };
}

/** Whether every required column is there. */
export function hasAll(columns: LifeColumns, requirement: TableRequirement): boolean {
  return Object.entries(requirement).every(([table, needed]) => needed.every((column) => columns.has(table, column)));
}

function presentValues<Table extends TableName>(
  columns: LifeColumns,
  table: Table,
  values: Values<Table>,
): [column: string, value: Fragment | StoredValue][] {
  const entries: [string, Fragment | StoredValue | undefined][] = Object.entries(values);
  return entries.flatMap(([column, value]) =>
    value !== undefined && isColumnOf(table, column) && columns.has(table, column) ? [[column, value]] : [],
  );
}

function isColumnOf<Table extends TableName>(
  table: Table,
  name: string,
): name is keyof Tables[Table]['columns'] & string {
  return Object.hasOwn(tables[table].columns, name);
}

function joined(fragments: readonly Fragment[]): Fragment {
  return {
    sql: fragments.map(({ sql }) => sql).join(', '),
    parameters: fragments.flatMap(({ parameters }) => parameters),
  };
}
