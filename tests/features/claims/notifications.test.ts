import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { createJournal } from '../../../src/core/notifications/journal.ts';
import { claims } from '../../../src/features/claims/index.ts';
import type { ClaimsData } from '../../../src/features/claims/schemas.ts';
import { keptNotifications } from '../../support/kept-notifications.ts';
import { findings, ruleOf } from '../../support/rule-of.ts';
import { snapshotOf } from '../../support/snapshot-of.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

type ActiveClaim = ClaimsData['active'][number];

function activeClaim(id: number, days_open: number): ActiveClaim {
  return {
    id,
    mp_claim_id: 5_000_000_000 + id,
    amount_at_risk: 1_234.5,
    claim_type: 'Mediations',
    internal_status: 'Novo',
    days_open,
    panel_url: `https://www.mercadopago.com.br/developers/panel/notifications/claims/${5_000_000_000 + id}`,
    is_critical: days_open > 30,
    current_stage: null,
    user_name: null,
    user_email: null,
    date_created: '2026-03-01T12:00:00.000Z',
  };
}

function dataOf(active: readonly ActiveClaim[]): ClaimsData {
  return {
    summary: {
      TotalClaims: active.length,
      OpenedClaims: active.length,
      CriticalClaims: active.filter(({ is_critical }) => is_critical).length,
      TotalAmountAtRisk: 0,
      DisputeRate: 0,
      WinRate: 0,
      AverageDaysOpen: 0,
      AverageResolutionDays: null,
    },
    active: [...active],
    byReason: [],
    byStatus: [],
    trend: [],
  };
}

const rule = ruleOf(claims);
const found = (snapshots: readonly (readonly ActiveClaim[])[]) => findings(rule, snapshots.map(dataOf));
const keysOf = (occurrences: ReturnType<typeof found>) => occurrences.map((each) => each.map(({ key }) => key));

describe('a claim turns critical', () => {
  test('says which, how long it is open, and what it puts at risk', () => {
    const [, second] = found([[activeClaim(17, 30)], [activeClaim(17, 31)]]);
    expect(second).toEqual([
      {
        key: '17',
        severity: 'critical',
        title: 'Claim 17 turned critical',
        message: 'Mediations, open for 31 days, R$1,234.50 at risk',
        data: {
          id: 17,
          claim_type: 'Mediations',
          days_open: 31,
          amount_at_risk: 1_234.5,
          panel_url: 'https://www.mercadopago.com.br/developers/panel/notifications/claims/5000000017',
        },
      },
    ]);
  });

  test('is nothing new in the first snapshot, nor while it stays so', () => {
    const critical = [activeClaim(1, 40), activeClaim(2, 31)];
    expect(keysOf(found([critical, critical, critical]))).toEqual([[], [], []]);
  });

  test('one that comes in as critical counts; of several the oldest comes first', () => {
    expect(keysOf(found([[activeClaim(1, 3)], [activeClaim(3, 31), activeClaim(2, 35), activeClaim(1, 3)]]))).toEqual([
      [],
      ['2', '3'],
    ]);
  });
});

test('a claim that turns critical is notified once, across restarts; those critical at the start never', async () => {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { maxLength: 8 });
  const steps = fc.array(fc.record({ critical: ids, restart: fc.boolean() }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const clock = createVirtualClock();
      const store = keptNotifications();
      const open = () => createJournal({ store: store.open(), clock, onError: () => {} });
      let journal = open();
      for (const [index, { critical, restart }] of all.entries()) {
        if (restart) journal = open();
        const snapshot = snapshotOf(dataOf(critical.map((id) => activeClaim(id, 31))), index + 1);
        journal.note({ hub: 'claims', rule: rule.name, ...rule.compare(journal.memory(rule.name), snapshot) });
        await clock.settle();
      }
      const told = journal.newest(500).map(({ data }) => Number(data.id));
      const turned = new Set<number>();
      all.slice(1).forEach(({ critical }, index) => {
        const before = new Set(all[index]?.critical);
        for (const id of critical) if (!before.has(id)) turned.add(id);
      });
      expect(told.toSorted()).toEqual([...turned].toSorted());
    }),
    { numRuns: 50 },
  );
});
