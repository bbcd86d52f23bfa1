import { DAY_MS, type Instant, isoInstant, lastMonths, wholeDaysSince } from '../../core/figures/calendar.ts';
import { mergeByCode, numericCode } from '../../core/figures/codes.ts';
import { type Cents, toReais } from '../../core/figures/money.ts';
import { compareText } from '../../core/figures/ordering.ts';
import { percentage, roundRatio } from '../../core/figures/rounding.ts';
import type { Content, Unavailable } from '../../core/runtime/snapshot.ts';
import { ACTIVE_STATUSES, CLAIM_STATUSES, claimStages, claimTypes, LOST_STATUS, WON_STATUS } from './enums.ts';
import type { ActiveClaim, ClaimGroup, ClaimsRepository } from './repository.ts';
import type { ClaimAnalytics, ClaimByReason, ClaimByStatus, ClaimSummary, ClaimsData, ClaimTrend } from './schemas.ts';

const PANEL_URL = 'https://www.mercadopago.com.br/developers/panel/notifications/claims/';
const CRITICAL_DAYS = 30;
const TREND_MONTHS = 12;

export interface ClaimsService {
  /** Every figure of the feature, as of `now`. */
  snapshot(now: Instant): Promise<Content<ClaimsData>>;
}

export function createClaimsService(repository: ClaimsRepository): ClaimsService {
  return {
    async snapshot(now) {
      const groups = await repository.groups(now);
      const active = await repository.active(ACTIVE_STATUSES);
      const payments = await repository.payments();
      return {
        data: {
          summary: summarize(groups, payments),
          active: active.map((claim) => describeActive(claim, now)),
          byReason: groupByReason(groups),
          byStatus: groupByStatus(groups),
          trend: trendOf(groups, now),
        },
        unavailable: repository.knowsResolution ? [] : RESOLUTION_UNAVAILABLE,
      };
    },
  };
}

const RESOLUTION_UNAVAILABLE: readonly Unavailable[] = [
  { figure: 'summary.AverageResolutionDays', column: 'Claims.UpdatedAt' },
];

/** Sums over a set of claim groups. */
interface ClaimTotals {
  readonly count: number;
  readonly cents: Cents;
  readonly payments: number;
  readonly daysOpen: number;
  readonly over30Days: number;
  readonly updated: number;
  readonly updatedAfter: number;
}

const NOTHING: ClaimTotals = {
  count: 0,
  cents: 0,
  payments: 0,
  daysOpen: 0,
  over30Days: 0,
  updated: 0,
  updatedAfter: 0,
};

function add(totals: ClaimTotals, group: ClaimGroup): ClaimTotals {
  return {
    count: totals.count + group.count,
    cents: totals.cents + group.cents,
    payments: totals.payments + group.payments,
    daysOpen: totals.daysOpen + group.daysOpen,
    over30Days: totals.over30Days + group.over30Days,
    updated: totals.updated + (group.updated ?? 0),
    updatedAfter: totals.updatedAfter + (group.updatedAfter ?? 0),
  };
}

function totalsOf(groups: readonly ClaimGroup[], statuses?: readonly number[]): ClaimTotals {
  return groups.filter(({ Status }) => statuses === undefined || statuses.includes(Status)).reduce(add, NOTHING);
}

function summarize(groups: readonly ClaimGroup[], payments: number): ClaimSummary {
  const all = totalsOf(groups);
  const active = totalsOf(groups, ACTIVE_STATUSES);
  const resolved = totalsOf(groups, [WON_STATUS, LOST_STATUS]);
  return {
    TotalClaims: all.count,
    OpenedClaims: active.count,
    CriticalClaims: active.over30Days,
    TotalAmountAtRisk: toReais(active.cents),
    DisputeRate: percentage(all.payments, payments),
    WinRate: percentage(totalsOf(groups, [WON_STATUS]).count, resolved.count),
    AverageDaysOpen: roundRatio(active.daysOpen, active.count),
    AverageResolutionDays:
      resolved.updated === 0 ? null : roundRatio(resolved.updatedAfter, BigInt(resolved.updated) * BigInt(DAY_MS)),
  };
}

function describeActive(claim: ActiveClaim, now: Instant): ClaimAnalytics {
  const daysOpen = wholeDaysSince(claim.created, now);
  return {
    id: claim.Id,
    mp_claim_id: claim.MpClaimId,
    amount_at_risk: toReais(claim.cents),
    claim_type: claimTypes.name(claim.Type),
    internal_status: numericCode(CLAIM_STATUSES, claim.Status),
    days_open: daysOpen,
    panel_url: `${PANEL_URL}${claim.MpClaimId}`,
    is_critical: daysOpen > CRITICAL_DAYS,
    current_stage: claim.CurrentStage === null ? null : claimStages.name(claim.CurrentStage),
    user_name: claim.userName,
    user_email: claim.userEmail,
    date_created: isoInstant(claim.created),
  };
}

function groupByReason(groups: readonly ClaimGroup[]): ClaimByReason[] {
  const all = totalsOf(groups).count;
  const byType = mergeByCode(
    groups,
    ({ Type }) => claimTypes.name(Type),
    () => NOTHING,
    add,
  );
  return [...byType]
    .sort(([leftName, left], [rightName, right]) => right.count - left.count || compareText(leftName, rightName))
    .map(([name, { count, cents }]) => ({
      Reason: name,
      Count: count,
      TotalAmount: toReais(cents),
      Percentage: percentage(count, all),
    }));
}

function groupByStatus(groups: readonly ClaimGroup[]): ClaimByStatus[] {
  const statuses = [...new Set(groups.map(({ Status }) => Status))].sort((left, right) => left - right);
  return statuses.map((status) => {
    const { count, cents, daysOpen } = totalsOf(groups, [status]);
    return {
      Status: numericCode(CLAIM_STATUSES, status),
      Count: count,
      TotalAmount: toReais(cents),
      AverageDaysOpen: roundRatio(daysOpen, count),
    };
  });
}

function trendOf(groups: readonly ClaimGroup[], now: Instant): ClaimTrend[] {
  const byMonth = Map.groupBy(groups, ({ month }) => month);
  return lastMonths(now, TREND_MONTHS).map((period) => {
    const { count, cents } = totalsOf(byMonth.get(period) ?? []);
    return { Period: period, ClaimsOpened: count, AmountAtRisk: toReais(cents) };
  });
}
