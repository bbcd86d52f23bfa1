import type { Database } from 'bun:sqlite';
import { SourceError } from '../sources/source-errors.ts';
import { applyWhole, type Stage, stageTable } from './apply-whole.ts';
import type { Catalog, MirroredTable } from './catalog.ts';
import { mirrorChecksums, type TableChecksum } from './checksum.ts';
import { type MirrorFile, openMirrorFile } from './mirror-file.ts';
import type { Applied, MirrorState, RawCell, RawRow } from './mirror-writer.ts';
import { createReader, type MirrorReader } from './reader.ts';
import {
  createTables,
  createTriggers,
  type Duplicates,
  fingerprintOf,
  type MirrorShape,
  objectSteps,
  rowsOf,
  writeState,
} from './store-tables.ts';
import { createTableWriter, type TableWriter } from './table-writer.ts';

export interface MirrorDatabaseOptions {
  readonly shape: MirrorShape;
  /** File that keeps the mirror; null: it is in memory. */
  readonly path: string | null;
  /** Receives each database that takes the place of the one before. */
  readonly onOpen?: (database: Database) => void;
}

/** The mirror of one source, in the thread that calls it. See `MirrorWriter`. */
export interface MirrorDatabase {
  state(): MirrorState | null;
  begin(kind: 'load' | 'changes', catalog: Catalog): void;
  rows(table: string, rows: readonly RawRow[]): void;
  deleted(table: string, keys: readonly RawCell[]): void;
  whole(table: string): void;
  /** @param pause awaited between steps that take their time, so that readers are served meanwhile */
  commit(position: string, pause?: () => Promise<void>): Promise<Applied>;
  rollback(): void;
  checksums(): TableChecksum[];
  /** Null where nothing has been loaded yet. */
  reader(): MirrorReader | null;
  /** Drops rows that are older than their table keeps them. @returns the tables that moved */
  prune(now: number): string[];
  /** Rows by table, and the size of it all in bytes. */
  size(): { readonly rows: Readonly<Record<string, number>>; readonly bytes: number };
  close(): void;
}

interface Load {
  readonly kind: 'load';
  readonly catalog: Catalog;
  readonly file: MirrorFile;
  readonly writers: ReadonlyMap<string, TableWriter>;
}

interface Changes {
  readonly kind: 'changes';
  readonly catalog: Catalog;
  /** In the order in which they came. */
  steps: { readonly table: string; readonly rows: readonly RawRow[]; readonly deleted: readonly RawCell[] }[];
  readonly stages: Map<string, Stage>;
}

interface Current {
  readonly file: MirrorFile;
  state: MirrorState;
  reader: MirrorReader;
  writers: ReadonlyMap<string, TableWriter>;
}

