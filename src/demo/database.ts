import type { Database } from 'bun:sqlite';
import { createTableStatements, sqliteIndexes, sqliteSchema } from '../core/sources/sql/sqlite/schema.ts';
import type { TableName } from '../core/sources/sql/tables.ts';
import type { CompanySpec } from './data/spec.ts';
import type { StoredValue } from './data/stored-row.ts';
import { generateTables } from './data/tables.ts';

/** Marks a database file that we made: `Greg` in ASCII (https://www.sqlite.org/pragma.html#pragma_application_id). */
export const APPLICATION_ID = 0x47726567;

/** Companies of this scale take seconds to make. */
const LARGE = 2;

/**
 * Makes the company's tables in an empty database and fills them.
 *
 * Keys of text are checked by unique indexes that are made at the end: kept up row by row, they would take longer than
 * everything else together.
 *
 * @param database opened with `strict`, so that a row's fields are bound by their names
 * @param onProgress told of each table of a company so large that a person may wonder
 */
export function fillDatabase(database: Database, spec: CompanySpec, onProgress: (text: string) => void): void {
  database.run(`pragma application_id = ${APPLICATION_ID}`);
  database.transaction(() => {
    const keys = createTableStatements().map((statement) => createTable(database, statement));
    generateTables(spec, (table) => {
      if (spec.scale >= LARGE) onProgress(`Making demo data: ${table} …`);
      return insertInto(database, table);
    });
    for (const statement of keys.flat()) database.run(statement);
  })();
}

/** What the figures are read by, statement by statement. */
export const figureIndexes = sqliteIndexes;

/** @returns the statements that make its keys */
function createTable(database: Database, statement: string): string[] {
  const table = /exists (\w+)/.exec(statement)?.[1] ?? '';
  const keys: string[] = [];
  const withoutKeys = statement.replace(TEXT_KEY, (_match, column: string, type: string, key: string) => {
    const name = key === 'unique' ? `AK_${table}_${column}` : `PK_${table}`;
    keys.push(`create unique index ${name} on ${table} (${column})`);
    return `${column} ${type}`;
  });
  database.run(withoutKeys);
  return keys;
}

const TEXT_KEY = /(\w+) (nvarchar\(\d+\) not null) (primary key|unique)/g;

function insertInto(database: Database, table: TableName): (row: Readonly<Record<string, StoredValue>>) => void {
  const columns = sqliteSchema[table].map((definition) => definition.split(' ', 1)[0] ?? '');
  const statement = database.prepare<unknown, [Record<string, StoredValue>]>(
    `insert into ${table} (${columns.join(', ')}) values (${columns.map((column) => `$${column}`).join(', ')})`,
  );
  return (row) => {
    statement.run(row);
  };
}
