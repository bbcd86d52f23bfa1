import { describe, expect, test } from 'bun:test';
import { financial } from '../../../src/features/financial/index.ts';
import type { FinancialData } from '../../../src/features/financial/schemas.ts';
import { findings, ruleOf } from '../../support/rule-of.ts';

function dataOf([TotalChargebacks, TotalAmount]: readonly [count: number, reais: number]): FinancialData {
  const none = {
    TotalRevenue: 0,
    MonthlyRevenue: 0,
    YearlyRevenue: 0,
    TotalTransactions: 0,
    AverageTransactionValue: 0,
  };
  return {
    payments: {
      TotalPayments: 0,
      TotalApproved: 0,
      TotalPending: 0,
      TotalCancelled: 0,
      UniqueCustomers: 0,
      AvgTicket: 0,
      ApprovalRate: 0,
    },
    revenue: { ...none, TopPaymentMethod: 'N/A', PaymentMethodDistribution: {} },
    revenueByDay: [],
    chargebacks: {
      TotalChargebacks,
      TotalAmount,
      Novo: 0,
      AguardandoEvidencias: 0,
      EvidenciasEnviadas: 0,
      Ganhamos: 0,
      Perdemos: 0,
      WinRate: 0,
    },
  };
}

const found = (...snapshots: readonly (readonly [count: number, reais: number])[]) =>
  findings(ruleOf(financial), snapshots.map(dataOf));

describe('new chargebacks', () => {
  test('one says its amount, and what that makes', () => {
    expect(found([7, 1_000.1], [8, 1_234.6])[1]).toEqual([
      {
        key: '8/123460',
        severity: 'warning',
        title: 'New chargeback',
        message: 'R$234.50; 8 in all, R$1,234.60',
        data: { added: 1, amount: 234.5, TotalChargebacks: 8, TotalAmount: 1_234.6 },
      },
    ]);
  });

  test('several are told together', () => {
    expect(found([0, 0], [3, 0.3])[1]).toMatchObject([
      { title: '3 new chargebacks', message: 'R$0.30; 3 in all, R$0.30', data: { added: 3, amount: 0.3 } },
    ]);
  });

  test('without an amount of their own where older ones were corrected', () => {
    expect(found([7, 1_000], [8, 900])[1]).toMatchObject([{ message: '8 in all, R$900.00', data: { amount: null } }]);
  });

  test('are none where the count stays or falls', () => {
    expect(found([7, 1_000], [7, 2_000], [5, 500], [5, 500])).toEqual([[], [], [], []]);
  });

  test('that go and come back as they were have the same key; others have another', () => {
    const [, first, , same, , other] = found([7, 70], [8, 80], [7, 70], [8, 80], [7, 70], [8, 81]);
    expect(same).toEqual(first ?? []);
    expect(other?.[0]?.key).not.toBe(first?.[0]?.key);
  });
});
