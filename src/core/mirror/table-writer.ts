import type { Database, Statement } from 'bun:sqlite';
import type { Cell } from '../../company/column.ts';
import { type Catalog, type MirroredTable, presentColumns } from './catalog.ts';
import { type CleanRow, createDoor, type Door, storedColumns } from './door.ts';
import type { RawCell, RawRow } from './mirror-writer.ts';
import { createKey, type Duplicates, type RowTarget } from './store-tables.ts';

/** Cleans the rows of one table and writes them to the mirror, or to a stage whose content is applied later. */
export class TableWriter {
  readonly #database: Database;
  readonly #mirrored: MirroredTable;
  readonly #target: RowTarget;
  readonly #door: Door;
  readonly #statements: Statements;
  /** Rows that were written so far: a row with an unreadable key is named by its index. */
  #place = 0;
  #duplicates: Duplicates | null = null;

  constructor(database: Database, mirrored: MirroredTable, catalog: Catalog, target: RowTarget) {
    this.#database = database;
    this.#mirrored = mirrored;
    this.#target = target;
    this.#door = createDoor(mirrored, presentColumns(mirrored, catalog), catalog.keys);
    this.#statements = prepare(database, mirrored, target);
  }

  /** Writes rows to a table that was empty. Of several rows with one key, the first counts; the others are duplicates. */
  fill(rows: readonly RawRow[]): void {
    for (const row of rows) {
      const clean = this.#door.clean(row, this.#place++);
      const { changes, lastInsertRowid } = this.#statements.insert.run(...clean.cells);
      if (changes > 0) this.#noteUnreadable(clean, Number(lastInsertRowid));
      else
        this.#duplicates = { rows: (this.#duplicates?.rows ?? 0) + 1, example: this.#duplicates?.example ?? clean.key };
    }
  }

  /**
   * Writes new and changed rows.
   *
   * @returns how many were new, or differed in their cells or in which of their values are unreadable
   */
  upsert(rows: readonly RawRow[]): number {
    let changed = 0;
    for (const row of rows) {
      const clean = this.#door.clean(row, this.#place++);
      const forgotten = this.#statements.forget.run(this.#mirrored.table.name, clean.key).changes;
      this.#noteUnreadable(clean, null);
      // A missing value may become an unreadable one, which no cell shows.
      const differs = this.#statements.replace.run(...clean.cells).changes > 0 || forgotten !== clean.unreadable.length;
      if (differs) changed++;
    }
    return changed;
  }

  /** @returns how many of the keys had a row */
  remove(keys: readonly RawCell[]): number {
    let removed = 0;
    for (const raw of keys) {
      const key = this.#door.key(raw);
      if (key === undefined) continue;
      this.#statements.forget.run(this.#mirrored.table.name, key);
      if (this.#statements.remove.run(key).changes > 0) removed++;
    }
    return removed;
  }

  /** Creates the key of a table that was filled. @returns the rows that were left out */
  finish(): Duplicates | null {
    return createKey(this.#database, this.#mirrored, this.#target) ?? this.#duplicates;
  }

  #noteUnreadable({ key, unreadable }: CleanRow, row: number | null): void {
    const { table, columns } = this.#mirrored;
    for (const index of unreadable) this.#statements.note.run(table.name, key, columns[index] ?? '', row);
  }
}

type Write = Statement<unknown, Cell[]>;

interface Statements {
  readonly insert: Write;
  /** Inserts a row, or updates it if a cell differs. */
  readonly replace: Write;
  readonly remove: Write;
  /** Notes an unreadable value. */
  readonly note: Write;
  /** Deletes the notes of a row. */
  readonly forget: Write;
}

function prepare(database: Database, mirrored: MirroredTable, target: RowTarget): Statements {
  const { key } = mirrored.table;
  const columns = storedColumns(mirrored);
  const name = `${target.schema}."${target.table}"`;
  const unreadable = `${target.schema}."${target.unreadable}"`;
  const others = columns.filter((column) => column !== key);
  const values = `insert into ${name} (${columns.map((column) => `"${column}"`).join(', ')}) values (${columns.map(() => '?').join(', ')})`;
  const assign = others.map((column) => `"${column}" = excluded."${column}"`).join(', ');
  const differs = others.map((column) => `"${column}" is not excluded."${column}"`).join(' or ');
  const query = (sql: string) => database.query<unknown, Cell[]>(sql);
  return {
    insert: query(`${values} on conflict do nothing`),
    replace: query(
      others.length === 0
        ? `${values} on conflict do nothing`
        : `${values} on conflict do update set ${assign} where ${differs}`,
    ),
    remove: query(`delete from ${name} where "${key}" = ?`),
    note: query(`insert into ${unreadable} values (?, ?, ?, ?) on conflict do nothing`),
    forget: query(`delete from ${unreadable} where "table" = ? and "key" = ?`),
  };
}
