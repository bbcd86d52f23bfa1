import { describe, test } from 'bun:test';
import { join } from 'node:path';
import { lastDaysTo } from '../../../src/core/figures/span.ts';
import type { SqlReader } from '../../../src/core/sources/sql/source.ts';
import { createFinancialRepository, type FinancialRepository } from '../../../src/features/financial/repository.ts';
import { expectGolden } from '../../support/replay-golden.ts';
import { company, NOW } from './company.ts';

const MONTH = lastDaysTo(NOW, 30);
const YEAR = lastDaysTo(NOW, 365);
const APPROVED = ['approved', ' Aprovado'];

const ask = (question: (repository: FinancialRepository) => Promise<unknown>) => (reader: SqlReader) =>
  question(createFinancialRepository(reader));

describe('financial queries', () => {
  test('are what the golden file says, in both languages', async () => {
    const database = company();
    await expectGolden(join(import.meta.dir, 'queries.golden.sql'), [
      { title: 'groups', database, ask: ask((financial) => financial.groups()) },
      { title: 'customers', database, ask: ask((financial) => financial.customers()) },
      { title: 'recent', database, ask: ask((financial) => financial.recent(APPROVED, MONTH, YEAR)) },
      { title: 'days', database, ask: ask((financial) => financial.days(APPROVED, Date.UTC(2026, 1, 13))) },
      { title: 'chargebacks', database, ask: ask((financial) => financial.chargebacks()) },
    ]);
  });
});
