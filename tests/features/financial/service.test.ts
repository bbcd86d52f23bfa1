import { describe, expect, test } from 'bun:test';
import type { Span } from '../../../src/core/figures/span.ts';
import type { FinancialRepository, PaymentMethodGroup } from '../../../src/features/financial/repository.ts';
import { createFinancialService } from '../../../src/features/financial/service.ts';

const NOW = Date.UTC(2026, 2, 15, 12);

const method = (Method: string, count: number, cents: number, monthCents = 0, yearCents = 0): PaymentMethodGroup => ({
  Method,
  count,
  cents,
  monthCents,
  yearCents,
});

function repositoryOf(rows: Partial<FinancialRepository>): FinancialRepository {
  return {
    statuses: async () => [],
    customers: async () => 0,
    methods: async () => [],
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
      statuses: async () => [
        { Status: 'approved', count: 2 },
        { Status: ' APROVADO ', count: 1 },
        { Status: 'Pendente', count: 4 },
        { Status: 'in_process', count: 8 },
        { Status: 'cancelado', count: 16 },
        { Status: 'cancelled', count: 32 },
        { Status: 'lost', count: 1 },
      ],
      customers: async () => 5,
      methods: async () => [method('pix', 3, 100)],
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

  test('those approved are asked for by every spelling that means it, in both spans', async () => {
    const asked: { statuses: readonly string[]; month: Span; year: Span }[] = [];
    await figures({
      statuses: async () => ['approved', 'approved2', ' Aprovado', 'rejected'].map((Status) => ({ Status, count: 1 })),
      methods: async (statuses, month, year) => {
        asked.push({ statuses, month, year });
        return [];
      },
    });
    expect(asked).toEqual([
      {
        statuses: ['approved', ' Aprovado'],
        month: { from: Date.UTC(2026, 1, 13, 12), before: NOW + 1 },
        year: { from: Date.UTC(2025, 2, 15, 12), before: NOW + 1 },
      },
    ]);
  });

  test('without an approved one nothing more is asked', async () => {
    const unexpected = async () => {
      throw new Error('asked');
    };
    const { payments, revenue } = await figures({
      statuses: async () => [{ Status: 'rejected', count: 1 }],
      methods: unexpected,
      days: unexpected,
    });
    expect(payments.ApprovalRate).toBe(0);
    expect(revenue.TopPaymentMethod).toBe('N/A');
  });
});

describe('revenue', () => {
  const approved = async () => [{ Status: 'approved', count: 1 }];

  test('methods are one whatever their letter case and blanks, most first, ties by name', async () => {
    const { revenue } = await figures({
      statuses: approved,
      methods: async () => [
        method('pix', 1, 1_000, 1, 10),
        method(' PIX', 1, 5, 2, 20),
        method('boleto', 1, 1_005, 3, 30),
        method('card', 1, 2_000, 4, 40),
      ],
    });
    expect(revenue).toEqual({
      TotalRevenue: 40.1,
      MonthlyRevenue: 0.1,
      YearlyRevenue: 1,
      TotalTransactions: 4,
      AverageTransactionValue: 10.03,
      TopPaymentMethod: 'card',
      PaymentMethodDistribution: { card: 20, boleto: 10.05, pix: 10.05 },
    });
    expect(Object.keys(revenue.PaymentMethodDistribution)).toEqual(['card', 'boleto', 'pix']);
  });

  test('of days lists the last 90 with today, empty ones included', async () => {
    const { revenueByDay } = await figures({
      statuses: approved,
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
