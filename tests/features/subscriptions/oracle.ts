import { canonical, frequencyTypes, subscriptionStatuses } from '../../oracle/codes.ts';
import {
  brl,
  compare,
  dividedBy,
  type Fraction,
  fraction,
  percentage,
  rounded,
  sum,
  times,
  zero,
} from '../../oracle/exact.ts';
import type { Answer, Company, PlanRow, SubscriptionRow } from '../../oracle/rows.ts';
import { byText, day, isoOrNull, newestFirst, sorted } from '../../oracle/rules.ts';

/** The contract's section 3, "subscriptions". */
export function subscriptionsOracle(company: Company, now: number): Answer {
  const subscriptions = company.Subscriptions;
  const withStatus = (status: string) => subscriptions.filter((row) => statusOf(row) === status);
  const active = withStatus('authorized');
  const cancelled = withStatus('cancelled');
  const recurring = sum(active.map((row) => monthlyAmount(company, row)));

  return {
    data: {
      summary: {
        TotalSubscriptions: subscriptions.length,
        ActiveSubscriptions: active.length,
        PausedSubscriptions: withStatus('paused').length,
        CancelledSubscriptions: cancelled.length,
        PendingSubscriptions: withStatus('pending').length,
        ExpiringWithin7Days: active.filter(
          ({ CurrentPeriodEndDate: end }) => end !== null && now <= end && end <= now + 7 * day,
        ).length,
        MonthlyRecurringRevenue: rounded(recurring),
        AverageRevenuePerSubscription: rounded(
          active.length === 0 ? zero : dividedBy(recurring, fraction(active.length)),
        ),
        ChurnRate: churnRate(subscriptions, now),
        LifetimeChurnRate: percentage(cancelled.length, subscriptions.length),
      },
      list: sorted(
        subscriptions,
        newestFirst(({ CreatedAt }) => CreatedAt),
        (left, right) => byText(right.Id, left.Id),
      )
        .slice(0, 50)
        .map((row) => {
          const user = company.AspNetUsers.find(({ Id }) => Id === row.UserId);
          return {
            Id: row.Id,
            UserId: row.UserId,
            Status: statusOf(row),
            CurrentAmount: rounded(amountOf(company, row)),
            CurrentPeriodEndDate: isoOrNull(row.CurrentPeriodEndDate),
            PlanName: planOf(company, row)?.Name ?? null,
            UserName: user?.Name ?? null,
            UserEmail: user?.Email ?? null,
          };
        }),
      byPlan: plansByRevenue(company, active),
    },
    unavailable: [],
  };
}

function plansByRevenue(company: Company, active: readonly SubscriptionRow[]) {
  const rows = company.Plans.map((plan) => {
    const subscribed = active.filter(({ PlanId }) => PlanId === plan.Id);
    return { plan, count: subscribed.length, revenue: sum(subscribed.map((row) => monthlyAmount(company, row))) };
  });
  return sorted(
    rows.filter(({ count }) => count > 0),
    (left, right) => compare(right.revenue, left.revenue),
    (left, right) => byText(left.plan.Name, right.plan.Name),
    (left, right) => left.plan.Id - right.plan.Id,
  ).map(({ plan, count, revenue }) => ({ PlanName: plan.Name, Active: count, Mrr: rounded(revenue) }));
}

/** Of those created 30 × 24 h ago or earlier and not cancelled by then, the share cancelled since. */
function churnRate(subscriptions: readonly SubscriptionRow[], now: number): number {
  const then = now - 30 * day;
  const subscribedThen = subscriptions.filter((row) => {
    if (row.CreatedAt === null || row.CreatedAt > then) return false;
    if (statusOf(row) !== 'cancelled') return true;
    return row.UpdatedAt !== null && row.UpdatedAt > then;
  });
  const lost = subscribedThen.filter((row) => statusOf(row) === 'cancelled');
  return percentage(lost.length, subscribedThen.length);
}

function monthlyAmount(company: Company, row: SubscriptionRow): Fraction {
  const amount = amountOf(company, row);
  const plan = planOf(company, row);
  if (plan === undefined) return amount;
  const interval = fraction(Math.max(plan.FrequencyInterval, 1));
  const aMonth = dividedBy(amount, interval);
  const inDays = canonical(frequencyTypes, plan.FrequencyType) === 'Days';
  return inDays ? times(aMonth, fraction(36525, 12 * 100)) : aMonth;
}

function amountOf(company: Company, row: SubscriptionRow): Fraction {
  if (!company.missing.has('Subscriptions.CurrentAmount')) return fraction(row.CurrentAmount);
  return brl(planOf(company, row)?.TransactionAmount ?? 0);
}

function planOf(company: Company, { PlanId }: SubscriptionRow): PlanRow | undefined {
  return company.Plans.find(({ Id }) => Id === PlanId);
}

function statusOf({ Status }: SubscriptionRow): string {
  return canonical(subscriptionStatuses, Status);
}
