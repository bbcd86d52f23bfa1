import { describe, expect, test } from 'bun:test';
import type { Span } from '../../../src/core/figures/span.ts';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import type { FinancialRepository, PaymentGroup } from '../../../src/features/financial/repository.ts';
import { createFinancialService } from '../../../src/features/financial/service.ts';

const NOW = Date.UTC(2026, 2, 15, 12);

const group = (Status: string, Method: string, count: number, cents: number): PaymentGroup => ({
  Status,
  Method,
  count,
  cents,
});

function figures(rows: Partial<FinancialRepository>) {
  const repository: FinancialRepository = {
    groups: () => [],
    customers: () => 0,
    revenue: () => [],
    chargebacks: () => [],
    ...rows,
  };
  const moment = { now: NOW, calendar: createCalendar('UTC') };
  const { data, unavailable } = createFinancialService(repository).snapshot(moment);
  expect(unavailable).toEqual([]);
  return data;
}

describe('payments', () => {
  test('are counted by their status, one outside the list in the total alone', () => {
    const { payments } = figures({
      groups: () => [
        group('approved', 'pix', 1, 30),
        group('approved', 'card', 2, 70),
        group('pending', 'pix', 4, 1_000),
        group('in_process', 'pix', 8, 1_000),
        group('cancelled', 'pix', 16, 1_000),
        group('cancelled', 'card', 32, 1_000),
        group('lost', 'pix', 1, 1_000),
      ],
      customers: () => 5,
    });
    expect(payments).toEqual({
      TotalPayments: 64,
      TotalApproved: 3,
      TotalPending: 12,
      TotalCancelled: 48,
      UniqueCustomers: 5,
      AvgTicket: 0.33,
      ApprovalRate: 4.69,
    });
  });

  test('the last 30 and 365 days end with now, and the days with today', () => {
    const asked: (readonly Span[])[] = [];
    const { revenue } = figures({
      revenue: (spans) => {
        asked.push(spans);
        return [
          { span: 0, count: 1, cents: 10 },
          { span: 1, count: 2, cents: 100 },
        ];
      },
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toHaveLength(92);
    expect(asked[0]?.slice(0, 2)).toEqual([
      { from: Date.UTC(2026, 1, 13, 12), before: NOW + 1 },
      { from: Date.UTC(2025, 2, 15, 12), before: NOW + 1 },
    ]);
    expect(asked[0]?.[91]).toMatchObject({ from: Date.UTC(2026, 2, 15), before: Date.UTC(2026, 2, 16) });
    expect(revenue.MonthlyRevenue).toBe(0.1);
    expect(revenue.YearlyRevenue).toBe(1);
  });

  test('without an approved one there is no top method', () => {
    const { payments, revenue } = figures({ groups: () => [group('rejected', 'pix', 1, 1)] });
    expect(payments.ApprovalRate).toBe(0);
    expect(revenue.TopPaymentMethod).toBe('N/A');
  });
});

describe('revenue', () => {
  test('is by method of the approved ones, most first, ties by name', () => {
    const { revenue } = figures({
      groups: () => [
        group('approved', 'pix', 2, 1_005),
        group('approved', 'boleto', 1, 1_005),
        group('approved', 'card', 1, 2_000),
        group('pending', 'card', 1, 9_000),
      ],
    });
    expect(revenue).toEqual({
      TotalRevenue: 40.1,
      MonthlyRevenue: 0,
      YearlyRevenue: 0,
      TotalTransactions: 4,
      AverageTransactionValue: 10.03,
      TopPaymentMethod: 'card',
      PaymentMethodDistribution: { card: 20, boleto: 10.05, pix: 10.05 },
    });
    expect(Object.keys(revenue.PaymentMethodDistribution)).toEqual(['card', 'boleto', 'pix']);
  });

  test('of days lists the last 90 with today, empty ones included', () => {
    const { revenueByDay } = figures({
      revenue: () => [
        { span: 2, count: 1, cents: 10 },
        { span: 91, count: 2, cents: 1_999 },
      ],
    });
    expect(revenueByDay).toHaveLength(90);
    expect(revenueByDay[0]).toEqual({ Date: '2025-12-16', Amount: 0.1, Count: 1 });
    expect(revenueByDay[1]).toEqual({ Date: '2025-12-17', Amount: 0, Count: 0 });
    expect(revenueByDay[89]).toEqual({ Date: '2026-03-15', Amount: 19.99, Count: 2 });
  });
});

describe('chargebacks', () => {
  test('outside the list, or without a status, count in the totals alone', () => {
    const { chargebacks } = figures({
      chargebacks: () => [
        { Status: null, count: 2, cents: 0 },
        { Status: 0, count: 1, cents: 1 },
        { Status: 3, count: 2, cents: 10 },
        { Status: 4, count: 1, cents: 100 },
        { Status: 7, count: 3, cents: 1_000 },
      ],
    });
    expect(chargebacks).toEqual({
      TotalChargebacks: 9,
      TotalAmount: 11.11,
      Novo: 1,
      AguardandoEvidencias: 0,
      EvidenciasEnviadas: 0,
      Ganhamos: 2,
      Perdemos: 1,
      WinRate: 66.67,
    });
  });

  test('over none the rate is 0', () => {
    const { chargebacks } = figures({});
    expect(chargebacks.WinRate).toBe(0);
    expect(chargebacks.TotalAmount).toBe(0);
  });
});
