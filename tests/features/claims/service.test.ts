import { describe, expect, test } from 'bun:test';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import type { ActiveClaim, ClaimGroup, ClaimsRepository } from '../../../src/features/claims/repository.ts';
import { createClaimsService } from '../../../src/features/claims/service.ts';

const NOW = Date.UTC(2026, 2, 15, 12);
const DAY_MS = 86_400_000;

const group = (Status: number | null, Type: string, rest: Partial<ClaimGroup> = {}): ClaimGroup => ({
  Status,
  Type,
  count: 1,
  cents: 0,
  updated: 0,
  updatedAfterDays: 0,
  updatedAfterMs: 0,
  ...rest,
});

const claim = (Id: number, rest: Partial<ActiveClaim> = {}): ActiveClaim => ({
  Id,
  MpClaimId: Id,
  Type: 'Mediations',
  Status: 0,
  CurrentStage: null,
  DataCreated: NOW,
  cents: 0,
  userName: null,
  userEmail: null,
  ...rest,
});

function figures(rows: Partial<ClaimsRepository>) {
  const repository: ClaimsRepository = {
    knowsResolution: true,
    payments: () => 0,
    disputedPayments: () => 0,
    groups: () => [],
    months: () => [],
    ages: () => [],
    openedBetween: () => [],
    openedAfter: () => [],
    active: () => [],
    ...rows,
  };
  return createClaimsService(repository).snapshot({ now: NOW, calendar: createCalendar('UTC') }).data;
}

describe('the time to a decision', () => {
  const decided = (Status: number, days: number, milliseconds: number, updated = 1) =>
    group(Status, 'Return', { updated, updatedAfterDays: days, updatedAfterMs: milliseconds });

  test('is the mean of the claims that were won or lost, rounded once', () => {
    const { summary } = figures({
      groups: () => [decided(3, 1, 0), decided(4, 0, 1), decided(4, 0, 1), decided(1, 90, 0)],
    });
    expect(summary.AverageResolutionDays).toBe(0.33);
  });

  test('may be less than nothing', () => {
    const { summary } = figures({ groups: () => [decided(3, -2, DAY_MS / 2)] });
    expect(summary.AverageResolutionDays).toBe(-1.5);
  });

  test('is exact where its milliseconds are more than a number holds', () => {
    const { summary } = figures({ groups: () => [decided(3, 3_000_000_000, 6_480_000, 1_000)] });
    expect(summary.AverageResolutionDays).toBe(3_000_000);
    const more = figures({ groups: () => [decided(3, 3_000_000_000, 432_000 * 1_000, 1_000)] });
    expect(more.summary.AverageResolutionDays).toBe(3_000_000.01);
  });

  test('is null where none has an instant of its last change', () => {
    expect(figures({ groups: () => [group(3, 'Return')] }).summary.AverageResolutionDays).toBeNull();
  });
});

describe('rates', () => {
  test('are shares of the decided claims and of the payments', () => {
    const { summary } = figures({
      groups: () => [group(3, 'Return', { count: 2 }), group(4, 'Return'), group(0, 'Return', { count: 5 })],
      payments: () => 400,
      disputedPayments: () => 3,
    });
    expect(summary).toMatchObject({ TotalClaims: 8, OpenedClaims: 5, WinRate: 66.67, DisputeRate: 0.75 });
  });

  test('over nothing are 0', () => {
    expect(figures({}).summary).toEqual({
      TotalClaims: 0,
      OpenedClaims: 0,
      CriticalClaims: 0,
      TotalAmountAtRisk: 0,
      DisputeRate: 0,
      WinRate: 0,
      AverageDaysOpen: 0,
      AverageResolutionDays: null,
    });
  });
});

describe('types', () => {
  test('outside the list are one whatever their letter case; most claims first, ties by name', () => {
    const { byReason } = figures({
      groups: () => [
        group(0, 'outro', { count: 1, cents: 10 }),
        group(1, 'Outro', { count: 2, cents: 20 }),
        group(1, 'Return', { count: 3, cents: 30 }),
        group(null, '', { count: 4 }),
      ],
    });
    expect(byReason).toEqual([
      { Reason: '', Count: 4, TotalAmount: 0, Percentage: 40 },
      { Reason: 'Outro', Count: 3, TotalAmount: 0.3, Percentage: 30 },
      { Reason: 'Return', Count: 3, TotalAmount: 0.3, Percentage: 30 },
    ]);
  });
});

describe('statuses', () => {
  test('stand by their code, one that is missing first, one outside the list under its digits', () => {
    const { byStatus } = figures({
      groups: () => [4, 10, null, 0, -1].map((status, index) => group(status, 'Return', { count: index + 1 })),
    });
    expect(byStatus.map(({ Status, Count }) => [Status, Count])).toEqual([
      ['', 3],
      ['-1', 5],
      ['Novo', 4],
      ['ResolvidoPerdemos', 1],
      ['10', 2],
    ]);
  });
});

describe('active claims', () => {
  test('are critical once they are open for more than 30 whole days', () => {
    const { active, summary } = figures({
      active: () => [
        claim(1, { DataCreated: NOW - 31 * DAY_MS }),
        claim(2, { DataCreated: NOW - 31 * DAY_MS + 1 }),
        claim(3, { DataCreated: NOW + DAY_MS }),
        claim(4, { DataCreated: null }),
      ],
    });
    expect(active.map(({ days_open, is_critical }) => [days_open, is_critical])).toEqual([
      [31, true],
      [30, false],
      [0, false],
      [0, false],
    ]);
    expect(summary.CriticalClaims).toBe(1);
  });
});

test('the months asked for are the last twelve, this one last', () => {
  const { trend } = figures({
    months: (spans) => {
      expect(spans).toHaveLength(12);
      expect(spans[11]).toMatchObject({ from: Date.UTC(2026, 2, 1), before: Date.UTC(2026, 3, 1) });
      return [{ span: 11, count: 2, cents: 1_005 }];
    },
  });
  expect(trend[0]).toEqual({ Period: '2025-04', ClaimsOpened: 0, AmountAtRisk: 0 });
  expect(trend[11]).toEqual({ Period: '2026-03', ClaimsOpened: 2, AmountAtRisk: 10.05 });
});
