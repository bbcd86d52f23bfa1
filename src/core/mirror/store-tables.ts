import { type Database, SQLiteError } from 'bun:sqlite';
import type { Catalog, MirroredTable } from './catalog.ts';
import { storedColumns } from './door.ts';
import type { Expression } from './expression.ts';
import type { MirrorObject } from './mirror-object.ts';
import type { MirrorState } from './mirror-writer.ts';
import { part, rollup } from './rollup.ts';

/** The tables and objects of one source's mirror. */
export interface MirrorShape {
  readonly tables: readonly MirroredTable[];
  /** Each comes after the objects that it depends on. */
  readonly objects: readonly MirrorObject[];
}

/** Adds a row count for each table to the objects of the features. */
export function mirrorShape(tables: readonly MirroredTable[], objects: readonly MirrorObject[]): MirrorShape {
  const counts = tables.map(({ table }) =>
    rollup(
      rowsOf(table.name),
      part<unknown, Record<never, never>>({ name: table.name }, () => ({ by: {} })),
    ),
  );
  return { tables, objects: [...counts, unreadableByColumn, ...objects] };
}

/** The number of unreadable values in each column. A rollup, since there may be as many as rows. */
const unreadableByColumn = rollup(
  'UnreadableByColumn',
  part<UnreadableRow, UnreadableBy>({ name: 'Unreadable' }, ({ column }) => ({
    by: { table: column('table'), column: column('column') },
  })),
);

interface UnreadableRow {
  table: string;
  column: string;
}

type UnreadableBy = { readonly [Name in keyof UnreadableRow]: Expression<string> };

/** The rollup that counts a table's rows. */
export function rowsOf(table: string): string {
  return `Rows of ${table}`;
}

/** Increase it when the door stores values differently: kept mirrors are then loaded again. */
const DOOR_VERSION = 1;

/** The mirror's own tables: the position, and what the door found. `row` is the rowid while a table has no key yet. */
const OWN_TABLES = [
  'create table "MirrorState" ("one" integer primary key check ("one" = 1), "shape" text not null, "position" text not null, "catalog" text not null) strict',
  'create table "Unreadable" ("table" text not null, "key" any not null, "column" text not null, "row" integer, primary key ("table", "column", "key")) strict, without rowid',
  'create index "Unreadable_rows" on "Unreadable" ("table", "key")',
  'create table "Duplicates" ("table" text primary key, "rows" integer not null, "example" any not null) strict',
];

/** Creates the tables only: without keys and triggers, rows are inserted fastest. */
export function createTables(database: Database, { tables }: MirrorShape): void {
  for (const statement of OWN_TABLES) database.run(statement);
  for (const mirrored of tables) database.run(createStatement(mirrored, mirrorTarget(mirrored)));
}

/**
 * An integer key is SQLite's rowid. The index on a text key is created after the table is filled, which takes a fraction of
 * the time.
 */
export function createStatement({ table, ...mirrored }: MirroredTable, target: RowTarget): string {
  const columns = storedColumns({ table, ...mirrored }).map((column) => {
    const type = table.columns[column]?.isText === false ? 'integer primary key' : 'text';
    return `"${column}" ${column === table.key ? `${type} not null` : type.replace(' primary key', '')}`;
  });
  return `create table ${target.schema}."${target.table}" (${columns.join(', ')}) strict`;
}

/** The table that rows are written to: one of the mirror, or a stage whose content is applied later. */
export interface RowTarget {
  readonly schema: 'main' | 'temp';
  readonly table: string;
  /** The table of unreadable values. */
  readonly unreadable: string;
}

export function mirrorTarget({ table }: MirroredTable): RowTarget {
  return { schema: 'main', table: table.name, unreadable: 'Unreadable' };
}

/** The names are distinct, since SQLite resolves a name to a temporary table first. */
export function stageTarget({ table }: MirroredTable): RowTarget {
  return { schema: 'temp', table: `Stage of ${table.name}`, unreadable: 'Stage of Unreadable' };
}

/**
 * Creates the key of a filled table. Of several rows with one key, the first stays.
 *
 * @returns the duplicates that were deleted; null if there were none
 */
export function createKey(database: Database, { table }: MirroredTable, target: RowTarget): Duplicates | null {
  const { key } = table;
  if (table.columns[key]?.isText === false) return null;
  const index = `create unique index ${target.schema}."Key of ${target.table}" on "${target.table}" ("${key}")`;
  try {
    database.run(index);
    return null;
  } catch (error) {
    if (!(error instanceof SQLiteError) || !error.code?.startsWith('SQLITE_CONSTRAINT')) throw error;
  }
  const from = `${target.schema}."${target.table}"`;
  const duplicates = database
    .query<Duplicates, []>(
      `select sum(n - 1) as rows, min("${key}") as example from (select "${key}", count(*) as n from ${from} group by "${key}" having n > 1)`,
    )
    .get();
  database.run(`delete from ${from} where rowid not in (select min(rowid) from ${from} group by "${key}")`);
  database.run(index);
  // The findings in the deleted rows.
  database
    .query(
      `delete from ${target.schema}."${target.unreadable}" as u where "table" = ? and not exists (select 1 from ${from} as t where t.rowid = u."row" and t."${key}" = u."key")`,
    )
    .run(table.name);
  return duplicates;
}

/** The number of rows beyond the first of their key, and one such key. */
export interface Duplicates {
  readonly rows: number;
  readonly example: string | number;
}

/** The statements that create the objects of filled tables. Each may take long; readers can be served in between. */
export function objectSteps({ objects }: MirrorShape): string[] {
  return objects.flatMap(({ create, fill, index }) => [...create, ...index, ...fill]);
}

export function createTriggers(database: Database, { objects }: MirrorShape): void {
  for (const trigger of objects.flatMap(({ triggers }) => triggers)) database.run(trigger);
}

/** Differs for mirrors of other versions and other features. */
export function fingerprintOf({ tables, objects }: MirrorShape): string {
  const text = JSON.stringify([
    DOOR_VERSION,
    OWN_TABLES,
    tables.map((each) => createStatement(each, mirrorTarget(each))),
    objects,
  ]);
  return Bun.hash(text).toString(16);
}

/** The number of rows of a table, from its rollup. */
export function rowCount(database: Database, table: string): number {
  return database.query<{ count: number }, []>(`select "count" from "${rowsOf(table)}"`).get()?.count ?? 0;
}

/** @param duplicates null if there are none */
export function writeDuplicates(database: Database, table: string, duplicates: Duplicates | null): void {
  if (duplicates === null) return;
  database.query('insert into "Duplicates" values (?, ?, ?)').run(table, duplicates.rows, duplicates.example);
}

export function writeState(database: Database, shape: string, position: string, catalog: Catalog): void {
  database
    .query('insert into "MirrorState" values (1, ?, ?, ?) on conflict do update set "position" = ?2, "catalog" = ?3')
    .run(shape, position, JSON.stringify(catalog));
}

/** @returns null for a file that is not a mirror, has another shape, or is damaged or empty */
export function readState(database: Database, fingerprint: string): MirrorState | null {
  try {
    const row = database
      .query<{ shape: string; position: string; catalog: string }, []>(
        'select "shape", "position", "catalog" from "MirrorState"',
      )
      .get();
    if (row?.shape !== fingerprint) return null;
    const catalog: Catalog = JSON.parse(row.catalog);
    return { position: row.position, catalog };
  } catch {
    return null;
  }
}
