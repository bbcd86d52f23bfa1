import { describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { claims } from '../../../src/features/claims/index.ts';
import { figuresOf } from '../figures-of.ts';
import { company, NOW } from './company.ts';

describe('the claims feature', () => {
  test('counts at the edges of its spans, and finds the payments', async () => {
    const { data, unavailable } = await figuresOf(claims, company, NOW);
    expect([...Value.Errors(claims.schema, data)]).toEqual([]);
    expect(unavailable).toEqual([]);
    expect(data.summary).toEqual({
      TotalClaims: 4,
      OpenedClaims: 3,
      CriticalClaims: 0,
      TotalAmountAtRisk: 60.05,
      DisputeRate: 75,
      WinRate: 100,
      AverageDaysOpen: 14.67,
      AverageResolutionDays: 1.5,
    });
    expect(data.active.map(({ id, days_open, amount_at_risk }) => [id, days_open, amount_at_risk])).toEqual([
      [3, 0, 10.05],
      [1, 14, 20],
      [2, 30, 30],
    ]);
    expect(data.byReason).toEqual([
      { Reason: 'Mediations', Count: 3, TotalAmount: 60.05, Percentage: 75 },
      { Reason: 'Return', Count: 1, TotalAmount: 0, Percentage: 25 },
    ]);
    expect(data.byStatus).toEqual([
      { Status: 'Novo', Count: 1, TotalAmount: 20, AverageDaysOpen: 14 },
      { Status: 'EmAnalise', Count: 2, TotalAmount: 40.05, AverageDaysOpen: 15 },
      { Status: 'ResolvidoGanhamos', Count: 1, TotalAmount: 0, AverageDaysOpen: 73 },
    ]);
  });

  test('describes an active claim', async () => {
    const { data } = await figuresOf(claims, company, NOW);
    expect(data.active[1]).toEqual({
      id: 1,
      mp_claim_id: 5_000_000_001,
      amount_at_risk: 20,
      claim_type: 'Mediations',
      internal_status: 'Novo',
      days_open: 14,
      panel_url: 'https://www.mercadopago.com.br/developers/panel/notifications/claims/5000000001',
      is_critical: false,
      current_stage: null,
      user_name: 'Ana Souza',
      user_email: 'ana@example.com',
      date_created: '2026-03-01T00:00:00.000Z',
    });
  });

  test('turns critical a millisecond after the thirty-first day', async () => {
    const turnsAt = Date.parse('2026-02-13T11:59:59.999Z') + 31 * 86_400_000;
    const before = await figuresOf(claims, company, turnsAt - 1);
    const after = await figuresOf(claims, company, turnsAt);
    expect(before.data.summary.CriticalClaims).toBe(0);
    expect(after.data.summary.CriticalClaims).toBe(1);
    expect(after.data.active.map(({ is_critical }) => is_critical)).toEqual([false, false, true]);
  });

  test("months are those of the company's time zone", async () => {
    const inUtc = await figuresOf(claims, company, NOW);
    const inSaoPaulo = await figuresOf(claims, company, NOW, { timeZone: 'America/Sao_Paulo' });
    expect(inUtc.data.trend).toHaveLength(12);
    expect(inUtc.data.trend.slice(-4)).toEqual([
      { Period: '2025-12', ClaimsOpened: 1, AmountAtRisk: 0 },
      { Period: '2026-01', ClaimsOpened: 0, AmountAtRisk: 0 },
      { Period: '2026-02', ClaimsOpened: 1, AmountAtRisk: 30 },
      { Period: '2026-03', ClaimsOpened: 2, AmountAtRisk: 30.05 },
    ]);
    expect(inSaoPaulo.data.trend.slice(-2)).toEqual([
      { Period: '2026-02', ClaimsOpened: 2, AmountAtRisk: 50 },
      { Period: '2026-03', ClaimsOpened: 1, AmountAtRisk: 10.05 },
    ]);
  });

  test('without UpdatedAt only the time to a decision is unavailable', async () => {
    const { data, unavailable } = await figuresOf(claims, company, NOW, { without: new Set(['Claims.UpdatedAt']) });
    expect([...Value.Errors(claims.schema, data)]).toEqual([]);
    expect(data.summary).toMatchObject({ TotalClaims: 4, AverageResolutionDays: null });
    expect(unavailable).toEqual([{ figure: 'summary.AverageResolutionDays', column: 'Claims.UpdatedAt' }]);
  });

  test('a claim of which nothing can be read counts all the same', async () => {
    const unreadable = { Id: 'x', MpClaimId: 'y', Type: 7.5, Status: 'new', DataCreated: '31/12/2025' };
    const { data } = await figuresOf(claims, { Claims: [unreadable, { ...unreadable, Status: 2 }] }, NOW);
    expect([...Value.Errors(claims.schema, data)]).toEqual([]);
    expect(data.summary).toMatchObject({ TotalClaims: 2, OpenedClaims: 1, CriticalClaims: 0, AverageDaysOpen: 0 });
    expect(data.active).toMatchObject([
      {
        id: 0,
        mp_claim_id: null,
        claim_type: '',
        days_open: 0,
        panel_url: 'https://www.mercadopago.com.br/developers/panel/notifications/claims/',
        is_critical: false,
        date_created: null,
      },
    ]);
    expect(data.byStatus.map(({ Status }) => Status)).toEqual(['', 'RespondidoPeloVendedor']);
    expect(data.trend.every(({ ClaimsOpened }) => ClaimsOpened === 0)).toBe(true);
  });

  test('where letter case of keys is ignored, claims find users and payments, and own spellings tell which comes first', async () => {
    const keys = { ignoresCase: true, ignoresAccents: false, ignoresTrailingBlanks: true };
    const rows = {
      AspNetUsers: [{ Id: 'Ana', Name: 'Ana Souza' }],
      Payments: [
        { Id: 'a', PaymentId: 'Same', Amount: 1 },
        { Id: 'B', PaymentId: 'same', Amount: 2 },
      ],
      Claims: [{ Status: 0, ResourceId: 'SAME ', UserId: 'ANA', DataCreated: '2026-03-01' }],
    };
    const { data } = await figuresOf(claims, rows, NOW, { keys });
    expect(data.active).toMatchObject([{ user_name: 'Ana Souza', amount_at_risk: 2 }]);
    expect(data.summary.DisputeRate).toBe(50);
  });

  test('of nothing is nothing', async () => {
    const { data } = await figuresOf(claims, {}, NOW);
    expect([...Value.Errors(claims.schema, data)]).toEqual([]);
    expect(data).toMatchObject({ active: [], byReason: [], byStatus: [] });
    expect(data.summary).toMatchObject({ TotalClaims: 0, DisputeRate: 0, AverageResolutionDays: null });
  });
});
