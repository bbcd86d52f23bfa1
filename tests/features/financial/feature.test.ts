import { describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { financial } from '../../../src/features/financial/index.ts';
import { loadFrom } from '../../support/replay-feature.ts';
import { emptyDatabase } from '../../support/sqlite-source.ts';
import { company, NOW } from './company.ts';

describe('the financial feature', () => {
  test('counts at the edges of its spans', async () => {
    const { data } = await loadFrom(financial, company(), NOW);
    expect([...Value.Errors(financial.schema, data)]).toEqual([]);
    expect(data.payments).toMatchObject({ TotalPayments: 5, TotalApproved: 4, TotalPending: 1, UniqueCustomers: 3 });
    expect(data.revenue).toMatchObject({ TotalRevenue: 130.15, MonthlyRevenue: 30.15, YearlyRevenue: 30.16 });
    expect(data.chargebacks).toMatchObject({ TotalChargebacks: 3, TotalAmount: 12.64, WinRate: 100 });
  });

  test('of nothing is nothing', async () => {
    const { data } = await loadFrom(financial, emptyDatabase(), NOW);
    expect([...Value.Errors(financial.schema, data)]).toEqual([]);
    expect(data.revenue.TopPaymentMethod).toBe('N/A');
  });

  test('its hub sends the payments as the front end takes them', async () => {
    const { data } = await loadFrom(financial, company(), NOW);
    const { payments: paymentSummary, revenue, chargebacks } = data;
    expect(financial.hub.events.map((event) => [event.target, event.argument(data, 'Manual')])).toEqual([
      ['RevenueUpdate', { revenue, type: 'Manual' }],
      ['FinancialUpdate', { paymentSummary, revenue, chargebacks, type: 'Manual' }],
    ]);
    for (const event of financial.hub.events) {
      expect([...Value.Errors(event.schema, event.argument(data, 'Auto'))]).toEqual([]);
    }
    expect(financial.hub.initialData?.(data)).toEqual({ paymentSummary, revenue, chargebacks });
    expect(financial.hub.initialDataAtEachEmission).toBe(true);
  });
});
