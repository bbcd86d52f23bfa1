import { describe, expect, test } from 'bun:test';
import type { Span } from '../../../src/core/figures/span.ts';
import type { FinancialRepository, PaymentGroup } from '../../../src/features/financial/repository.ts';
import { createFinancialService } from '../../../src/features/financial/service.ts';

const NOW = Date.UTC(2026, 2, 15, 12);

const group = (Status: string, Method: string, count: number, cents: number): PaymentGroup => ({
  Status,
  Method,
  count,
  cents,
});

function repositoryOf(rows: Partial<FinancialRepository>): FinancialRepository {
  return {
    groups: async () => [],
    customers: async () => 0,
    recent: async () => ({ monthCents: 0, yearCents: 0 }),
    days: async () => [],
    chargebacks: async () => [],
    ...rows,
  };
}

async function figures(rows: Partial<FinancialRepository>) {
  const { data, unavailable } = await createFinancialService(repositoryOf(rows)).snapshot(NOW);
  expect(unavailable).toEqual([]);
  return data;
}

describe('payments', () => {
  test('are counted by what their status means, one outside the list in the total alone', async () => {
    const { payments } = await figures({
      groups: async () => [
        group('approved', 'pix', 1, 30),
        group('approved', 'card', 1, 30),
        group(' APROVADO ', 'pix', 1, 40),
        group('Pendente', 'pix', 4, 1_000),
        group('in_process', 'pix', 8, 1_000),
        group('cancelado', 'pix', 16, 1_000),
        group('cancelled', 'pix', 32, 1_000),
        group('lost', 'pix', 1, 1_000),
      ],
      customers: async () => 5,
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

  test('those approved are asked for by every spelling that means it, each named once, in both spans', async () => {
    const asked: { statuses: readonly string[]; month: Span; year: Span }[] = [];
    const { revenue } = await figures({
      groups: async () => [
        group('approved', 'pix', 1, 1),
        group('approved', 'card', 1, 1),
        group('approved2', 'pix', 1, 1),
        group(' Aprovado', 'pix', 1, 1),
        group('rejected', 'pix', 1, 1),
      ],
      recent: async (statuses, month, year) => {
        asked.push({ statuses, month, year });
        return { monthCents: 10, yearCents: 100 };
      },
    });
    expect(asked).toEqual([
      {
        statuses: ['approved', ' Aprovado'],
        month: { from: Date.UTC(2026, 1, 13, 12), before: NOW + 1 },
        year: { from: Date.UTC(2025, 2, 15, 12), before: NOW + 1 },
      },
    ]);
    expect(revenue.MonthlyRevenue).toBe(0.1);
    expect(revenue.YearlyRevenue).toBe(1);
  });

  test('without an approved one nothing more is asked', async () => {
    const unexpected = async () => {
      throw new Error('asked');
    };
    const { payments, revenue } = await figures({
      groups: async () => [group('rejected', 'pix', 1, 1)],
      recent: unexpected,
      days: unexpected,
    });
    expect(payments.ApprovalRate).toBe(0);
    expect(revenue.TopPaymentMethod).toBe('N/A');
  });
});

describe('revenue', () => {
  test('methods are one whatever their letter case and blanks, most first, ties by name', async () => {
    const { revenue } = await figures({
      groups: async () => [
        group('approved', 'pix', 1, 1_000),
        group('approved', ' PIX', 1, 5),
        group('approved', 'boleto', 1, 1_005),
        group('Aprovado', 'card', 1, 2_000),
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

  test('of days lists the last 90 with today, empty ones included', async () => {
    const { revenueByDay } = await figures({
      groups: async () => [group('approved', 'pix', 1, 1)],
      days: async () => [
        { day: '2026-03-16', count: 1, cents: 1 },
        { day: '2026-03-15', count: 2, cents: 1_999 },
        { day: '2025-12-16', count: 1, cents: 10 },
      ],
    });
    expect(revenueByDay).toHaveLength(90);
    expect(revenueByDay[0]).toEqual({ Date: '2025-12-16', Amount: 0.1, Count: 1 });
    expect(revenueByDay[1]).toEqual({ Date: '2025-12-17', Amount: 0, Count: 0 });
    expect(revenueByDay[89]).toEqual({ Date: '2026-03-15', Amount: 19.99, Count: 2 });
  });
});

describe('chargebacks', () => {
  test('one outside the list counts in the totals alone', async () => {
    const { chargebacks } = await figures({
      chargebacks: async () => [
        { Status: 0, count: 1, cents: 1 },
        { Status: 3, count: 2, cents: 10 },
        { Status: 4, count: 1, cents: 100 },
        { Status: 7, count: 5, cents: 1_000 },
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

  test('over none the rate is 0', async () => {
    const { chargebacks } = await figures({});
    expect(chargebacks.WinRate).toBe(0);
    expect(chargebacks.TotalAmount).toBe(0);
  });
});
