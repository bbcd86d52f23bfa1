import type { subscriptionStatuses } from '../../company/codes.ts';
import { DAY_MS, type Instant, isoInstantOrNull } from '../../core/figures/calendar.ts';
import { addFractions, compareFractions, type Fraction, ZERO } from '../../core/figures/fraction.ts';
import { toReais } from '../../core/figures/money.ts';
import { compareText } from '../../core/figures/ordering.ts';
import { percentage, roundRatio } from '../../core/figures/rounding.ts';
import { nextDaysFrom } from '../../core/figures/span.ts';
import { isPlaceholderKey } from '../../core/mirror/door.ts';
import type { FeatureService } from '../../core/runtime/define-feature.ts';
import { monthlyCents, sumOf } from './recurring-revenue.ts';
import type { ListedSubscription, Plan, SubscriptionGroup, SubscriptionsRepository } from './repository.ts';
import type { SubscriptionsData } from './schemas.ts';

const EXPIRY_DAYS = 7;
const CHURN_DAYS = 30;
const LISTED = 50;

export function createSubscriptionsService(repository: SubscriptionsRepository): FeatureService<SubscriptionsData> {
  const { knowsAmount } = repository;
  return {
    snapshot({ now }) {
      const groups = repository.groups();
      const plans = new Map(repository.plans().map((plan) => [plan.Id, plan]));
      const active: readonly Recurring[] = groups
        .filter(({ Status }) => Status === 'authorized')
        .map((group) => {
          const plan = group.PlanId === null ? undefined : plans.get(group.PlanId);
          return { plan, count: group.count, monthly: monthlyCents(group, plan, knowsAmount) };
        });
      return {
        data: {
          summary: summarize(groups, active, {
            ExpiringWithin7Days: repository.ending(nextDaysFrom(now, EXPIRY_DAYS)),
            ChurnRate: churnRate(repository, groups, now - CHURN_DAYS * DAY_MS),
          }),
          list: repository.newest(LISTED).map((row) => describe(row, knowsAmount)),
          byPlan: groupByPlan(active),
        },
        // Without `CurrentAmount` the plan's amount is used.
        unavailable: [],
      };
    },
  };
}

/** Active subscriptions that share a plan, or have none. */
interface Recurring {
  readonly plan: Plan | undefined;
  readonly count: number;
  /** Cents a month. */
  readonly monthly: Fraction;
}

function summarize(
  groups: readonly SubscriptionGroup[],
  active: readonly Recurring[],
  { ExpiringWithin7Days, ChurnRate }: Pick<SubscriptionsData['summary'], 'ExpiringWithin7Days' | 'ChurnRate'>,
): SubscriptionsData['summary'] {
  const countOf = (code: (typeof subscriptionStatuses.codes)[number]) =>
    groups.filter(({ Status }) => Status === code).reduce((total, { count }) => total + count, 0);
  const all = groups.reduce((total, { count }) => total + count, 0);
  const monthly = sumOf(active.map((recurring) => recurring.monthly));
  return {
    TotalSubscriptions: all,
    ActiveSubscriptions: countOf('authorized'),
    PausedSubscriptions: countOf('paused'),
    CancelledSubscriptions: countOf('cancelled'),
    PendingSubscriptions: countOf('pending'),
    ExpiringWithin7Days,
    MonthlyRecurringRevenue: reaisOf(monthly),
    AverageRevenuePerSubscription: reaisOf(monthly, countOf('authorized')),
    ChurnRate,
    LifetimeChurnRate: percentage(countOf('cancelled'), all),
  };
}

/**
 * Of the subscriptions that were created up to the cut-off and not cancelled by then, the share cancelled since.
 *
 * A cancelled one without `UpdatedAt` counts as cancelled before the cut-off. Those created up to the cut-off are counted as
 * all minus those created later, which are far fewer.
 */
function churnRate(repository: SubscriptionsRepository, groups: readonly SubscriptionGroup[], cutoff: Instant): number {
  const datedIn = (some: readonly SubscriptionGroup[]) => some.reduce((total, { dated }) => total + dated, 0);
  const later = repository.created({ from: cutoff + 1, before: Number.MAX_SAFE_INTEGER });
  const created = datedIn(groups) - later.count;
  const cancelled = datedIn(groups.filter(({ Status }) => Status === 'cancelled')) - later.cancelled;
  const cancelledSince = repository.cancelledSince(cutoff);
  return percentage(cancelledSince, created - (cancelled - cancelledSince));
}

function groupByPlan(active: readonly Recurring[]): SubscriptionsData['byPlan'] {
  const byPlan = new Map<number, { plan: Plan; count: number; monthly: Fraction }>();
  for (const { plan, count, monthly } of active) {
    if (plan === undefined) continue;
    const before = byPlan.get(plan.Id) ?? { count: 0, monthly: ZERO };
    byPlan.set(plan.Id, { plan, count: before.count + count, monthly: addFractions(before.monthly, monthly) });
  }
  return [...byPlan.values()]
    .sort(
      (left, right) =>
        compareFractions(right.monthly, left.monthly) ||
        compareText(left.plan.Name, right.plan.Name) ||
        left.plan.Id - right.plan.Id,
    )
    .map(({ plan, count, monthly }) => ({ PlanName: plan.Name, Active: count, Mrr: reaisOf(monthly) }));
}

function describe(row: ListedSubscription, knowsAmount: boolean): SubscriptionsData['list'][number] {
  return {
    Id: isPlaceholderKey(row.Id) ? '' : row.Id,
    UserId: row.UserId,
    Status: row.Status,
    CurrentAmount: knowsAmount ? row.CurrentAmount : toReais(row.planCents ?? 0),
    CurrentPeriodEndDate: isoInstantOrNull(row.CurrentPeriodEndDate),
    PlanName: row.planName,
    UserName: row.userName,
    UserEmail: row.userEmail,
  };
}

/** Exact cents ÷ `count` as BRL with 2 decimals. */
function reaisOf({ numerator, denominator }: Fraction, count = 1): number {
  return roundRatio(numerator, denominator * BigInt(count) * 100n);
}
