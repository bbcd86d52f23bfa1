import type { Database } from 'bun:sqlite';
import type { MirroredTable } from './catalog.ts';
import { mirrorChecksums, type TableChecksum } from './checksum.ts';
import type { MirrorFile, MirrorPlace } from './mirror-file.ts';
import type { MirrorState } from './mirror-writer.ts';
import { createReader, type MirrorReader } from './reader.ts';
import { type MirrorShape, mirrorTarget, readState, rowCount } from './store-tables.ts';
import { TableWriter } from './table-writer.ts';

export interface MirrorSize {
  /** By table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly bytes: number;
}

/** A mirror whose load is complete. */
export class LoadedMirror {
  readonly file: MirrorFile;
  /** Of the last commit. A new catalog needs a new `LoadedMirror`: reader and writers depend on it. */
  state: MirrorState;
  readonly reader: MirrorReader;
  readonly writers: ReadonlyMap<string, TableWriter>;
  readonly #shape: MirrorShape;

  constructor(file: MirrorFile, shape: MirrorShape, state: MirrorState) {
    const { database } = file;
    this.file = file;
    this.state = state;
    this.#shape = shape;
    this.reader = createReader(database, state.catalog);
    this.writers = new Map(
      shape.tables.map((mirrored) => [
        mirrored.table.name,
        new TableWriter(database, mirrored, state.catalog, mirrorTarget(mirrored)),
      ]),
    );
  }

  checksums(): TableChecksum[] {
    return mirrorChecksums(this.file.database, this.#shape.tables, this.state.catalog);
  }

  /** Deletes rows that are older than their table keeps them. @returns the tables that changed */
  prune(now: number): string[] {
    return this.#shape.tables
      .filter((mirrored) => pruneTable(this.file.database, mirrored, now))
      .map(({ table }) => table.name);
  }

  size(): MirrorSize {
    const { database } = this.file;
    const rows = this.#shape.tables.map(({ table }) => [table.name, rowCount(database, table.name)] as const);
    const pages = database.query<{ bytes: number }, []>(
      'select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()',
    );
    return { rows: Object.fromEntries(rows), bytes: pages.get()?.bytes ?? 0 };
  }
}

/** The mirror of an earlier process, if it has this shape. */
export function restoreMirror(place: MirrorPlace, shape: MirrorShape, fingerprint: string): LoadedMirror | null {
  const file = place.kept();
  if (file === null) return null;
  const state = readState(file.database, fingerprint);
  if (state !== null) return new LoadedMirror(file, shape, state);
  file.discard();
  return null;
}

/**
 * Deletes the old rows of a table, and what the door found in them. Rows without an instant do not count in any figure of
 * such a table, and are deleted too.
 *
 * @returns whether there were any
 */
function pruneTable(database: Database, { table }: MirroredTable, now: number): boolean {
  const { name, key, keptFor } = table;
  if (keptFor === null) return false;
  const old = `"${keptFor.column}" < ?1 or "${keptFor.column}" is null`;
  const limit = now - keptFor.milliseconds;
  const deleted = database.transaction(() => {
    const keys = `select "${key}" from "${name}" where ${old}`;
    database.query(`delete from "Unreadable" where "table" = ?2 and "key" in (${keys})`).run(limit, name);
    return database.query(`delete from "${name}" where ${old}`).run(limit).changes;
  })();
  return deleted > 0;
}
