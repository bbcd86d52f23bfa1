import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { financial } from '../../src/features/financial/index.ts';
import { checkSituations, expectAgreement, neverAborted } from '../oracle/agreement.ts';
import { onEverySqlEngine, timeout } from '../oracle/engines.ts';
import { financialOracle, methodsByAmount } from '../oracle/financial.ts';

onEverySqlEngine((trial) => {
  test(
    'the financial snapshot is what the contract says, on any company',
    () => expectAgreement(financial, financialOracle, ['Payments', 'Chargebacks'], trial),
    timeout(trial),
  );

  test(
    'methods of payment are listed by amount, most first',
    () =>
      checkSituations(['Payments'], fc.constant(null), trial, async (sources, { company, now }) => {
        const { data } = await financial.load(sources, now, neverAborted);
        const expected = Object.fromEntries(methodsByAmount(company));
        expect(JSON.stringify(data.revenue.PaymentMethodDistribution)).toBe(JSON.stringify(expected));
      }),
    timeout(trial),
  );
});
