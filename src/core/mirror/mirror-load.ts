import type { Catalog } from './catalog.ts';
import type { MirrorFile } from './mirror-file.ts';
import type { RawRow } from './mirror-writer.ts';
import {
  createTables,
  createTriggers,
  type MirrorShape,
  mirrorTarget,
  objectSteps,
  rowCount,
  writeDuplicates,
  writeState,
} from './store-tables.ts';
import { TableWriter } from './table-writer.ts';

/**
 * Begins a load in a new file.
 *
 * @throws SQLiteError if the tables cannot be created; the file is then discarded
 */
export function beginLoad(file: MirrorFile, shape: MirrorShape, catalog: Catalog): MirrorLoad {
  try {
    return new MirrorLoad(file, shape, catalog);
  } catch (error) {
    file.discard();
    throw error;
  }
}

/** Loads a new mirror from the start, beside the current one. */
export class MirrorLoad {
  readonly kind = 'load';
  readonly file: MirrorFile;
  readonly catalog: Catalog;
  readonly #shape: MirrorShape;
  readonly #writers: ReadonlyMap<string, TableWriter>;

  constructor(file: MirrorFile, shape: MirrorShape, catalog: Catalog) {
    this.file = file;
    this.catalog = catalog;
    this.#shape = shape;
    createTables(file.database, shape);
    this.#writers = new Map(
      shape.tables.map((mirrored) => [
        mirrored.table.name,
        new TableWriter(file.database, mirrored, catalog, mirrorTarget(mirrored)),
      ]),
    );
  }

  rows(table: string, rows: readonly RawRow[]): void {
    this.file.database.transaction(() => this.#writers.get(table)?.fill(rows))();
  }

  /** A load has rows only. */
  deleted(): void {}

  whole(): void {}

  /**
   * Creates what is derived from the tables, and writes the state.
   *
   * @param pause awaited between long steps
   * @returns the number of rows of all tables
   */
  async complete(fingerprint: string, position: string, pause: () => Promise<void>): Promise<number> {
    const { database } = this.file;
    for (const [table, writer] of this.#writers) {
      writeDuplicates(database, table, writer.finish());
      await pause();
    }
    for (const step of objectSteps(this.#shape)) {
      database.run(step);
      await pause();
    }
    createTriggers(database, this.#shape);
    writeState(database, fingerprint, position, this.catalog);
    return [...this.#writers.keys()].reduce((rows, table) => rows + rowCount(database, table), 0);
  }

  drop(): void {
    this.file.discard();
  }
}
