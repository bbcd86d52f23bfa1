import type { Database } from 'bun:sqlite';
import type { Cell } from '../../company/column.ts';
import type { Catalog, MirroredTable } from './catalog.ts';
import { presentColumns } from './catalog.ts';
import { type CleanRow, createDoor, type Door, storedColumns } from './door.ts';
import type { RawCell, RawRow } from './mirror-writer.ts';
import { createKey, type Duplicates, type RowTarget } from './store-tables.ts';

/** Puts rows of one table into the mirror, or into a stage from which they are taken over later. */
export interface TableWriter {
  /** Rows in a table that was empty: the first of a key counts, the others are duplicates. */
  fill(rows: readonly RawRow[]): void;
  /** New and changed rows. @returns how many were new, or differed in their cells or in what can be read of them */
  upsert(rows: readonly RawRow[]): number;
  /** @returns how many were there */
  remove(keys: readonly RawCell[]): number;
  /** Makes the key of a table that was filled. @returns the rows that were left out */
  finish(): Duplicates | null;
}

export function createTableWriter(
  database: Database,
  mirrored: MirroredTable,
  catalog: Catalog,
  target: RowTarget,
): TableWriter {
  const { table } = mirrored;
  const door: Door = createDoor(mirrored, presentColumns(mirrored, catalog), catalog.keys);
  const columns = storedColumns(mirrored);
  const name = `${target.schema}."${target.table}"`;
  const unreadable = `${target.schema}."${target.unreadable}"`;
  const others = columns.filter((column) => column !== table.key);
  const values = `insert into ${name} (${columns.map((column) => `"${column}"`).join(', ')}) values (${columns.map(() => '?').join(', ')})`;
  const insert = database.query<unknown, Cell[]>(`${values} on conflict do nothing`);
  const assign = others.map((column) => `"${column}" = excluded."${column}"`).join(', ');
  const isOther = others.map((column) => `"${column}" is not excluded."${column}"`).join(' or ');
  const replace = database.query<unknown, Cell[]>(
    others.length === 0
      ? `${values} on conflict do nothing`
      : `${values} on conflict do update set ${assign} where ${isOther}`,
  );
  const erase = database.query<unknown, Cell[]>(`delete from ${name} where "${table.key}" = ?`);
  const note = database.query<unknown, Cell[]>(`insert into ${unreadable} values (?, ?, ?, ?) on conflict do nothing`);
  const forget = database.query<unknown, Cell[]>(`delete from ${unreadable} where "table" = ? and "key" = ?`);
  let place = 0;
  let duplicateRows = 0;
  let duplicate: string | number | undefined;

  const noteUnreadable = (clean: CleanRow, row: number | null) => {
    for (const index of clean.unreadable) note.run(table.name, clean.key, mirrored.columns[index] ?? '', row);
  };

  return {
    fill(rows) {
      for (const row of rows) {
        const clean = door.clean(row, place++);
        const { changes, lastInsertRowid } = insert.run(...clean.cells);
        if (changes > 0) noteUnreadable(clean, Number(lastInsertRowid));
        else {
          duplicateRows++;
          duplicate ??= clean.key;
        }
      }
    },
    upsert(rows) {
      let moved = 0;
      for (const row of rows) {
        const clean = door.clean(row, place++);
        const forgotten = forget.run(table.name, clean.key).changes;
        noteUnreadable(clean, null);
        // A missing value may become one that cannot be read, which no cell shows.
        const differs = replace.run(...clean.cells).changes > 0 || forgotten !== clean.unreadable.length;
        moved += differs ? 1 : 0;
      }
      return moved;
    },
    remove(keys) {
      let moved = 0;
      for (const raw of keys) {
        const key = door.key(raw);
        if (key === undefined) continue;
        forget.run(table.name, key);
        moved += erase.run(key).changes > 0 ? 1 : 0;
      }
      return moved;
    },
    finish() {
      const ofText = createKey(database, mirrored, target);
      return ofText ?? (duplicate === undefined ? null : { rows: duplicateRows, example: duplicate });
    },
  };
}
