import type { Database } from 'bun:sqlite';
import { SourceError } from '../runtime/source-errors.ts';
import { isDamaged } from '../sqlite/errors.ts';
import type { Catalog } from './catalog.ts';
import type { TableChecksum } from './checksum.ts';
import { LoadedMirror, type MirrorSize, restoreMirror } from './loaded-mirror.ts';
import { MirrorChanges } from './mirror-changes.ts';
import { inMemory, type MirrorPlace, openMirrorPlace } from './mirror-file.ts';
import { beginLoad, type MirrorLoad } from './mirror-load.ts';
import type { Applied, MirrorState, RawCell, RawRow } from './mirror-writer.ts';
import type { MirrorReader } from './reader.ts';
import { fingerprintOf, type MirrorShape, readState } from './store-tables.ts';
import { mirrorError } from './write-errors.ts';

export interface MirrorDatabaseOptions {
  readonly shape: MirrorShape;
  /** The file that keeps the mirror; null: it is in memory. */
  readonly path: string | null;
  /** Receives each database that replaces the one before. */
  readonly onOpen?: (database: Database) => void;
}

/** The mirror of one source, in the calling thread. See `MirrorWriter`: methods throw what its methods reject with. */
export class MirrorDatabase {
  readonly #shape: MirrorShape;
  readonly #fingerprint: string;
  readonly #place: MirrorPlace;
  readonly #onOpen: (database: Database) => void;
  #current: LoadedMirror | null;
  /** What is collected until the next commit. */
  #collecting: MirrorLoad | MirrorChanges | null = null;
  #isClosed = false;

  /** @throws SourceError if a file cannot be opened or created */
  constructor({ shape, path, onOpen = () => {} }: MirrorDatabaseOptions) {
    this.#shape = shape;
    this.#fingerprint = fingerprintOf(shape);
    this.#onOpen = onOpen;
    try {
      this.#place = openMirrorPlace(path);
      this.#current = restoreMirror(this.#place, shape, this.#fingerprint);
    } catch (error) {
      throw mirrorError(error);
    }
    if (this.#current !== null) onOpen(this.#current.file.database);
  }

  state(): MirrorState | null {
    return this.#current?.state ?? null;
  }

  begin(kind: 'load' | 'changes', catalog: Catalog): void {
    this.#guarded(() => {
      this.rollback();
      this.#collecting =
        kind === 'load'
          ? beginLoad(this.#place.loading(), this.#shape, catalog)
          : new MirrorChanges(this.#expectCurrent().file.database, this.#shape, catalog);
    });
  }

  rows(table: string, rows: readonly RawRow[]): void {
    this.#guarded(() => this.#expectCollecting().rows(table, rows));
  }

  deleted(table: string, keys: readonly RawCell[]): void {
    this.#guarded(() => this.#expectCollecting().deleted(table, keys));
  }

  whole(table: string): void {
    this.#guarded(() => this.#expectCollecting().whole(table));
  }

  /** @param pause awaited between the steps of a long commit, so that readers are served meanwhile */
  async commit(position: string, pause: () => Promise<void> = async () => {}): Promise<Applied> {
    try {
      const collected = this.#expectCollecting();
      if (collected.kind === 'load') return await this.#commitLoad(collected, position, pause);
      return this.#commitChanges(collected, position);
    } catch (error) {
      throw this.#afterFailure(error);
    }
  }

  rollback(): void {
    const collected = this.#collecting;
    this.#collecting = null;
    try {
      collected?.drop();
    } catch {
      // The disk is damaged or full: the next begin makes room.
    }
  }

  /**
   * Uses a copy of an earlier mirror instead of a load.
   *
   * @returns its state; null if it has another shape, and was not adopted
   */
  adopt(copy: Database): MirrorState | null {
    const state = readState(copy, this.#fingerprint);
    if (state === null) {
      copy.close();
      return null;
    }
    this.#current?.file.close();
    this.#current = new LoadedMirror(inMemory(copy), this.#shape, state);
    this.#onOpen(copy);
    return state;
  }

  /** A copy of the current mirror; null before the first load. */
  copy(): Uint8Array | null {
    return this.#current?.file.database.serialize() ?? null;
  }

  checksums(): TableChecksum[] {
    const current = this.#current;
    if (current === null) return [];
    return this.#guarded(() => current.checksums());
  }

  /** Null before the first load. */
  reader(): MirrorReader | null {
    return this.#current?.reader ?? null;
  }

  /**
   * Runs a read. A damaged mirror is dropped, and has to be loaded again.
   *
   * @throws SourceError if it is damaged, and what `read` throws
   */
  reading<Result>(read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      throw isDamaged(error) ? this.#afterFailure(error) : error;
    }
  }

  /** Deletes rows that are older than their table keeps them. @returns the tables that changed */
  prune(now: number): string[] {
    try {
      return this.#current?.prune(now) ?? [];
    } catch (error) {
      // If the disk is full, a later call deletes them.
      if (!isDamaged(error) && mirrorError(error) instanceof SourceError) return [];
      throw error;
    }
  }

  size(): MirrorSize {
    return this.#current?.size() ?? { rows: {}, bytes: 0 };
  }

  close(): void {
    this.#isClosed = true;
    this.rollback();
    this.#current?.file.close();
    this.#current = null;
    this.#place.close();
  }

  async #commitLoad(load: MirrorLoad, position: string, pause: () => Promise<void>): Promise<Applied> {
    const rows = await load.complete(this.#fingerprint, position, async () => {
      await pause();
      if (this.#isClosed || this.#collecting !== load)
        throw new SourceError('The mirror was closed, or another load started');
    });
    const finished = load.file.finish(() => {
      this.#current?.file.close();
      this.#current = null;
    });
    this.#collecting = null;
    this.#current = new LoadedMirror(finished, this.#shape, { position, catalog: load.catalog });
    this.#onOpen(finished.database);
    return { tables: this.#tableNames(), rows };
  }

  #commitChanges(changes: MirrorChanges, position: string): Applied {
    const current = this.#expectCurrent();
    const state = { position, catalog: changes.catalog };
    const isNewCatalog = JSON.stringify(changes.catalog) !== JSON.stringify(current.state.catalog);
    const next = isNewCatalog ? new LoadedMirror(current.file, this.#shape, state) : current;
    const changed = changes.apply(next.writers, this.#fingerprint, position);
    this.#collecting = null;
    next.state = state;
    this.#current = next;
    const tables = this.#tableNames();
    return {
      tables: isNewCatalog ? tables : tables.filter((table) => (changed.get(table) ?? 0) > 0),
      rows: [...changed.values()].reduce((sum, rows) => sum + rows, 0),
    };
  }

  #guarded<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw this.#afterFailure(error);
    }
  }

  /** Drops what was collected, and a damaged mirror. @returns the error to throw */
  #afterFailure(error: unknown): unknown {
    this.rollback();
    if (isDamaged(error)) {
      this.#current?.file.discard();
      this.#current = null;
    }
    return mirrorError(error);
  }

  #expectCollecting(): MirrorLoad | MirrorChanges {
    if (this.#collecting === null) throw new TypeError('The mirror received rows or a commit before begin');
    return this.#collecting;
  }

  #expectCurrent(): LoadedMirror {
    if (this.#current === null) throw new SourceError('The mirror has to be loaded before changes are applied');
    return this.#current;
  }

  #tableNames(): string[] {
    return this.#shape.tables.map(({ table }) => table.name);
  }
}
