import type { ColumnCatalog, TableRequirement } from '../../core/sources/sql/catalog.ts';
import type { WriteStatement } from '../../core/sources/sql/sqlite/messages.ts';
import { sqliteSchema } from '../../core/sources/sql/sqlite/schema.ts';
import type { TableName, Tables } from '../../core/sources/sql/tables.ts';
import type { Random } from '../data/random.ts';
import type { StoredValue } from '../data/stored-row.ts';

/** A piece of SQL with what is bound in it. */
export interface Fragment {
  readonly sql: string;
  readonly parameters: readonly StoredValue[];
}

/**
 * SQL out of a template: values are bound, fragments are put in as they are.
 *
 * Tables are written `main.Table`: by the bare name, a table whose instants are shadowed would be a view.
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
type Values<Table extends TableName> = { readonly [Column in keyof Tables[Table] & string]?: Fragment | StoredValue };

/**
 * Inserts one row for each row of `source`, into those of the columns that the table has.
 *
 * @param source what stands after `from`; one row without columns unless told otherwise
 */
export function insertInto<Table extends TableName>(
  columns: ColumnCatalog,
  table: Table,
  values: Values<Table>,
  source: Fragment = sqlText`(select 1)`,
): WriteStatement {
  const present = presentValues(columns, table, values);
  const names = present.map(([column]) => column).join(', ');
  const selected = joined(present.map(([, value]) => sqlText`${value}`));
  const { sql, parameters } = sqlText`select ${selected} from ${source}`;
  return { table, sql: `insert into main.${table} (${names}) ${sql}`, parameters };
}

/** Sets those of the columns that the table has, in the row of a number. */
export function updateRow<Table extends TableName>(
  columns: ColumnCatalog,
  table: Table,
  values: Values<Table>,
  rowNumber: Fragment,
): WriteStatement {
  const present = presentValues(columns, table, values);
  const set = joined(present.map(([column, value]) => sqlText`${{ sql: column, parameters: [] }} = ${value}`));
  const { sql, parameters } = sqlText`${set} where rowid = ${rowNumber}`;
  return { table, sql: `update main.${table} set ${sql}`, parameters };
}

/** How far back a row is looked for that something can happen to. */
const RECENT_ROWS = 5_000;

/** The number of one of a table's recent rows for which a condition holds; null where there is none. */
export function someRow(table: TableName, random: Random, condition: Fragment): Fragment {
  const name = { sql: `main.${table}`, parameters: [] };
  // Rows in an order that looks like none, and that is the same for every fragment made with the same factor.
  const factor = 1 + 2 * random.below(5_000);
  return sqlText`(select rowid from ${name}
    where rowid > (select max(rowid) from ${name}) - ${RECENT_ROWS} and ${condition}
    order by (rowid * ${factor}) % 9973, rowid limit 1)`;
}

/** A code without letter case and surrounding blanks, as people may have written it. */
export function plainCode(column: string): Fragment {
  return { sql: `lower(trim(${column}))`, parameters: [] };
}

/** Whether every required column is there. */
export function hasAll(columns: ColumnCatalog, requirement: TableRequirement): boolean {
  try {
    columns.require(requirement);
    return true;
  } catch {
    return false;
  }
}

function presentValues<Table extends TableName>(
  columns: ColumnCatalog,
  table: Table,
  values: Values<Table>,
): [column: string, value: Fragment | StoredValue][] {
  const entries: [string, Fragment | StoredValue | undefined][] = Object.entries(values);
  return entries.flatMap(([column, value]) =>
    value !== undefined && isColumnOf(table, column) && columns.has(table, column) ? [[column, value]] : [],
  );
}

function isColumnOf<Table extends TableName>(table: Table, name: string): name is keyof Tables[Table] & string {
  return sqliteSchema[table].some((definition) => definition.startsWith(`${name} `));
}

function joined(fragments: readonly Fragment[]): Fragment {
  return {
    sql: fragments.map(({ sql }) => sql).join(', '),
    parameters: fragments.flatMap(({ parameters }) => parameters),
  };
}
