import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { financial } from '../../src/features/financial/index.ts';
import { checkSituations, PROPERTY_TIMEOUT_MS } from '../oracle/agreement.ts';
import { methodsByAmount } from './financial/oracle.ts';

test(
  'methods of payment are listed by amount, most first',
  () =>
    checkSituations(financial, ['Payments'], fc.constant(null), ({ reader, moment }, { company }) => {
      const { data } = financial.figures(reader, moment);
      const expected = Object.fromEntries(methodsByAmount(company));
      expect(JSON.stringify(data.revenue.PaymentMethodDistribution)).toBe(JSON.stringify(expected));
    }),
  PROPERTY_TIMEOUT_MS,
);
