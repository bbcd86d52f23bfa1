import type { Database } from 'bun:sqlite';
import { SourceError } from '../runtime/source-errors.ts';
import { isDamaged } from '../sqlite/errors.ts';
import type { Catalog } from './catalog.ts';
import { mirrorChecksums, type TableChecksum } from './checksum.ts';
import { beginChanges, type MirrorChanges } from './mirror-changes.ts';
import { inMemory, type MirrorFile, type MirrorPlace, openMirrorPlace } from './mirror-file.ts';
import { beginLoad, type MirrorLoad } from './mirror-load.ts';
import type { Applied, MirrorState, RawCell, RawRow } from './mirror-writer.ts';
import { pruneTables } from './prune.ts';
import { createReader, type MirrorReader } from './reader.ts';
import { fingerprintOf, type MirrorShape, mirrorTarget, rowCount } from './store-tables.ts';
import { createTableWriter, type TableWriter } from './table-writer.ts';
import { mirrorError } from './write-errors.ts';

export interface MirrorDatabaseOptions {
  readonly shape: MirrorShape;
  /** File that keeps the mirror; null: it is in memory. */
  readonly path: string | null;
  /** Receives each database that replaces the one before. */
  readonly onOpen?: (database: Database) => void;
}

/** The mirror of one source, in the calling thread. See `MirrorWriter`: methods throw what its methods reject with. */
export interface MirrorDatabase {
  state(): MirrorState | null;
  begin(kind: 'load' | 'changes', catalog: Catalog): void;
  rows(table: string, rows: readonly RawRow[]): void;
  deleted(table: string, keys: readonly RawCell[]): void;
  whole(table: string): void;
  /** @param pause awaited between the steps of a long commit, so that readers are served meanwhile */
  commit(position: string, pause?: () => Promise<void>): Promise<Applied>;
  rollback(): void;
  /**
   * Uses a copy of an earlier mirror instead of a load.
   *
   * @returns its state; null if it has another shape, and was not adopted
   */
  adopt(copy: Database): MirrorState | null;
  /** A copy of the current mirror; null before the first load. */
  copy(): Uint8Array | null;
  checksums(): TableChecksum[];
  /** Null if nothing has been loaded yet. */
  reader(): MirrorReader | null;
  /**
   * Runs a read. A damaged file is dropped: the mirror has to be loaded again.
   *
   * @throws SourceError if it is damaged, and what `read` throws
   */
  reading<Result>(read: () => Result): Result;
  /** Drops rows that are older than their table keeps them. @returns the tables that moved */
  prune(now: number): string[];
  /** Rows by table, and the size of it all in bytes. */
  size(): { readonly rows: Readonly<Record<string, number>>; readonly bytes: number };
  close(): void;
}

/** A loaded mirror that is in use. */
interface Current {
  readonly file: MirrorFile;
  readonly state: MirrorState;
  readonly reader: MirrorReader;
  readonly writers: ReadonlyMap<string, TableWriter>;
}

