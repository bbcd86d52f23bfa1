import { Database } from 'bun:sqlite';
import { createTableStatements, keyIndexStatements } from '../../src/demo/sqlite-schema.ts';

/**
 * An empty database in memory with the company's tables.
 *
 * @param without optional columns to leave out, as `Table.Column`
 */
export function emptyDatabase(without: ReadonlySet<string> = new Set()): Database {
  const database = new Database(':memory:');
  for (const statement of [...createTableStatements(without), ...keyIndexStatements]) database.run(statement);
  return database;
}
