import type { Database } from 'bun:sqlite';

/** The keys of changed rows, as SQL Server's Change Tracking stores them. */
export interface SqlChangeLog {
  /** The version of the newest change. All writes since the last call form one version. */
  version(): number;
  /** Keys of rows written after a version. */
  changedSince(table: string, version: number): unknown[];
  /** The oldest valid version. */
  oldest(table: string): number;
  /** Invalidates all earlier versions, as after the retention period. */
  forget(table: string): void;
  /** Deletes every row without a trace, as TRUNCATE TABLE does. */
  truncate(table: string): void;
  /** Number of writes to a table. */
  writes(table: string): number;
  /** Recreates a table, which then has no history and another id. */
  remade(table: string): void;
  /** The id of a table, which changes when it is recreated. */
  id(table: string): number;
  /** Returns to an earlier version, as after a restore. */
  restore(version: number): void;
}

interface LoggedRow {
  readonly key: unknown;
  readonly version: number;
}

/** Follows every write through this connection, by temporary triggers. @param tables with their keys */
export function createSqlChangeLog(database: Database, tables: ReadonlyMap<string, string>): SqlChangeLog {
  database.run('create temp table if not exists moved_rows (name text, key)');
  const rows = new Map<string, Map<string, LoggedRow>>();
  const oldest = new Map<string, number>();
  const writes = new Map<string, number>();
  const ids = new Map([...tables.keys()].map((name, index) => [name, 1_000 + index]));
  let version = 7;

  const follow = (table: string) => {
    const key = tables.get(table) ?? 'Id';
    const isThere =
      database.query("select 1 from sqlite_schema where type = 'table' and name = ? collate nocase").get(table) !==
      null;
    if (!isThere) return;
    for (const [event, sides] of [
      ['insert', ['new']],
      ['update', ['old', 'new']],
      ['delete', ['old']],
    ] as const) {
      const logged = sides.map((side) => `insert into moved_rows values ('${table}', ${side}."${key}");`).join(' ');
      database.run(
        `create temp trigger if not exists moved_${table}_${event} after ${event} on main."${table}" begin ${logged} end`,
      );
    }
  };
  /** What was written since is the next version. */
  const collect = () => {
    for (const table of tables.keys()) follow(table);
    const moved = database.query<{ name: string; key: unknown }, []>('select name, key from moved_rows').all();
    if (moved.length === 0) return;
    version++;
    for (const { name, key } of moved) {
      const logged = rows.get(name) ?? new Map<string, LoggedRow>();
      logged.set(`${typeof key} ${String(key)}`, { key, version });
      rows.set(name, logged);
    }
    for (const name of new Set(moved.map((row) => row.name))) writes.set(name, (writes.get(name) ?? 0) + 1);
    database.run('delete from moved_rows');
  };
  for (const table of tables.keys()) follow(table);

  return {
    version() {
      collect();
      return version;
    },
    changedSince(table, since) {
      collect();
      return [...(rows.get(table)?.values() ?? [])].filter((row) => row.version > since).map(({ key }) => key);
    },
    oldest: (table) => oldest.get(table) ?? 0,
    forget(table) {
      collect();
      rows.delete(table);
      oldest.set(table, ++version);
    },
    truncate(table) {
      collect();
      database.run(`delete from "${table}"`);
      database.run('delete from moved_rows');
      rows.delete(table);
      writes.set(table, (writes.get(table) ?? 0) + 1);
      oldest.set(table, ++version);
    },
    writes(table) {
      collect();
      return writes.get(table) ?? 0;
    },
    remade(table) {
      collect();
      rows.delete(table);
      ids.set(table, (ids.get(table) ?? 0) + 100);
      oldest.set(table, version);
    },
    id: (table) => ids.get(table) ?? 0,
    restore(earlier) {
      collect();
      rows.clear();
      version = earlier;
    },
  };
}
