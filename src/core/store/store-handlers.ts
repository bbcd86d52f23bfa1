import type { Database } from 'bun:sqlite';
import type { Statement } from './statement.ts';

const TABLES = [
  'create table if not exists Sequences (feature text primary key, seq integer not null, hash text not null)',
  'create table if not exists Runs (id integer primary key check (id = 1), clean integer not null)',
  'create table if not exists Notifications (id integer primary key, key text not null, content text not null)',
  'create table if not exists RuleMemories (rule text primary key, memory text not null)',
];

export type StoreHandlers = ReturnType<typeof storeHandlers>;

/** What the store's Worker does with its database. */
export function storeHandlers(database: Database) {
  database.run('pragma journal_mode = wal');
  database.run('pragma synchronous = normal');
  database.run('pragma busy_timeout = 1000');
  for (const table of TABLES) database.run(table);
  return {
    query: ({ sql, parameters }: Statement): unknown[] =>
      database.query<unknown, (string | number)[]>(sql).all(...parameters),
    /** All statements or none. */
    write(statements: readonly Statement[]): void {
      database.transaction(() => {
        for (const { sql, parameters } of statements) database.query(sql).run(...parameters);
      })();
    },
    close: (): void => database.close(),
  };
}
