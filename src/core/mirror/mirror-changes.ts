import type { Database } from 'bun:sqlite';
import { applyWhole, type Stage, stageTable } from './apply-whole.ts';
import type { Catalog, MirroredTable } from './catalog.ts';
import type { RawCell, RawRow } from './mirror-writer.ts';
import { changeTables } from './rebuild.ts';
import { type MirrorShape, writeState } from './store-tables.ts';
import type { TableWriter } from './table-writer.ts';

type Writers = ReadonlyMap<string, TableWriter>;

/** What moved, until it is applied in one transaction. */
export interface MirrorChanges {
  readonly kind: 'changes';
  readonly catalog: Catalog;
  rows(table: string, rows: readonly RawRow[]): void;
  deleted(table: string, keys: readonly RawCell[]): void;
  whole(table: string): void;
  /** @returns by table, how many rows were inserted, changed or deleted */
  apply(writers: Writers, shapeName: string, position: string): ReadonlyMap<string, number>;
  drop(): void;
}

interface Step {
  readonly table: string;
  readonly rows: readonly RawRow[];
  readonly deleted: readonly RawCell[];
}

export function beginChanges(database: Database, shape: MirrorShape, catalog: Catalog): MirrorChanges {
  const stages = new Map<string, Stage>();
  const mirrored = new Map<string, MirroredTable>(shape.tables.map((each) => [each.table.name, each]));
  /** In the order in which they came. */
  let steps: Step[] = [];
  const drop = () => {
    for (const stage of stages.values()) stage.drop();
    stages.clear();
    steps = [];
  };
  return {
    kind: 'changes',
    catalog,
    rows(table, rows) {
      const stage = stages.get(table);
      if (stage !== undefined) stage.fill(rows);
      else steps.push({ table, rows, deleted: [] });
    },
    deleted: (table, keys) => void steps.push({ table, rows: [], deleted: keys }),
    whole(table) {
      const definition = mirrored.get(table);
      if (definition === undefined) return;
      // The rows that follow include earlier pieces of the table.
      steps = steps.filter((step) => step.table !== table);
      stages.get(table)?.drop();
      stages.set(table, stageTable(database, definition, catalog));
    },
    apply(writers, shapeName, position) {
      const moved = new Map<string, number>();
      const add = (table: string, rows: number) => moved.set(table, (moved.get(table) ?? 0) + rows);
      database.transaction(() => {
        for (const [table, stage] of stages) {
          const definition = mirrored.get(table);
          if (definition !== undefined) add(table, applyWhole(database, definition, shape, stage));
        }
        const handed = steps.reduce((sum, { rows, deleted }) => sum + rows.length + deleted.length, 0);
        changeTables(database, shape, handed, () => {
          for (const { table, rows, deleted } of steps) {
            const writer = writers.get(table);
            add(table, (writer?.remove(deleted) ?? 0) + (writer?.upsert(rows) ?? 0));
          }
        });
        writeState(database, shapeName, position, catalog);
      })();
      drop();
      return moved;
    },
    drop,
  };
}