/** @throws SourceError if a file cannot be opened or made */
export function openMirrorDatabase({ shape, path, onOpen = () => {} }: MirrorDatabaseOptions): MirrorDatabase {
  const fingerprint = fingerprintOf(shape);
  const place = attempt(() => openMirrorPlace(path));
  let current = attempt(() => restore(place, shape, fingerprint));
  let collecting: MirrorLoad | MirrorChanges | null = null;
  let isClosed = false;
  if (current !== null) onOpen(current.file.database);

  const forget = () => {
    current?.file.discard();
    current = null;
  };
  /** An error drops the collected changes, and a damaged mirror. */
  const guarded = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      throw afterFailure(error);
    }
  };
  const afterFailure = (error: unknown) => {
    rollback();
    if (isDamaged(error)) forget();
    return mirrorError(error);
  };
  const rollback = () => {
    const collected = collecting;
    collecting = null;
    try {
      collected?.drop();
    } catch {
      // The disk is damaged or full: the next begin makes room.
    }
  };
  const beCollecting = () => {
    if (collecting === null) throw new TypeError('The mirror was handed something before begin');
    return collecting;
  };

  const commitLoad = async (load: MirrorLoad, position: string, pause: () => Promise<void>): Promise<Applied> => {
    const { catalog, file } = load;
    const rows = await load.complete(fingerprint, position, async () => {
      await pause();
      if (isClosed || collecting !== load) throw new SourceError('The mirror was closed, or began anew');
    });
    const finished = file.finish(() => {
      current?.file.close();
      current = null;
    });
    collecting = null;
    current = use(finished, shape, { position, catalog });
    onOpen(finished.database);
    return { tables: shape.tables.map(({ table }) => table.name), rows };
  };
  const commitChanges = (changes: MirrorChanges, position: string, into: Current): Applied => {
    const state = { position, catalog: changes.catalog };
    const isNewCatalog = JSON.stringify(changes.catalog) !== JSON.stringify(into.state.catalog);
    const next = isNewCatalog ? use(into.file, shape, state) : { ...into, state };
    const moved = changes.apply(next.writers, fingerprint, position);
    collecting = null;
    current = next;
    const tables = shape.tables.map(({ table }) => table.name);
    return {
      tables: isNewCatalog ? tables : tables.filter((table) => (moved.get(table) ?? 0) > 0),
      rows: [...moved.values()].reduce((sum, rows) => sum + rows, 0),
    };
  };

  return {
    state: () => current?.state ?? null,
    begin(kind, catalog) {
      guarded(() => {
        rollback();
        if (kind === 'load') collecting = beginLoad(place.loading(), shape, catalog);
        else collecting = beginChanges(loaded(current).file.database, shape, catalog);
      });
    },
    rows: (table, rows) => guarded(() => beCollecting().rows(table, rows)),
    deleted: (table, keys) => guarded(() => beCollecting().deleted(table, keys)),
    whole: (table) => guarded(() => beCollecting().whole(table)),
    async commit(position, pause = async () => {}) {
      try {
        const collected = beCollecting();
        if (collected.kind === 'load') return await commitLoad(collected, position, pause);
        return commitChanges(collected, position, loaded(current));
      } catch (error) {
        throw afterFailure(error);
      }
    },
    rollback,
    adopt(copy) {
      const state = readState(copy, fingerprint);
      if (state === null) {
        copy.close();
        return null;
      }
      current?.file.close();
      current = use(inMemory(copy), shape, state);
      onOpen(copy);
      return state;
    },
    copy: () => current?.file.database.serialize() ?? null,
    checksums: () =>
      guarded(() =>
        current === null ? [] : mirrorChecksums(current.file.database, shape.tables, current.state.catalog),
      ),
    reader: () => current?.reader ?? null,
    reading(read) {
      try {
        return read();
      } catch (error) {
        throw isDamaged(error) ? afterFailure(error) : error;
      }
    },
    prune(now) {
      if (current === null) return [];
      try {
        return pruneTables(current.file.database, shape.tables, now);
      } catch (error) {
        // If the disk is full, a later prune drops them.
        if (!isDamaged(error) && mirrorError(error) instanceof SourceError) return [];
        throw error;
      }
    },
    size: () => (current === null ? { rows: {}, bytes: 0 } : sizeOf(current.file.database, shape)),
    close() {
      isClosed = true;
      rollback();
      current?.file.close();
      current = null;
      place.close();
    },
  };
}

function attempt<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw mirrorError(error);
  }
}

/** @throws SourceError */
function loaded(current: Current | null): Current {
  if (current === null) throw new SourceError('The mirror has to be loaded before changes are applied');
  return current;
}

function use(file: MirrorFile, shape: MirrorShape, state: MirrorState): Current {
  const writerOf = createTableWriter;
  const writers = shape.tables.map(
    (mirrored) =>
      [mirrored.table.name, writerOf(file.database, mirrored, state.catalog, mirrorTarget(mirrored))] as const,
  );
  return { file, state, reader: createReader(file.database, state.catalog), writers: new Map(writers) };
}

/** The mirror of an earlier process, if it has this shape. */
function restore(place: MirrorPlace, shape: MirrorShape, fingerprint: string): Current | null {
  const file = place.kept();
  if (file === null) return null;
  const state = readState(file.database, fingerprint);
  if (state !== null) return use(file, shape, state);
  file.discard();
  return null;
}

interface StateRow {
  readonly shape: string;
  readonly position: string;
  readonly catalog: string;
}

/** @returns null for a file that is not a mirror, has another version, or is damaged or empty */
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

function sizeOf(database: Database, { tables }: MirrorShape): ReturnType<MirrorDatabase['size']> {
  const rows = tables.map(({ table }) => [table.name, rowCount(database, table.name)] as const);
  const pages = database.query<{ bytes: number }, []>(
    'select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()',
  );
  return { rows: Object.fromEntries(rows), bytes: pages.get()?.bytes ?? 0 };
}
