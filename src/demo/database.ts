import type { Database } from 'bun:sqlite';
import { sqlTables } from '../company/tables.ts';
import type { CompanySpec } from './data/spec.ts';
import type { StoredValue } from './data/stored-row.ts';
import { generateTables } from './data/tables.ts';
import { createTableStatements, keyIndexStatements, storedColumns } from './sqlite-schema.ts';

/** Marks a generated database file: `Greg` in ASCII (https://www.sqlite.org/pragma.html#pragma_application_id). */
export const APPLICATION_ID = 0x47726567;

/** From this scale, generating takes seconds. */
const LARGE = 2;

/**
 * Creates the company's tables in an empty database and fills them.
 *
 * @param database opened with `strict`, which binds a row's fields by name
 * @param onProgress called with each table if generating takes a while
 */
export function fillDatabase(database: Database, spec: CompanySpec, onProgress: (text: string) => void): void {
  database.run(`pragma application_id = ${APPLICATION_ID}`);
  database.transaction(() => {
    for (const statement of createTableStatements()) database.run(statement);
    generateTables(spec, (table: string) => {
      if (spec.scale >= LARGE) onProgress(`Making demo data: ${table} …`);
      return insertInto(database, table);
    });
    for (const statement of keyIndexStatements) database.run(statement);
  })();
}

function insertInto(database: Database, name: string): (row: Readonly<Record<string, StoredValue>>) => void {
  const table = sqlTables.find((each) => each.name === name);
  if (table === undefined) throw new TypeError(`The company has no table ${name}`);
  const columns = storedColumns(table);
  const statement = database.query<unknown, [Record<string, StoredValue>]>(
    `insert into ${name} (${columns.join(', ')}) values (${columns.map((column) => `$${column}`).join(', ')})`,
  );
  return (row) => {
    statement.run(row);
  };
}
