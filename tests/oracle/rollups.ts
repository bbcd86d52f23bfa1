import { expect } from 'bun:test';
import type { SourceName } from '../../src/company/table.ts';
import type { MirrorDatabase } from '../../src/core/mirror/database.ts';
import { rowsOf } from '../../src/core/mirror/store-tables.ts';
import { type Mirrored, mirroredBy, mirrorOf, readerOf } from './mirrored.ts';
import type { Company } from './rows.ts';
import { byText } from './rules.ts';

/** Expects rollups and derived tables, as triggers kept them, to be what filling them from the company's rows makes. */
export async function expectRollupsFromScratch(
  mirror: MirrorDatabase,
  feature: Mirrored,
  company: Company,
): Promise<void> {
  const scratch = await mirrorOf(company, [feature], feature.source);
  try {
    const counts = mirroredBy([feature], feature.source).map(({ table }) => rowsOf(table.name));
    const kept = feature.objects.filter(({ create }) => create.length > 0).map(({ name }) => name);
    for (const name of [...counts, ...kept]) {
      expect({ [name]: contentOf(mirror, name) }).toEqual({ [name]: contentOf(scratch, name) });
    }
  } finally {
    scratch.close();
  }
}

/** What of the mirror's own tables does not depend on how the rows came in. */
const OWN_TABLES = { Unreadable: ['table', 'key', 'column'], Duplicates: ['table', 'rows', 'example'] } as const;

/**
 * Expects a mirror to be what loading the company's rows at once makes: tables, what the door found in them, rollups and
 * derived tables.
 *
 * @param now rows that are too old by then are kept in neither
 */
export async function expectMirrorFromScratch(
  mirror: MirrorDatabase,
  features: readonly Mirrored[],
  source: SourceName,
  company: Company,
  now: number,
): Promise<void> {
  const scratch = await mirrorOf(company, features, source, mirror.state()?.catalog);
  try {
    mirror.prune(now);
    scratch.prune(now);
    const tables = mirroredBy(features, source).map(({ table }) => table.name);
    const objects = features.filter((feature) => feature.source === source).flatMap((feature) => feature.objects);
    const kept = objects.filter(({ create }) => create.length > 0).map(({ name }) => name);
    for (const name of new Set([...tables, ...tables.map(rowsOf), ...kept])) {
      expect({ [name]: contentOf(mirror, name) }).toEqual({ [name]: contentOf(scratch, name) });
    }
    for (const [name, columns] of Object.entries(OWN_TABLES)) {
      expect({ [name]: contentOf(mirror, name, columns) }).toEqual({ [name]: contentOf(scratch, name, columns) });
    }
  } finally {
    scratch.close();
  }
}

/** Every row of a table, in an order that does not depend on how they came in. */
function contentOf(mirror: MirrorDatabase, name: string, columns: readonly string[] | null = null): string[] {
  const reader = readerOf(mirror);
  const from = reader.tables<Readonly<Record<string, Readonly<Record<string, unknown>>>>>().selectFrom(name);
  const query = columns === null ? from.selectAll() : from.select([...columns]);
  return reader
    .all(query)
    .map((row) => JSON.stringify(row))
    .sort(byText);
}
