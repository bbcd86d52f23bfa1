import { Database } from 'bun:sqlite';
import type { Content } from '../../src/core/runtime/snapshot.ts';
import { features } from '../../src/features/index.ts';
import { mirroredBy } from '../oracle/mirrored.ts';
import { folderSqlSource, memoryDocumentSource } from './folder-sources.ts';
import { localSources } from './local-sources.ts';
import type { Collections } from './mongo-servers.ts';
import { withDigits } from './with-digits.ts';

/** The content of a company's databases. */
export interface Stored {
  readonly database: Database;
  readonly documents: Collections;
}

/** The figures of a feature, from feeds that load everything into a new mirror. */
export async function figuresFromScratch(name: string, stored: Stored, now: number): Promise<Content<unknown>> {
  const feature = features.find((each) => each.name === name);
  if (feature === undefined) throw new Error(`No feature is called ${name}`);
  const documents = Object.entries(stored.documents).map(([each, all]) => [each, all.map(withDigits)] as const);
  // A copy, since following it would change it.
  const database = Database.deserialize(stored.database.serialize());
  const { feeds, mirror } = localSources({
    sql: folderSqlSource(database, mirroredBy(features, 'sql')).source,
    documents: memoryDocumentSource(Object.fromEntries(documents), mirroredBy(features, 'documents')).source,
  });
  const feed = feeds[feature.source];
  feed.start();
  try {
    await feed.sync();
    const loaded = await mirror.figures(feature, now, null);
    if (loaded === null) throw new Error(`${name} has no figures`);
    return loaded.content();
  } finally {
    await feed.stop();
    database.close();
  }
}
