import type { ChangeStreamDocument, Document } from 'mongodb';
import type { Instant } from '../../figures/calendar.ts';
import type { MirroredTable } from '../../mirror/catalog.ts';
import type { RawCell, RawRow } from '../../mirror/mirror-writer.ts';
import { type ChangeSink, SessionOutdatedError } from '../feed-source.ts';
import { keptDocuments } from './kept-documents.ts';
import { keyOf, rowOf } from './raw-cells.ts';

/** The net effect of some changes, by collection and key: the newest row, or null if it was deleted. */
export type NetChanges = ReadonlyMap<string, ReadonlyMap<RawCell, RawRow | null>>;

/** Rows per batch. */
const CHUNK = 2_000;

/** The pipeline of the stream: changes to these collections and to the database, with the mirrored fields only. */
export function changePipeline(tables: readonly MirroredTable[]): Document[] {
  const names = tables.map(({ table }) => table.name);
  const fields = new Set(tables.flatMap(({ columns }) => columns));
  return [
    {
      $match: {
        $or: [
          { 'ns.coll': { $in: names } },
          { 'to.coll': { $in: names } },
          { operationType: { $in: ['dropDatabase', 'invalidate'] } },
        ],
      },
    },
    {
      $project: {
        ...{ operationType: 1, ns: 1, to: 1, clusterTime: 1, 'documentKey._id': 1 },
        ...Object.fromEntries([...fields].map((field) => [`fullDocument.${field}`, 1])),
      },
    },
  ];
}

/**
 * @param events in their order
 * @param now documents that are too old by then count as deleted
 * @throws SessionOutdatedError if a collection was created or dropped
 */
export function netChanges(
  events: readonly ChangeStreamDocument[],
  tables: readonly MirroredTable[],
  now: Instant,
): NetChanges {
  const collections = new Map(tables.map((mirrored) => [mirrored.table.name, collector(mirrored, now)]));
  for (const event of events) {
    switch (event.operationType) {
      case 'insert':
      case 'update':
      case 'replace':
      case 'delete': {
        const collection = collections.get(event.ns.coll);
        if (collection === undefined)
          throw new SessionOutdatedError(`The collection ${event.ns.coll} was created`, true);
        const document = event.operationType === 'delete' ? undefined : event.fullDocument;
        collection.note(event.documentKey._id, document ?? null);
        break;
      }
      case 'drop':
      case 'rename':
        throw new SessionOutdatedError(`The collection ${event.ns.coll} was dropped or renamed`, true);
      case 'dropDatabase':
      case 'invalidate':
        throw new SessionOutdatedError('The database was dropped', true);
    }
  }
  return new Map([...collections].map(([name, { rows }]) => [name, rows]));
}

function collector(mirrored: MirroredTable, now: Instant) {
  const rows = new Map<RawCell, RawRow | null>();
  const kept = keptDocuments(mirrored, now);
  return {
    rows,
    /** @param document null if it was deleted */
    note(id: unknown, document: Document | null) {
      rows.set(keyOf(id), document !== null && kept.has(document) ? rowOf(document, mirrored) : null);
    },
  };
}

/** Writes the changes to the sink. @returns whether there were any */
export async function writeChanges(changes: NetChanges, sink: ChangeSink, signal: AbortSignal): Promise<boolean> {
  let hasChanges = false;
  for (const [name, changed] of changes) {
    const deleted = [...changed].flatMap(([key, row]) => (row === null ? [key] : []));
    const rows = [...changed.values()].filter((row) => row !== null);
    hasChanges ||= changed.size > 0;
    for (const keys of chunks(deleted)) {
      signal.throwIfAborted();
      await sink.deleted(name, keys);
    }
    for (const chunk of chunks(rows)) {
      signal.throwIfAborted();
      await sink.rows(name, chunk);
    }
  }
  return hasChanges;
}

function* chunks<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let at = 0; at < items.length; at += CHUNK) yield items.slice(at, at + CHUNK);
}
