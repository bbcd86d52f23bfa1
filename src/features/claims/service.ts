import { CLAIM_STATUSES } from '../../company/codes.ts';
import { DAY_MS, type Instant, isoInstantOrNull, wholeDaysSince } from '../../core/figures/calendar.ts';
import { mergeByCode, numericCode } from '../../core/figures/codes.ts';
import { type Cents, toReais } from '../../core/figures/money.ts';
import { compareText } from '../../core/figures/ordering.ts';
import { percentage, roundRatio } from '../../core/figures/rounding.ts';
import type { AsOf } from '../../core/figures/zone.ts';
import { isPlaceholderKey } from '../../core/mirror/door.ts';
import type { FeatureService } from '../../core/runtime/define-feature.ts';
import type { Unavailable } from '../../core/runtime/snapshot.ts';
import { sumDaysOpen } from './days-open.ts';
import { ACTIVE_STATUSES, LOST_STATUS, WON_STATUS } from './enums.ts';
import type { ActiveClaim, ClaimGroup, ClaimsRepository } from './repository.ts';
import type { ClaimsData } from './schemas.ts';

const PANEL_URL = 'https://www.mercadopago.com.br/developers/panel/notifications/claims/';
const CRITICAL_DAYS = 30;
const TREND_MONTHS = 12;

export function createClaimsService(repository: ClaimsRepository): FeatureService<ClaimsData> {
  return {
    snapshot(asOf) {
      const groups = repository.groups();
      const daysOpen = sumDaysOpen(repository, asOf.now);
      const active = repository.active().map((claim) => describeActive(claim, asOf.now));
      return {
        data: {
          summary: summarize(groups, daysOpen, {
            CriticalClaims: active.filter(({ is_critical }) => is_critical).length,
            DisputeRate: percentage(repository.disputedPayments(), repository.payments()),
          }),
          active,
          byReason: groupByReason(groups),
          byStatus: groupByStatus(groups, daysOpen),
          trend: trendOf(repository, asOf),
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
  readonly updated: number;
  readonly updatedAfterDays: number;
  readonly updatedAfterMs: number;
}

const NOTHING: ClaimTotals = { count: 0, cents: 0, updated: 0, updatedAfterDays: 0, updatedAfterMs: 0 };

function add(totals: ClaimTotals, group: ClaimGroup): ClaimTotals {
  return {
    count: totals.count + group.count,
    cents: totals.cents + group.cents,
    updated: totals.updated + group.updated,
    updatedAfterDays: totals.updatedAfterDays + group.updatedAfterDays,
    updatedAfterMs: totals.updatedAfterMs + group.updatedAfterMs,
  };
}

function totalsOf(groups: readonly ClaimGroup[], statuses?: readonly (number | null)[]): ClaimTotals {
  return groups.filter(({ Status }) => statuses === undefined || statuses.includes(Status)).reduce(add, NOTHING);
}

type DaysOpen = ReadonlyMap<number | null, number>;

function summarize(
  groups: readonly ClaimGroup[],
  daysOpen: DaysOpen,
  { CriticalClaims, DisputeRate }: Pick<ClaimsData['summary'], 'CriticalClaims' | 'DisputeRate'>,
): ClaimsData['summary'] {
  const active = totalsOf(groups, ACTIVE_STATUSES);
  const activeDays = ACTIVE_STATUSES.reduce<number>((days, status) => days + (daysOpen.get(status) ?? 0), 0);
  const resolved = totalsOf(groups, [WON_STATUS, LOST_STATUS]);
  return {
    TotalClaims: totalsOf(groups).count,
    OpenedClaims: active.count,
    CriticalClaims,
    TotalAmountAtRisk: toReais(active.cents),
    DisputeRate,
    WinRate: percentage(totalsOf(groups, [WON_STATUS]).count, resolved.count),
    AverageDaysOpen: roundRatio(activeDays, active.count),
    AverageResolutionDays: resolved.updated === 0 ? null : meanResolutionDays(resolved),
  };
}

function meanResolutionDays({ updated, updatedAfterDays, updatedAfterMs }: ClaimTotals): number {
  const milliseconds = BigInt(updatedAfterDays) * BigInt(DAY_MS) + BigInt(updatedAfterMs);
  return roundRatio(milliseconds, BigInt(updated) * BigInt(DAY_MS));
}

function describeActive(claim: ActiveClaim, now: Instant): ClaimsData['active'][number] {
  const daysOpen = claim.DataCreated === null ? 0 : wholeDaysSince(claim.DataCreated, now);
  return {
    id: isPlaceholderKey(claim.Id) ? 0 : claim.Id,
    mp_claim_id: claim.MpClaimId,
    amount_at_risk: toReais(claim.cents),
    claim_type: claim.Type,
    internal_status: numericCode(CLAIM_STATUSES, claim.Status),
    days_open: daysOpen,
    panel_url: `${PANEL_URL}${claim.MpClaimId ?? ''}`,
    is_critical: daysOpen > CRITICAL_DAYS,
    current_stage: claim.CurrentStage,
    user_name: claim.userName,
    user_email: claim.userEmail,
    date_created: isoInstantOrNull(claim.DataCreated),
  };
}

function groupByReason(groups: readonly ClaimGroup[]): ClaimsData['byReason'] {
  const all = totalsOf(groups).count;
  const byType = mergeByCode(
    groups,
    ({ Type }) => Type,
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

/** Ordered by code; claims without one come first. */
function groupByStatus(groups: readonly ClaimGroup[], daysOpen: DaysOpen): ClaimsData['byStatus'] {
  const statuses = [...new Set(groups.map(({ Status }) => Status))];
  return statuses
    .sort((left, right) => (left ?? -Infinity) - (right ?? -Infinity))
    .map((status) => {
      const { count, cents } = totalsOf(groups, [status]);
      return {
        Status: numericCode(CLAIM_STATUSES, status),
        Count: count,
        TotalAmount: toReais(cents),
        AverageDaysOpen: roundRatio(daysOpen.get(status) ?? 0, count),
      };
    });
}

function trendOf(repository: ClaimsRepository, { now, calendar }: AsOf): ClaimsData['trend'] {
  const months = calendar.lastMonths(now, TREND_MONTHS);
  const totals = new Map(repository.months(months).map((month) => [month.span, month]));
  return months.map(({ name }, index) => ({
    Period: name,
    ClaimsOpened: totals.get(index)?.count ?? 0,
    AmountAtRisk: toReais(totals.get(index)?.cents ?? 0),
  }));
}
