import type { Database } from 'bun:sqlite';
import { hasSpelling, type Table } from '../../company/table.ts';
import { tables } from '../../company/tables.ts';
import { compareText } from '../figures/ordering.ts';
import type { Catalog, TableColumns } from './catalog.ts';
import { isPlaceholderKey, READABLE_KEY } from './door.ts';
import type { Problem } from './problem.ts';

interface ProblemRow {
  readonly kind: Problem['kind'];
  readonly table: string;
  readonly column: string;
  readonly rows: number;
  readonly example: string | number | null;
}

const definitions: Readonly<Record<string, Table>> = tables;

/** The problems of the data in these columns, in the order of table and column. */
export function problemsOf(database: Database, catalog: Catalog, columns: TableColumns): Problem[] {
  const found = database
    .query<ProblemRow, []>(
      `select 'unreadable-value' as kind, "table", "column", "count" as rows, (
         select "key" from "Unreadable" as u where u."table" = c."table" and u."column" = c."column" and ${READABLE_KEY} limit 1
       ) as example from "UnreadableByColumn" as c
       union all select 'duplicate-key', "table", '', "rows", "example" from "Duplicates" where "rows" > 0`,
    )
    .all()
    .filter(({ table, column }) => table in columns && (column === '' || isRead(table, column, columns)))
    .map(
      ({ kind, table, column, rows, example }): Problem => ({
        kind,
        table,
        column: column === '' ? (definitions[table]?.key ?? '') : column,
        rows,
        example: example === null || isPlaceholderKey(example) ? null : originalKey(database, table, example),
      }),
    );
  return [...missingColumns(catalog, columns), ...found].sort(
    (left, right) =>
      compareText(left.table, right.table) ||
      compareText(left.column, right.column) ||
      compareText(left.kind, right.kind),
  );
}

/** Every feature that reads a table depends on its key. */
function isRead(table: string, column: string, columns: TableColumns): boolean {
  return column === definitions[table]?.key || columns[table]?.includes(column) === true;
}

/** A key in its original spelling, which may differ from the compared one. */
function originalKey(database: Database, name: string, key: string | number): string {
  const table = definitions[name];
  const column = table?.columns[table.key];
  if (table === undefined || column === undefined || !hasSpelling(column)) return String(key);
  const row = database
    .query<{ key: string }, [string | number]>(
      `select coalesce("${table.key}Written", "${table.key}") as key from "${name}" where "${table.key}" = ?`,
    )
    .get(key);
  return row?.key ?? String(key);
}

/** Missing optional columns. A missing table, or a missing required column, fails the feature instead. */
function missingColumns(catalog: Catalog, columns: TableColumns): Problem[] {
  return Object.entries(columns).flatMap(([table, wanted]) => {
    const present = catalog.columns[table];
    if (present === undefined) return [];
    return wanted
      .filter((column) => !present.includes(column))
      .map((column): Problem => ({ kind: 'missing-column', table, column, rows: 0, example: null }));
  });
}