/** @throws SourceError when a file cannot be opened or made */
export function openMirrorDatabase({ shape, path, onOpen = () => {} }: MirrorDatabaseOptions): MirrorDatabase {
  const fingerprint = fingerprintOf(shape);
  let current: Current | null = null;
  let collecting: Load | Changes | null = null;

  const writersFor = (database: Database, catalog: Catalog) =>
    new Map(
      shape.tables.map((mirrored) => [mirrored.table.name, createTableWriter(database, mirrored, catalog, 'main')]),
    );
  const mirroredOf = (name: string): MirroredTable => {
    const found = shape.tables.find(({ table }) => table.name === name);
    if (found === undefined) throw new TypeError(`The mirror has no table ${name}`);
    return found;
  };
  const rollback = () => {
    if (collecting?.kind === 'load') collecting.file.discard();
    if (collecting?.kind === 'changes') for (const stage of collecting.stages.values()) stage.drop();
    collecting = null;
  };
  const use = (file: MirrorFile, state: MirrorState): Current => {
    onOpen(file.database);
    const [reader, writers] = [createReader(file.database, state.catalog), writersFor(file.database, state.catalog)];
    return { file, state, reader, writers };
  };

  const commitLoad = async ({ file, catalog, writers }: Load, position: string, pause: () => Promise<void>) => {
    const { database } = file;
    for (const [table, writer] of writers) {
      const duplicates = writer.finish();
      if (duplicates !== null) noteDuplicates(database, table, duplicates);
      await pause();
    }
    for (const step of objectSteps(shape)) {
      database.run(step);
      await pause();
    }
    createTriggers(database, shape);
    let rows = 0;
    database.transaction(() => {
      for (const table of writers.keys()) rows += countOf(database, table);
      writeState(database, fingerprint, position, catalog);
    })();
    const before = current;
    const finished = file.finish(() => before?.file.close());
    current = use(finished, { position, catalog });
    return { tables: shape.tables.map(({ table }) => table.name), rows };
  };

  const commitChanges = ({ catalog, steps, stages }: Changes, position: string, into: Current): Applied => {
    const { database } = into.file;
    const moved = new Map<string, number>();
    const add = (table: string, rows: number) => moved.set(table, (moved.get(table) ?? 0) + rows);
    const isNewCatalog = JSON.stringify(catalog) !== JSON.stringify(into.state.catalog);
    const writers = isNewCatalog ? writersFor(database, catalog) : into.writers;
    database.transaction(() => {
      for (const [table, stage] of stages) add(table, applyWhole(database, mirroredOf(table), shape, stage));
      for (const { table, rows, deleted } of steps) {
        const writer = writers.get(table);
        add(table, (writer?.remove(deleted) ?? 0) + (writer?.upsert(rows) ?? 0));
      }
      writeState(database, fingerprint, position, catalog);
    })();
    for (const stage of stages.values()) stage.drop();
    into.state = { position, catalog };
    if (isNewCatalog) Object.assign(into, { writers, reader: createReader(database, catalog) });
    const tables = isNewCatalog
      ? shape.tables.map(({ table }) => table.name)
      : [...moved.keys()].filter((table) => moved.get(table) !== 0);
    return { tables, rows: [...moved.values()].reduce((sum, rows) => sum + rows, 0) };
  };

  current = restore();

  return {
    state: () => current?.state ?? null,
    begin(kind, catalog) {
      rollback();
      if (kind === 'changes') collecting = { kind, catalog, steps: [], stages: new Map() };
      else {
        const file = openMirrorFile(path, 'loading');
        createTables(file.database, shape);
        collecting = { kind, catalog, file, writers: writersFor(file.database, catalog) };
      }
    },
    rows(table, rows) {
      if (collecting === null) throw new TypeError('Rows were handed over before begin');
      if (collecting.kind === 'load') {
        const { file, writers } = collecting;
        file.database.transaction(() => writers.get(table)?.fill(rows))();
        return;
      }
      const stage = collecting.stages.get(table);
      if (stage !== undefined) stage.fill(rows);
      else collecting.steps.push({ table, rows, deleted: [] });
    },
    deleted(table, keys) {
      if (collecting?.kind === 'changes') collecting.steps.push({ table, rows: [], deleted: keys });
    },
    whole(table) {
      if (collecting?.kind !== 'changes' || current === null) return;
      // Changes that were handed over before are in the rows that follow.
      collecting = { ...collecting, steps: collecting.steps.filter((step) => step.table !== table) };
      collecting.stages.get(table)?.drop();
      // What was handed over of the table before is not among "all that it has".
      collecting.steps = collecting.steps.filter((step) => step.table !== table);
      collecting.stages.set(table, stageTable(current.file.database, mirroredOf(table), collecting.catalog));
    },
    async commit(position, pause = async () => {}) {
      if (collecting === null) throw new TypeError('There is nothing to commit');
      try {
        if (collecting.kind === 'load') return await commitLoad(collecting, position, pause);
        if (current === null) throw new TypeError('Changes of a mirror that was never loaded');
        return commitChanges(collecting, position, current);
      } catch (error) {
        rollback();
        throw unwritable(error);
      } finally {
        collecting = null;
      }
    },
    rollback,
    checksums: () =>
      current === null ? [] : mirrorChecksums(current.file.database, shape.tables, current.state.catalog),
    reader: () => current?.reader ?? null,
    prune(now) {
      if (current === null) return [];
      const { database } = current.file;
      return shape.tables.flatMap(({ table }) => {
        if (table.keptFor === null) return [];
        const { column, milliseconds } = table.keptFor;
        const old = `"${column}" < ? or "${column}" is null`;
        const { changes } = database.query(`delete from "${table.name}" where ${old}`).run(now - milliseconds);
        return changes > 0 ? [table.name] : [];
      });
    },
    size() {
      if (current === null) return { rows: {}, bytes: 0 };
      const { database } = current.file;
      const rows = shape.tables.map(({ table }) => [table.name, countOf(database, table.name)] as const);
      const pages = database.query<{ bytes: number }, []>(
        'select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()',
      );
      return { rows: Object.fromEntries(rows), bytes: pages.get()?.bytes ?? 0 };
    },
    close() {
      rollback();
      current?.file.close();
      current = null;
    },
  };

  function restore(): Current | null {
    if (path === null) return null;
    const file = openMirrorFile(path, 'kept');
    const state = readState(file.database, fingerprint);
    if (state !== null) return use(file, state);
    file.discard();
    return null;
  }
}

interface StateRow {
  readonly shape: string;
  readonly position: string;
  readonly catalog: string;
}

/** Null for a file that is none of ours, of another version, damaged or empty. */
function readState(database: Database, fingerprint: string): MirrorState | null {
  try {
    const row = database.query<StateRow, []>('select "shape", "position", "catalog" from "MirrorState"').get();
    if (row?.shape !== fingerprint) return null;
    const catalog: Catalog = JSON.parse(row.catalog);
    return { position: row.position, catalog };
  } catch {
    return null;
  }
}

function noteDuplicates(database: Database, table: string, { rows, example }: Duplicates) {
  database
    .query('insert into "Duplicates" values (?1, ?2, ?3) on conflict do update set "rows" = ?2, "example" = ?3')
    .run(table, rows, example);
}

function countOf(database: Database, table: string): number {
  return database.query<{ count: number }, []>(`select "count" from "${rowsOf(table)}"`).get()?.count ?? 0;
}

/** What SQLite says of a disk that is full or a file that is damaged, in words for people; others as they are. */
function unwritable(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('SQLITE_FULL'))
    return new SourceError('The mirror cannot be written: its disk is full', { cause: error });
  if (code.startsWith('SQLITE_')) return new SourceError(`The mirror cannot be written (${code})`, { cause: error });
  return error;
}
