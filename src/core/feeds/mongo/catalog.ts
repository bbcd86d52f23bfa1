import type { Db } from 'mongodb';
import { type Catalog, EXACT_KEYS, type MirroredTable } from '../../mirror/catalog.ts';

/** The mirrored collections that a database has. */
export interface FoundCollections {
  readonly catalog: Catalog;
  /** Collections that a change stream does not report, by name: views and time series. */
  readonly withoutChanges: ReadonlyMap<string, string>;
  /** Equal as long as nothing of this has changed. */
  readonly fingerprint: string;
}

/** A collection that is there has all its fields: a document may lack any of them. */
export async function findCollections(
  database: Db,
  tables: readonly MirroredTable[],
  signal: AbortSignal,
): Promise<FoundCollections> {
  // In this form, a user who may read a collection may list it (MongoDB manual, "listCollections").
  const options = { nameOnly: true, authorizedCollections: true, signal } as const;
  const listed = await database.listCollections({}, options).toArray();
  const types = new Map(listed.map(({ name, type }) => [name, type ?? 'collection']));
  const found = tables.flatMap(({ table, columns }) => {
    const type = types.get(table.name);
    return type === undefined ? [] : [{ name: table.name, columns, type }];
  });
  return {
    catalog: { keys: EXACT_KEYS, columns: Object.fromEntries(found.map(({ name, columns }) => [name, columns])) },
    withoutChanges: new Map(found.flatMap(({ name, type }) => (type === 'collection' ? [] : [[name, type] as const]))),
    fingerprint: JSON.stringify(found.map(({ name, type }) => [name, type])),
  };
}
