import { addFractions, type Fraction, fraction, ZERO } from '../../core/figures/fraction.ts';
import type { Plan, SubscriptionGroup } from './repository.ts';

/**
 * Monthly recurring revenue as exact fractions of a cent: the price of a period, converted to a month.
 *
 * A month has 365.25 ÷ 12 days, which is 487 ÷ 16.
 */
const DAYS_A_MONTH: Fraction = fraction(487n, 16n);
const CENTS_A_REAL = 100n;

/**
 * Cents a month of subscriptions that share a plan, or have none.
 *
 * @param knowsAmount whether `Subscriptions.CurrentAmount` exists; without it the plan's amount is used
 */
export function monthlyCents(group: SubscriptionGroup, plan: Plan | undefined, knowsAmount: boolean): Fraction {
  const cents = knowsAmount ? BigInt(group.reais) * CENTS_A_REAL : BigInt(plan?.cents ?? 0) * BigInt(group.count);
  if (plan === undefined) return fraction(cents, 1n);
  const interval = BigInt(Math.max(1, plan.FrequencyInterval));
  if (plan.FrequencyType !== 'Days') return fraction(cents, interval);
  return fraction(cents * DAYS_A_MONTH.numerator, DAYS_A_MONTH.denominator * interval);
}

export function sumOf(amounts: readonly Fraction[]): Fraction {
  return amounts.reduce(addFractions, ZERO);
}
