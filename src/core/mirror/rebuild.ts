import type { Database } from 'bun:sqlite';
import { createTriggers, type MirrorShape, rowCount } from './store-tables.ts';

/** Up to so many changed rows triggers are always fast enough. */
const ALWAYS_BY_TRIGGER = 5_000;
/** A changed row costs the triggers so many times what a row costs that is only added up. */
const TRIGGER_PER_ROW = 7;

/**
 * Changes the tables and what is derived from them: by triggers, or by a rebuild after the change if that is cheaper. To be
 * called in a transaction.
 *
 * @param rows how many rows the change concerns
 */
export function changeTables(database: Database, shape: MirrorShape, rows: number, change: () => void): void {
  const total = shape.tables.reduce((sum, { table }) => sum + rowCount(database, table.name), 0);
  if (rows <= ALWAYS_BY_TRIGGER || rows * TRIGGER_PER_ROW <= total) change();
  else withoutTriggers(database, shape, change);
}

function withoutTriggers(database: Database, shape: MirrorShape, change: () => void): void {
  const triggers = database
    .query<{ name: string }, []>("select name from main.sqlite_schema where type = 'trigger'")
    .all();
  for (const { name } of triggers) database.run(`drop trigger "${name}"`);
  change();
  for (const { name, fill } of shape.objects) {
    if (fill.length > 0) database.run(`delete from "${name}"`);
    for (const statement of fill) database.run(statement);
  }
  createTriggers(database, shape);
}
