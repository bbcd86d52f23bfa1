import { describe, test } from 'bun:test';
import { join } from 'node:path';
import { lastDaysTo } from '../../../src/core/figures/span.ts';
import type { SqlReader } from '../../../src/core/sources/sql/source.ts';
import { createUsersRepository, type UsersRepository } from '../../../src/features/users/repository.ts';
import { expectGolden } from '../../support/replay-golden.ts';
import { company, NOW } from './company.ts';

const WITHOUT_CREATION = new Set(['AspNetUsers.CreatedAt']);

const ask = (question: (repository: UsersRepository) => Promise<unknown>) => (reader: SqlReader) =>
  question(createUsersRepository(reader));

describe('users queries', () => {
  test('are what the golden file says, in both languages', async () => {
    const database = company();
    const older = { database: company(WITHOUT_CREATION), without: WITHOUT_CREATION };
    const totals = ask((users) => users.totals(lastDaysTo(NOW, 30)));
    const newest = ask((users) => users.newest(3));
    await expectGolden(join(import.meta.dir, 'queries.golden.sql'), [
      { title: 'totals', database, ask: totals },
      { title: 'paymentStatuses', database, ask: ask((users) => users.paymentStatuses()) },
      { title: 'subscriptionStatuses', database, ask: ask((users) => users.subscriptionStatuses()) },
      { title: 'withPayment', database, ask: ask((users) => users.withPayment(['approved', 'APROVADO '])) },
      { title: 'withSubscription', database, ask: ask((users) => users.withSubscription(['authorized'])) },
      { title: 'newest', database, ask: newest },
      { title: 'totals, without CreatedAt', ...older, ask: totals },
      { title: 'newest, without CreatedAt', ...older, ask: newest },
    ]);
  });
});
