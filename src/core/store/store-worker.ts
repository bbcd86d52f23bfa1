import { Database } from 'bun:sqlite';
import { serveDatabase, type WorkerPort } from '../sources/sql/sqlite/serve.ts';

/** The Worker in which the embedded store runs; its one argument is the path of the file. */
declare const self: WorkerPort;

const path = process.argv.at(-1) ?? '';
try {
  const database = new Database(path, { create: true });
  database.run('pragma journal_mode = wal');
  database.run('pragma synchronous = normal');
  database.run('pragma busy_timeout = 1000');
  database.run(
    'create table if not exists Sequences (feature text primary key, seq integer not null, hash text not null)',
  );
  database.run('create table if not exists Runs (id integer primary key check (id = 1), clean integer not null)');
  database.run(
    'create table if not exists Notifications (id integer primary key, key text not null, content text not null)',
  );
  database.run('create table if not exists RuleMemories (rule text primary key, memory text not null)');
  database.run('create table if not exists ResumeTokens (source text primary key, token text not null)');
  serveDatabase(database, self, path);
} catch (error) {
  self.postMessage({ kind: 'failed', id: null, message: error instanceof Error ? error.message : String(error) });
}
