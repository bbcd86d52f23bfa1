import { describe, test } from 'bun:test';
import { join } from 'node:path';
import { nextDaysFrom } from '../../../src/core/figures/span.ts';
import type { SqlReader } from '../../../src/core/sources/sql/source.ts';
import {
  createSubscriptionsRepository,
  type SubscriptionsRepository,
} from '../../../src/features/subscriptions/repository.ts';
import { expectGolden } from '../../support/replay-golden.ts';
import { company, NOW } from './company.ts';

const CUTOFF = Date.UTC(2026, 1, 13, 12);
const WITHOUT_AMOUNT = new Set(['Subscriptions.CurrentAmount']);

const ask = (question: (repository: SubscriptionsRepository) => Promise<unknown>) => (reader: SqlReader) =>
  question(createSubscriptionsRepository(reader));

describe('subscriptions queries', () => {
  test('are what the golden file says, in both languages', async () => {
    const database = company();
    const older = { database: company(WITHOUT_AMOUNT), without: WITHOUT_AMOUNT };
    const groups = ask((subscriptions) => subscriptions.groups(nextDaysFrom(NOW, 7), CUTOFF));
    const newest = ask((subscriptions) => subscriptions.newest(3));
    await expectGolden(join(import.meta.dir, 'queries.golden.sql'), [
      { title: 'groups', database, ask: groups },
      { title: 'plans', database, ask: ask((subscriptions) => subscriptions.plans()) },
      { title: 'newest', database, ask: newest },
      { title: 'groups, without CurrentAmount', ...older, ask: groups },
      { title: 'newest, without CurrentAmount', ...older, ask: newest },
    ]);
  });
});
