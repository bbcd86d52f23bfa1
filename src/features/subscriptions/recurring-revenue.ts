import { addFractions, type Fraction, fraction, ZERO } from '../../core/figures/fraction.ts';
import { frequencyTypes } from './enums.ts';
import type { Plan, SubscriptionGroup } from './repository.ts';

/**
 * Monthly recurring revenue as exact fractions of a cent: what a period costs, told a month.
 *
 * A month has 365.25 ÷ 12 days, which is 487 ÷ 16.
 */
const DAYS_A_MONTH: Fraction = fraction(487n, 16n);
const CENTS_A_REAL = 100n;

/** Cents a month of subscriptions that share a plan, or have none. */
export function monthlyCents(group: SubscriptionGroup, plan: Plan | undefined): Fraction {
  const cents = periodCents(group, plan);
  if (plan === undefined) return fraction(cents, 1n);
  const interval = BigInt(Math.max(1, plan.FrequencyInterval));
  if (frequencyTypes.find(plan.FrequencyType) !== 'Days') return fraction(cents, interval);
  return fraction(cents * DAYS_A_MONTH.numerator, DAYS_A_MONTH.denominator * interval);
}

export function sumOf(amounts: readonly Fraction[]): Fraction {
  return amounts.reduce(addFractions, ZERO);
}

/** Cents a period: the subscriptions' own amounts, else the plan's for each, else nothing. */
function periodCents({ count, reais }: SubscriptionGroup, plan: Plan | undefined): bigint {
  if (reais !== undefined) return BigInt(reais) * CENTS_A_REAL;
  return BigInt(plan?.cents ?? 0) * BigInt(count);
}
