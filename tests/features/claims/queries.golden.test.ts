import { describe, test } from 'bun:test';
import { join } from 'node:path';
import type { SqlReader } from '../../../src/core/sources/sql/source.ts';
import { type ClaimsRepository, createClaimsRepository } from '../../../src/features/claims/repository.ts';
import { expectGolden } from '../../support/replay-golden.ts';
import { company, NOW } from './company.ts';

const WITHOUT_UPDATE = new Set(['Claims.UpdatedAt']);

const ask = (question: (repository: ClaimsRepository) => Promise<unknown>) => (reader: SqlReader) =>
  question(createClaimsRepository(reader));

describe('claims queries', () => {
  test('are what the golden file says, in both languages', async () => {
    const database = company();
    const older = { database: company(WITHOUT_UPDATE), without: WITHOUT_UPDATE };
    const groups = ask((claims) => claims.groups(NOW));
    await expectGolden(join(import.meta.dir, 'queries.golden.sql'), [
      { title: 'groups', database, ask: groups },
      { title: 'active', database, ask: ask((claims) => claims.active([0, 1, 2])) },
      { title: 'payments', database, ask: ask((claims) => claims.payments()) },
      { title: 'groups, without UpdatedAt', ...older, ask: groups },
    ]);
  });
});
