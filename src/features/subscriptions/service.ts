import { DAY_MS, type Instant, isoInstant } from '../../core/figures/calendar.ts';
import { mergeByCode } from '../../core/figures/codes.ts';
import { addFractions, compareFractions, type Fraction, ZERO } from '../../core/figures/fraction.ts';
import { toReais } from '../../core/figures/money.ts';
import { compareText } from '../../core/figures/ordering.ts';
import { percentage, roundRatio } from '../../core/figures/rounding.ts';
import { nextDaysFrom } from '../../core/figures/span.ts';
import type { Content } from '../../core/runtime/snapshot.ts';
import { subscriptionStatuses } from '../../core/sources/sql/spellings.ts';
import { monthlyCents, sumOf } from './recurring-revenue.ts';
import type { ListedSubscription, Plan, SubscriptionGroup, SubscriptionsRepository } from './repository.ts';
import type { Subscription, SubscriptionSummary, SubscriptionsByPlan, SubscriptionsData } from './schemas.ts';

const EXPIRY_DAYS = 7;
const CHURN_DAYS = 30;
const LISTED = 50;

export interface SubscriptionsService {
  /** Every figure of the feature, as of `now`. */
  snapshot(now: Instant): Promise<Content<SubscriptionsData>>;
}

export function createSubscriptionsService(repository: SubscriptionsRepository): SubscriptionsService {
  return {
    async snapshot(now) {
      const groups = await repository.groups(nextDaysFrom(now, EXPIRY_DAYS), now - CHURN_DAYS * DAY_MS);
      const plans = new Map((await repository.plans()).map((plan) => [plan.Id, plan]));
      const newest = await repository.newest(LISTED);
      const active = groups.filter(({ Status }) => subscriptionStatuses.find(Status) === 'authorized');
      return {
        data: {
          summary: summarize(groups, active, plans),
          list: newest.map(describe),
          byPlan: groupByPlan(active, plans),
        },
        // The plan's amount stands in for a missing `CurrentAmount`.
        unavailable: [],
      };
    },
  };
}

/** Sums over a set of subscriptions. */
interface SubscriptionTotals {
  readonly count: number;
  readonly ending: number;
  readonly createdBefore: number;
  readonly updatedSince: number;
}

const NOTHING: SubscriptionTotals = { count: 0, ending: 0, createdBefore: 0, updatedSince: 0 };

function add(totals: SubscriptionTotals, group: SubscriptionGroup): SubscriptionTotals {
  return {
    count: totals.count + group.count,
    ending: totals.ending + group.ending,
    createdBefore: totals.createdBefore + group.createdBefore,
    updatedSince: totals.updatedSince + group.updatedSince,
  };
}

function summarize(
  groups: readonly SubscriptionGroup[],
  active: readonly SubscriptionGroup[],
  plans: ReadonlyMap<number, Plan>,
): SubscriptionSummary {
  const byStatus = mergeByCode(
    groups,
    ({ Status }) => subscriptionStatuses.name(Status),
    () => NOTHING,
    add,
  );
  const totalsOf = (code: (typeof subscriptionStatuses.codes)[number]) => byStatus.get(code) ?? NOTHING;
  const all = groups.reduce(add, NOTHING);
  const authorized = totalsOf('authorized');
  const cancelled = totalsOf('cancelled');
  // One cancelled without an instant of its update counts as cancelled before the cut-off, and so do those updated by it.
  const running = all.createdBefore - (cancelled.createdBefore - cancelled.updatedSince);
  const monthly = sumOf(active.map((group) => monthlyCents(group, plans.get(group.PlanId))));
  return {
    TotalSubscriptions: all.count,
    ActiveSubscriptions: authorized.count,
    PausedSubscriptions: totalsOf('paused').count,
    CancelledSubscriptions: cancelled.count,
    PendingSubscriptions: totalsOf('pending').count,
    ExpiringWithin7Days: authorized.ending,
    MonthlyRecurringRevenue: reaisOf(monthly),
    AverageRevenuePerSubscription: reaisOf(monthly, authorized.count),
    ChurnRate: percentage(cancelled.updatedSince, running),
    LifetimeChurnRate: percentage(cancelled.count, all.count),
  };
}

function groupByPlan(active: readonly SubscriptionGroup[], plans: ReadonlyMap<number, Plan>): SubscriptionsByPlan[] {
  const byPlan = new Map<number, { plan: Plan; count: number; monthly: Fraction }>();
  for (const group of active) {
    const plan = plans.get(group.PlanId);
    if (plan === undefined) continue;
    const { count, monthly } = byPlan.get(plan.Id) ?? { count: 0, monthly: ZERO };
    const more = monthlyCents(group, plan);
    byPlan.set(plan.Id, { plan, count: count + group.count, monthly: addFractions(monthly, more) });
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

function describe(row: ListedSubscription): Subscription {
  return {
    Id: row.Id,
    UserId: row.UserId,
    Status: subscriptionStatuses.name(row.Status),
    CurrentAmount: row.reais ?? toReais(row.planCents ?? 0),
    CurrentPeriodEndDate: isoInstant(row.periodEnd),
    PlanName: row.planName,
    UserName: row.userName,
    UserEmail: row.userEmail,
  };
}

/** Exact cents over `count`, as the BRL number that leaves. */
function reaisOf({ numerator, denominator }: Fraction, count = 1): number {
  return roundRatio(numerator, denominator * BigInt(count) * 100n);
}
