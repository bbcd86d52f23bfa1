import { expect } from 'bun:test';
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

/** Every row of an object, in an order that does not depend on how they came in. */
function contentOf(mirror: MirrorDatabase, name: string): string[] {
  const reader = readerOf(mirror);
  const query = reader
    .tables<Readonly<Record<string, Readonly<Record<string, unknown>>>>>()
    .selectFrom(name)
    .selectAll();
  return reader
    .all(query)
    .map((row) => JSON.stringify(row))
    .sort(byText);
}
