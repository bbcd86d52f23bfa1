import type { Database } from 'bun:sqlite';
import { FormatRegistry } from '@sinclair/typebox';
import type { Feature } from '../../src/core/runtime/define-feature.ts';
import type { Content } from '../../src/core/runtime/snapshot.ts';
import { sqliteSourceOf } from './sqlite-source.ts';

/** A format that nobody has registered fits nothing. */
if (!FormatRegistry.Has('date-time')) FormatRegistry.Set('date-time', (text) => new Date(text).toISOString() === text);

/** One refresh of a feature from a database. */
export async function loadFrom<Data>(feature: Feature<Data>, database: Database, now: number): Promise<Content<Data>> {
  const sql = await sqliteSourceOf(database);
  const content = await feature.load({ sql, documents: Object.create(null) }, now, AbortSignal.timeout(5_000));
  await sql.close();
  return content;
}
