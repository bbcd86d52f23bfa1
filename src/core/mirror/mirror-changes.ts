import type { Database } from 'bun:sqlite';
import type { Catalog, MirroredTable } from './catalog.ts';
import { storedColumns } from './door.ts';
import type { RawCell, RawRow } from './mirror-writer.ts';
import {
  createStatement,
  createTriggers,
  type Duplicates,
  type MirrorShape,
  rowCount,
  stageTarget,
  writeDuplicates,
  writeState,
} from './store-tables.ts';
import { TableWriter } from './table-writer.ts';

/** Rows or keys that a feed sent, until they are applied. */
interface Step {
  readonly table: string;
  readonly rows: readonly RawRow[];
  readonly deleted: readonly RawCell[];
}

/** Collects changes, and applies them in one transaction. */
export class MirrorChanges {
  readonly kind = 'changes';
  readonly catalog: Catalog;
  readonly #database: Database;
  readonly #shape: MirrorShape;
  readonly #stages = new Map<string, Stage>();
  /** In the order in which they arrived. */
  #steps: Step[] = [];

  constructor(database: Database, shape: MirrorShape, catalog: Catalog) {
    this.#database = database;
    this.#shape = shape;
    this.catalog = catalog;
  }

  rows(table: string, rows: readonly RawRow[]): void {
    const stage = this.#stages.get(table);
    if (stage !== undefined) stage.fill(rows);
    else this.#steps.push({ table, rows, deleted: [] });
  }

  deleted(table: string, keys: readonly RawCell[]): void {
    this.#steps.push({ table, rows: [], deleted: keys });
  }

  /** The rows of this table that follow replace its content. */
  whole(table: string): void {
    const mirrored = this.#shape.tables.find((each) => each.table.name === table);
    if (mirrored === undefined) return;
    // The rows that follow include what these steps changed.
    this.#steps = this.#steps.filter((step) => step.table !== table);
    this.#stages.get(table)?.drop();
    this.#stages.set(table, new Stage(this.#database, mirrored, this.catalog));
  }

  /** @returns by table, how many rows were inserted, changed or deleted */
  apply(writers: ReadonlyMap<string, TableWriter>, fingerprint: string, position: string): ReadonlyMap<string, number> {
    const changed = new Map<string, number>();
    const add = (table: string, rows: number) => changed.set(table, (changed.get(table) ?? 0) + rows);
    const [database, shape] = [this.#database, this.#shape];
    database.transaction(() => {
      for (const [table, stage] of this.#stages) add(table, stage.apply(shape));
      const size = this.#steps.reduce((sum, { rows, deleted }) => sum + rows.length + deleted.length, 0);
      changeTables(database, shape, size, () => {
        for (const { table, rows, deleted } of this.#steps) {
          const writer = writers.get(table);
          add(table, (writer?.remove(deleted) ?? 0) + (writer?.upsert(rows) ?? 0));
        }
      });
      writeState(database, fingerprint, position, this.catalog);
    })();
    this.drop();
    return changed;
  }

  drop(): void {
    for (const stage of this.#stages.values()) stage.drop();
    this.#stages.clear();
    this.#steps = [];
  }
}

/** The new content of a whole table, in a temporary table. */
class Stage {
  readonly #database: Database;
  readonly #mirrored: MirroredTable;
  readonly #writer: TableWriter;

  constructor(database: Database, mirrored: MirroredTable, catalog: Catalog) {
    this.#database = database;
    this.#mirrored = mirrored;
    const target = stageTarget(mirrored);
    this.drop();
    database.run(createStatement(mirrored, target));
    database.run(
      `create table if not exists temp."${target.unreadable}" ("table" text, "key" any, "column" text, "row" integer, primary key ("table", "column", "key")) strict, without rowid`,
    );
    database.query(`delete from temp."${target.unreadable}" where "table" = ?`).run(mirrored.table.name);
    this.#writer = new TableWriter(database, mirrored, catalog, target);
  }

  fill(rows: readonly RawRow[]): void {
    this.#database.transaction(() => this.#writer.fill(rows))();
  }

  /**
   * Makes the mirror's table equal to this one, by the difference. Must run in a transaction.
   *
   * @returns how many rows were new, deleted or different
   */
  apply(shape: MirrorShape): number {
    const database = this.#database;
    const { name, key } = this.#mirrored.table;
    const duplicates = this.#writer.finish();
    const others = storedColumns(this.#mirrored).filter((column) => column !== key);
    const differs = others.map((column) => `s."${column}" is not t."${column}"`).join(' or ') || 'false';
    const stage = `temp."${stageTarget(this.#mirrored).table}" as s`;
    const deleted = `main."${name}" where not exists (select 1 from ${stage} where s."${key}" = main."${name}"."${key}")`;
    const changed = `${stage} left join main."${name}" as t on t."${key}" = s."${key}" where t."${key}" is null or ${differs}`;
    const rows = countRows(database, deleted) + countRows(database, changed);
    if (rows > 0) {
      changeTables(database, shape, rows, () => {
        database.run(`delete from ${deleted}`);
        const assign = others.map((column) => `"${column}" = excluded."${column}"`).join(', ');
        database.run(
          `insert into main."${name}" select s.* from ${changed} on conflict do ${assign === '' ? 'nothing' : `update set ${assign}`}`,
        );
      });
    }
    return rows + (this.#replaceFindings(duplicates) ? 1 : 0);
  }

  drop(): void {
    this.#database.run(`drop table if exists temp."${stageTarget(this.#mirrored).table}"`);
  }

  /** Replaces what the door found in the table. @returns whether it differs from before */
  #replaceFindings(duplicates: Duplicates | null): boolean {
    const database = this.#database;
    const table = this.#mirrored.table.name;
    const { unreadable } = stageTarget(this.#mirrored);
    const before = findings(database, table);
    database.query('delete from main."Unreadable" where "table" = ?').run(table);
    database
      .query(
        `insert into main."Unreadable" select "table", "key", "column", null from temp."${unreadable}" where "table" = ?`,
      )
      .run(table);
    database.query('delete from "Duplicates" where "table" = ?').run(table);
    writeDuplicates(database, table, duplicates);
    return findings(database, table) !== before;
  }
}

function countRows(database: Database, from: string): number {
  return database.query<{ rows: number }, []>(`select count(*) as rows from ${from}`).get()?.rows ?? 0;
}

function findings(database: Database, table: string): string {
  const unreadable = database
    .query('select "column", count(*), min("key") from main."Unreadable" where "table" = ? group by "column"')
    .values(table);
  return JSON.stringify([unreadable, database.query('select * from "Duplicates" where "table" = ?').values(table)]);
}

/** Up to this many changed rows, triggers are always fast enough. */
const ALWAYS_BY_TRIGGER = 5_000;
/** Triggers cost about this many times more for a row than a rebuild does. */
const TRIGGER_COST = 7;

/**
 * Changes the tables and what is derived from them: by triggers, or by a rebuild after the change if that is cheaper. Must
 * run in a transaction.
 *
 * @param rows how many rows change
 */
function changeTables(database: Database, shape: MirrorShape, rows: number, change: () => void): void {
  const total = shape.tables.reduce((sum, { table }) => sum + rowCount(database, table.name), 0);
  if (rows <= ALWAYS_BY_TRIGGER || rows * TRIGGER_COST <= total) change();
  else changeAndRebuild(database, shape, change);
}

function changeAndRebuild(database: Database, shape: MirrorShape, change: () => void): void {
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
