import { describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { financial } from '../../../src/features/financial/index.ts';
import { figuresOf } from '../figures-of.ts';
import { company, NOW } from './company.ts';

describe('the financial feature', () => {
  test('counts at the edges of its spans', async () => {
    const { data } = await figuresOf(financial, company, NOW);
    expect([...Value.Errors(financial.schema, data)]).toEqual([]);
    expect(data.payments).toMatchObject({ TotalPayments: 5, TotalApproved: 4, TotalPending: 1, UniqueCustomers: 3 });
    expect(data.revenue).toMatchObject({ TotalRevenue: 130.15, MonthlyRevenue: 30.15, YearlyRevenue: 30.16 });
    expect(data.revenue.PaymentMethodDistribution).toEqual({ boleto: 99.99, pix: 30.16 });
    expect(data.chargebacks).toMatchObject({ TotalChargebacks: 3, TotalAmount: 12.64, WinRate: 100 });
  });

  test('a millisecond later or earlier, a span loses or lacks what is at its edge', async () => {
    const later = await figuresOf(financial, company, NOW + 1);
    expect(later.data.revenue).toMatchObject({ MonthlyRevenue: 10.05, YearlyRevenue: 30.15 });
    const earlier = await figuresOf(financial, company, Date.UTC(2026, 2, 15, 11, 59, 59, 998));
    expect(earlier.data.revenue).toMatchObject({ MonthlyRevenue: 20.1, YearlyRevenue: 120.1 });
  });

  test("days are those of the company's time zone", async () => {
    const payments = [{ Status: 'approved', Method: 'pix', Amount: 7, CreatedAt: '2026-03-15T02:30:00Z' }];
    const dayOf = async (timeZone: string) => {
      const { data } = await figuresOf(financial, { Payments: payments }, NOW, { timeZone });
      return data.revenueByDay.filter(({ Count }) => Count > 0);
    };
    expect(await dayOf('America/Sao_Paulo')).toEqual([{ Date: '2026-03-14', Amount: 7, Count: 1 }]);
    expect(await dayOf('UTC')).toEqual([{ Date: '2026-03-15', Amount: 7, Count: 1 }]);
  });

  test('payments of which nothing can be read count in the total alone', async () => {
    const unreadable = { UserId: null, Status: null, Method: null, Amount: '12,50', CreatedAt: '' };
    const chargeback = { Status: 'won', Amount: 49.999 };
    const rows = { Payments: [unreadable, { ...unreadable, Status: 'approved' }], Chargebacks: [chargeback] };
    const { data } = await figuresOf(financial, rows, NOW);
    expect([...Value.Errors(financial.schema, data)]).toEqual([]);
    expect(data.payments).toMatchObject({ TotalPayments: 2, TotalApproved: 1, UniqueCustomers: 0, AvgTicket: 0 });
    expect(data.revenue).toMatchObject({ YearlyRevenue: 0, TotalTransactions: 1, TopPaymentMethod: '' });
    expect(data.revenueByDay.every(({ Count }) => Count === 0)).toBe(true);
    expect(data.chargebacks).toMatchObject({ TotalChargebacks: 1, TotalAmount: 0, Novo: 0 });
  });

  test('of nothing is nothing', async () => {
    const { data } = await figuresOf(financial, {}, NOW);
    expect([...Value.Errors(financial.schema, data)]).toEqual([]);
    expect(data.revenue.TopPaymentMethod).toBe('N/A');
  });

  test('its hub sends the payments as the front end takes them', async () => {
    const { data } = await figuresOf(financial, company, NOW);
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
