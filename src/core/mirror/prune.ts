import type { Database } from 'bun:sqlite';
import type { MirroredTable } from './catalog.ts';

/**
 * Drops rows, and what the door found in them, that are older than their table keeps them. Rows without an instant count in
 * no figure of such a table, and go as well.
 *
 * @returns the tables that moved
 */
export function pruneTables(database: Database, tables: readonly MirroredTable[], now: number): string[] {
  return tables.flatMap(({ table: { name, key, keptFor } }) => {
    if (keptFor === null) return [];
    const old = `"${keptFor.column}" < ?1 or "${keptFor.column}" is null`;
    const limit = now - keptFor.milliseconds;
    return database.transaction(() => {
      const keys = `select "${key}" from "${name}" where ${old}`;
      database.query(`delete from "Unreadable" where "table" = ?2 and "key" in (${keys})`).run(limit, name);
      return database.query(`delete from "${name}" where ${old}`).run(limit).changes;
    })() > 0
      ? [name]
      : [];
  });
}
