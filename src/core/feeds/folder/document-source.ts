import type { Table } from '../../../company/table.ts';
import { type Catalog, EXACT_KEYS, type MirroredTable } from '../../mirror/catalog.ts';
import type { RawCell, RawRow } from '../../mirror/mirror-writer.ts';
import { throwIfAborted } from '../../runtime/with-signal.ts';
import {
  type ChangeSink,
  type FeedMode,
  type FeedSession,
  type FeedSource,
  type RowSink,
  SessionOutdatedError,
} from '../feed-source.ts';
import { checksumRows } from './checksum-rows.ts';
import type { Collections } from './collections.ts';
import type { Document } from './document.ts';
import { formatPosition, parsePosition, positionOf } from './position.ts';
import { rawKeyOf, rawRowOf } from './raw-document.ts';
import { waitForChange } from './wait-for-change.ts';

/** Rows per batch. */
const ROWS_AT_ONCE = 2_000;

export interface DocumentSourceOptions {
  readonly collections: Collections;
  readonly tables: readonly MirroredTable[];
  readonly description: string;
  readonly mode: Extract<FeedMode, 'told' | 'watch'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Applies changes by other programs to the collections. */
  readonly detectChanges?: () => void;
  /** Called once, when the source is closed. */
  readonly onClose?: () => void;
}

/** Collections in memory as a source of rows. They report every change. */
export function createDocumentSource(options: DocumentSourceOptions): FeedSource {
  const instance = crypto.randomUUID();
  let isClosed = false;
  return {
    name: 'documents',
    description: options.description,
    async open(signal) {
      throwIfAborted(signal);
      options.detectChanges?.();
      return openSession(options, instance);
    },
    async close() {
      if (!isClosed) options.onClose?.();
      isClosed = true;
    },
  };
}

function openSession(options: DocumentSourceOptions, instance: string): FeedSession {
  const { collections, tables, mode, detectChanges = () => {} } = options;
  const present = tables.filter(({ table }) => collections.names.includes(table.name));
  const catalog = catalogOf(present);
  const catalogHash = Bun.hash(JSON.stringify(catalog)).toString(16);
  const textOf = (sequence: number) => formatPosition({ instance, sequence, generation: 0, catalog: catalogHash });

  return {
    mode,
    reason: null,
    catalog,
    pauseMs: 0,
    async canFollow(text, signal) {
      throwIfAborted(signal);
      const position = parsePosition(text);
      if (position === null || position.instance !== instance || position.catalog !== catalogHash) return false;
      return position.sequence >= collections.forgotten && position.sequence <= collections.sequence;
    },
    async load(sink, signal) {
      const { sequence } = collections;
      for (const table of present) await writeAll(table, options, sink, signal);
      return textOf(sequence);
    },
    async poll(text, sink, signal, mustCatchUp) {
      const { sequence } = positionOf(text, instance);
      if (sequence < collections.forgotten)
        throw new SessionOutdatedError('The changes since the position are no longer kept', true);
      collections.forget(sequence);
      const readChanges = async () => {
        checkCatalog(present, options);
        const now = collections.sequence;
        return (await writeChanges(present, sequence, options, sink, signal)) ? textOf(now) : null;
      };
      return waitForChange(readChanges, {
        waker: collections.waker,
        detectChanges,
        signal,
        mustCatchUp,
      });
    },
    /** Without collections that are kept for a limited time: when the mirror deletes their old rows is up to the mirror. */
    async compare(signal) {
      throwIfAborted(signal);
      return present
        .filter(({ table }) => table.keptFor === null)
        .map((mirrored) => checksumRows(mirrored, mirrored.columns, [rowsOf(mirrored, options)]));
    },
    async close() {},
  };
}

/** @throws SessionOutdatedError if a collection was created or dropped */
function checkCatalog(present: readonly MirroredTable[], { collections, tables }: DocumentSourceOptions): void {
  const now = tables.filter(({ table }) => collections.names.includes(table.name));
  if (now.length !== present.length || now.some((table) => !present.includes(table))) {
    throw new SessionOutdatedError('A collection was created or dropped', true);
  }
}

/** Writes the changes after a sequence number to the sink. @returns whether there were any */
async function writeChanges(
  present: readonly MirroredTable[],
  since: number,
  options: DocumentSourceOptions,
  sink: ChangeSink,
  signal: AbortSignal,
): Promise<boolean> {
  const { collections } = options;
  const changes = present.map((table) => ({ table, change: collections.changedSince(table.table.name, since) }));
  for (const { table, change } of changes) {
    if (change?.kind === 'whole') {
      await sink.whole(table.table.name);
      await writeAll(table, options, sink, signal);
    } else if (change !== undefined) await writeKeys(table, change.keys, options, sink);
  }
  return changes.some(({ change }) => change !== undefined);
}

function catalogOf(present: readonly MirroredTable[]): Catalog {
  return {
    keys: EXACT_KEYS,
    columns: Object.fromEntries(present.map(({ table, columns }) => [table.name, columns])),
  };
}

function rowsOf({ table, columns }: MirroredTable, { collections }: DocumentSourceOptions): RawRow[] {
  return collections.documents(table.name).map((document) => rawRowOf(document, columns));
}

/** Reads the documents as of the call, however long the sink takes. */
async function writeAll(
  { table, columns }: MirroredTable,
  { collections, now }: DocumentSourceOptions,
  sink: RowSink,
  signal: AbortSignal,
): Promise<void> {
  const documents = [...collections.documents(table.name)];
  const isKept = keptAt(table, now());
  for (let start = 0; start < documents.length; start += ROWS_AT_ONCE) {
    throwIfAborted(signal);
    const piece = documents.slice(start, start + ROWS_AT_ONCE).filter(isKept);
    if (piece.length > 0) {
      await sink.rows(
        table.name,
        piece.map((document) => rawRowOf(document, columns)),
      );
    }
  }
}

async function writeKeys(
  { table, columns }: MirroredTable,
  keys: readonly RawCell[],
  { collections, now }: DocumentSourceOptions,
  sink: ChangeSink,
): Promise<void> {
  const found = collections.documentsOf(table.name, new Set(keys)).filter(keptAt(table, now()));
  const rows: RawRow[] = found.map((document) => rawRowOf(document, columns));
  const present = new Set(found.map(({ _id }) => rawKeyOf(_id)));
  const deleted = keys.filter((key) => !present.has(key));
  if (deleted.length > 0) await sink.deleted(table.name, deleted);
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    await sink.rows(table.name, rows.slice(start, start + ROWS_AT_ONCE));
  }
}

/** Whether a document is recent enough to be mirrored. */
function keptAt({ keptFor }: Table, now: number): (document: Document) => boolean {
  if (keptFor === null) return () => true;
  const oldest = now - keptFor.milliseconds;
  return (document) => {
    const instant = document[keptFor.column];
    return instant instanceof Date && instant.getTime() >= oldest;
  };
}
