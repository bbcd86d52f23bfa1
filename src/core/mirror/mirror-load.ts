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
import { createTableWriter } from './table-writer.ts';

/** A mirror that is loaded from the beginning, beside the one that is in use. */
export interface MirrorLoad {
  readonly kind: 'load';
  readonly catalog: Catalog;
  readonly file: MirrorFile;
  rows(table: string, rows: readonly RawRow[]): void;
  deleted(): void;
  whole(): void;
  /**
   * Makes what follows the tables, and writes the state.
   *
   * @param pause awaited between steps that take their time
   * @returns rows of all tables
   */
  complete(shapeName: string, position: string, pause: () => Promise<void>): Promise<number>;
  drop(): void;
}

export function beginLoad(file: MirrorFile, shape: MirrorShape, catalog: Catalog): MirrorLoad {
  const { database } = file;
  createTables(database, shape);
  const writers = new Map(
    shape.tables.map((mirrored) => [
      mirrored.table.name,
      createTableWriter(database, mirrored, catalog, mirrorTarget(mirrored)),
    ]),
  );
  return {
    kind: 'load',
    catalog,
    file,
    rows(table, rows) {
      database.transaction(() => writers.get(table)?.fill(rows))();
    },
    deleted() {},
    whole() {},
    async complete(shapeName, position, pause) {
      for (const [table, writer] of writers) {
        writeDuplicates(database, table, writer.finish());
        await pause();
      }
      for (const step of objectSteps(shape)) {
        database.run(step);
        await pause();
      }
      createTriggers(database, shape);
      writeState(database, shapeName, position, catalog);
      return [...writers.keys()].reduce((rows, table) => rows + rowCount(database, table), 0);
    },
    drop: () => file.discard(),
  };
}
