import type { Db } from 'mongodb';
import { type Catalog, EXACT_KEYS, type MirroredTable } from '../../mirror/catalog.ts';

/** The mirrored collections that a database has. */
export interface FoundCollections {
  readonly catalog: Catalog;
  /** By name, the type of each collection that a change stream does not report: views and time series. */
  readonly withoutChanges: ReadonlyMap<string, string>;
  /** Differs if any of this changed. */
  readonly fingerprint: string;
}

/** An existing collection counts as having all fields, since any document may lack any field. */
export async function findCollections(
  database: Db,
  tables: readonly MirroredTable[],
  signal: AbortSignal,
): Promise<FoundCollections> {
  // With these options, a user may list the collections that they may read (MongoDB manual, "listCollections").
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
