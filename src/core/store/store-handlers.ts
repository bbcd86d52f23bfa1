import type { Database } from 'bun:sqlite';
import type { Statement } from './statement.ts';

const TABLES = [
  'create table if not exists Sequences (feature text primary key, seq integer not null, hash text not null)',
  'create table if not exists Processes (id text primary key, pid integer not null, host text not null, started integer not null, beat integer not null)',
  'create table if not exists Notifications (id integer primary key, key text not null, content text not null)',
  'create index if not exists NotificationKeys on Notifications (key)',
  'create table if not exists RuleMemories (rule text primary key, memory text not null)',
  'create table if not exists RuleMemoryTimes (rule text primary key, noted integer not null)',
  'create table if not exists OutletMemory (outlet text not null, key text not null, value text not null, primary key (outlet, key)) without rowid',
];

/** How long a statement waits for another process that writes or checkpoints, ms. */
const LOCK_WITHIN_MS = 5_000;

export type StoreHandlers = ReturnType<typeof storeHandlers>;

/** The methods of the store's Worker. */
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
    /** Runs the statements in one transaction. */
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
