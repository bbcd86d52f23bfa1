import type { Database } from 'bun:sqlite';
import { quoted, type SqliteTable } from './sqlite-tables.ts';

/**
 * Logs the key of every row that one connection changes, in a temporary table that triggers fill. Other programs do not see
 * it, and the file is not changed.
 */
export interface ChangeLog {
  /** Replaces the triggers on these tables. A recreated table has lost its own. */
  watch(tables: readonly SqliteTable[]): void;
  /** The number of the last change. */
  last(): number;
  /** Whether every change of the watched tables is logged. Views and tables without a unique key are not. */
  readonly isComplete: boolean;
  /** The keys of rows that changed after a number, each once, in batches. The database must not change meanwhile. */
  keysSince(table: SqliteTable, sequence: number): Generator<readonly LoggedKey[]>;
  /** Drops the changes up to a number. */
  forget(sequence: number): void;
  /** The changes up to this number were dropped. */
  readonly forgotten: number;
}

/** A key as stored in the database. */
export type LoggedKey = string | number | bigint | Uint8Array | null;

const LOG = 'greg_changes';
const KEYS_AT_ONCE = 2_000;

export function createChangeLog(database: Database): ChangeLog {
  database.run('pragma temp_store = memory');
  // `insert or replace` then fires the delete trigger for the replaced row.
  database.run('pragma recursive_triggers = on');
  database.run(
    `create temp table if not exists ${LOG} (id integer primary key autoincrement, changed text not null, key)`,
  );
  database.run(`create index if not exists temp.${LOG}_keys on ${LOG} (changed, key)`);
  const last = database.query<{ last: number | bigint }, []>(
    `select coalesce((select seq from temp.sqlite_sequence where name = '${LOG}'), 0) as last`,
  );
  const keys = database.query<{ id: number | bigint; key: LoggedKey }, [string, number]>(
    `select id, key from temp.${LOG} where changed = ? and id > ? order by id limit ${KEYS_AT_ONCE}`,
  );
  const forget = database.query(`delete from temp.${LOG} where id <= ?`);
  let triggers: string[] = [];
  let forgotten = 0;
  let isComplete = true;
  return {
    watch(tables) {
      isComplete = tables.every(({ hasUniqueKey }) => hasUniqueKey);
      for (const name of triggers) database.run(`drop trigger if exists temp.${name}`);
      triggers = tables.filter(({ hasUniqueKey }) => hasUniqueKey).flatMap((table) => createTriggers(database, table));
    },
    last: () => Number(last.get()?.last ?? 0),
    get isComplete() {
      return isComplete;
    },
    *keysSince(table, sequence) {
      let since = sequence;
      for (;;) {
        const batch = keys.all(table.name, since);
        const last = batch.at(-1);
        if (last === undefined) return;
        since = Number(last.id);
        yield batch.map(({ key }) => key);
      }
    },
    forget(sequence) {
      if (sequence <= forgotten) return;
      forgotten = sequence;
      forget.run(sequence);
    },
    get forgotten() {
      return forgotten;
    },
  };
}

/** @returns the names of the triggers */
function createTriggers(database: Database, { name, columns }: SqliteTable): string[] {
  const key = quoted(columns[0] ?? '');
  const text = `'${name.replaceAll("'", "''")}'`;
  // Not `on conflict`: the statement that fires the trigger would override it.
  const note = (row: 'old' | 'new') =>
    `delete from ${LOG} where changed = ${text} and key is ${row}.${key};
     insert into ${LOG} (changed, key) values (${text}, ${row}.${key});`;
  const trigger = (operation: string, statements: string) => {
    const made = `${LOG}_${operation}_${Bun.hash(name).toString(16)}`;
    database.run(`create temp trigger ${made} after ${operation} on main.${quoted(name)} begin ${statements} end`);
    return made;
  };
  return [trigger('insert', note('new')), trigger('update', note('old') + note('new')), trigger('delete', note('old'))];
}
