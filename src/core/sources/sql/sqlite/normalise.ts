import type { Database } from 'bun:sqlite';
import { sqliteSchema } from './schema.ts';

const INSTANT_GLOB = '????-??-??T??:??:??.???Z';

/**
 * Lets people bring instants in any form that SQLite reads (`2026-03-01 12:00:00`, `…T12:00Z`, EF Core's seven digits).
 *
 * The figures compare instants as text, so a table that holds other forms is shadowed by a temporary view that rewrites
 * them; the file itself is left as it is. A table in which every instant has the one form is read directly.
 *
 * @returns the tables that are shadowed
 */
export function shadowForeignInstants(database: Database): string[] {
  const shadowed: string[] = [];
  for (const [table, definitions] of Object.entries(sqliteSchema)) {
    database.run(`drop view if exists temp.${table}`);
    const instants = new Set(
      definitions.filter((definition) => /^\w+ datetime2\b/.test(definition)).map((text) => text.split(' ', 1)[0]),
    );
    const columns = tableColumns(database, table);
    const present = columns.filter((column) => instants.has(column));
    const foreign = present.filter((column) => hasForeignInstant(database, table, column));
    if (foreign.length === 0) continue;
    const selected = columns.map((column) =>
      foreign.includes(column) ? `strftime('%Y-%m-%dT%H:%M:%fZ', "${column}") as "${column}"` : `"${column}"`,
    );
    database.run(`create temp view ${table} as select ${selected.join(', ')} from main.${table}`);
    shadowed.push(table);
  }
  return shadowed;
}

function tableColumns(database: Database, table: string): string[] {
  return database
    .query<{ name: string }, []>(`select name from pragma_table_info('${table}')`)
    .all()
    .map(({ name }) => name);
}

function hasForeignInstant(database: Database, table: string, column: string): boolean {
  const found = database.query(
    `select 1 from main.${table} where "${column}" is not null and "${column}" not glob '${INSTANT_GLOB}' limit 1`,
  );
  return found.get() !== null;
}
