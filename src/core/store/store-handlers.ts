import type { Database } from 'bun:sqlite';
import type { Statement } from './statement.ts';

const TABLES = [
  'create table if not exists Sequences (feature text primary key, seq integer not null, hash text not null)',
  'create table if not exists Processes (id text primary key, pid integer not null, host text not null, started integer not null, beat integer not null)',
  'create table if not exists Notifications (id integer primary key, key text not null, content text not null)',
  'create index if not exists NotificationKeys on Notifications (key)',
  'create table if not exists RuleMemories (rule text primary key, memory text not null)',
  'create table if not exists RuleMemoryTimes (rule text primary key, noted integer not null)',
];

/** Another process may be writing, or removing the log of its writes. */
const LOCK_WITHIN_MS = 5_000;

export type StoreHandlers = ReturnType<typeof storeHandlers>;

/** What the store's Worker does with its database. */
export function storeHandlers(database: Database) {
  database.run(`pragma busy_timeout = ${LOCK_WITHIN_MS}`);
  database.run('pragma journal_mode = wal');
  database.run('pragma synchronous = normal');
  database
    .transaction(() => {
      for (const table of TABLES) database.run(table);
    })
    .immediate();
  return {
    query: ({ sql, parameters }: Statement): unknown[] =>
      database.query<unknown, (string | number)[]>(sql).all(...parameters),
    /** All statements or none. */
    write(statements: readonly Statement[]): void {
      database
        .transaction(() => {
          for (const { sql, parameters } of statements) database.query(sql).run(...parameters);
        })
        .immediate();
    },
    close: (): void => database.close(),
  };
}
