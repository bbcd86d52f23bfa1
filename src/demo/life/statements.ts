import { type Tables, tables } from '../../company/tables.ts';
import type { Random } from '../data/random.ts';
import type { StoredValue, TableName } from '../data/stored-row.ts';
import type { LifeColumns, TableRequirement, TableStatement } from './change.ts';

/** A piece of SQL with its parameters. */
export interface Fragment {
  readonly sql: string;
  readonly parameters: readonly StoredValue[];
}

/**
 * Builds SQL from a template: binds values and inserts fragments.
 *
 * Write tables as `main.Table`, so that a temporary table of the same name is never used.
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

/** New values by column. */
type Values<Table extends TableName> = {
  readonly [Column in keyof Tables[Table]['columns'] & string]?: Fragment | StoredValue;
};

/**
 * Inserts one row for each row of `source`. Skips columns that the table lacks.
 *
 * @param source the `from` clause; by default a single row
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

/** Updates the row with this rowid. Skips columns that the table lacks. */
export function updateRow<Table extends TableName>(
  columns: LifeColumns,
  table: Table,
  values: Values<Table>,
  rowid: Fragment,
): TableStatement {
  const present = presentValues(columns, table, values);
  const set = joined(present.map(([column, value]) => sqlText`${{ sql: column, parameters: [] }} = ${value}`));
  const { sql, parameters } = sqlText`${set} where rowid = ${rowid}`;
  return { table, sql: `update main.${table} set ${sql}`, parameters };
}

/** How many of the newest rows are searched for a suitable one. */
const RECENT_ROWS = 5_000;

/**
 * The rowid of a recent row that meets a condition; null if there is none. Takes the first match from a random row on, to
 * read few rows; else the first match of all recent rows.
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

/** A code in lower case, without surrounding blanks. */
export function plainCode(column: string): Fragment {
  return { sql: `lower(trim(${column}))`, parameters: [] };
}

/** Whether all required columns exist. */
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
