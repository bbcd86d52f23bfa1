import { Database } from 'bun:sqlite';
import { existsSync } from 'node:fs';
import type { Instant } from '../figures/calendar.ts';
import { isAlive, processesIn, SELECT_PROCESSES, type StoreProcess } from './presence.ts';

/**
 * The processes that use a store. Opens it read-only.
 *
 * @throws SQLiteError if the file is not a store
 */
export function readProcesses(path: string, now: Instant): StoreProcess[] {
  if (!existsSync(path)) return [];
  const database = new Database(path, { readonly: true });
  try {
    const found = database.query("select 1 from sqlite_schema where name = 'Processes'").get();
    return found === null
      ? []
      : processesIn(database.query(SELECT_PROCESSES.sql).all()).filter((each) => isAlive(each, now));
  } finally {
    database.close();
  }
}
