import { DAY_MS, type Instant } from '../../core/figures/calendar.ts';
import { uuidAt } from './identifiers.ts';
import { randomStream } from './random.ts';
import type { CompanySpec } from './spec.ts';
import type { RowSink } from './stored-row.ts';

export interface DemoPlan {
  readonly id: number;
  readonly name: string;
  readonly cents: number;
  readonly interval: number;
  readonly unit: 'Days' | 'Months';
  /** `FrequencyType` as stored in the table. */
  readonly writtenUnit: string;
  readonly isActive: boolean;
  /** How often it is chosen, relative to the others. */
  readonly weight: number;
}

/** The old plan is no longer sold, and has no interval. */
export const RETIRED_PLAN: DemoPlan = {
  id: 8,
  name: 'Clube Antigo',
  cents: 2_990,
  interval: 0,
  unit: 'Months',
  writtenUnit: 'Months',
  isActive: false,
  weight: 0,
};

/** A deleted plan that subscriptions still refer to. */
export const GONE_PLAN_ID = 99;

export const PLANS: readonly DemoPlan[] = [
  plan(1, 'Essencial Mensal', 4_990, 1, 'Months', 34),
  plan(2, 'Completo Mensal', 8_990, 1, 'Months', 26),
  plan(3, 'Essencial Trimestral', 13_490, 3, 'Months', 9),
  plan(4, 'Completo Trimestral', 23_990, 3, 'Months', 8, 'months'),
  plan(5, 'Essencial Anual', 47_880, 12, 'Months', 8),
  plan(6, 'Completo Anual', 83_880, 12, 'Months', 7),
  plan(7, 'Passe 30 dias', 5_990, 30, 'Days', 8, ' days '),
  RETIRED_PLAN,
];

function plan(
  id: number,
  name: string,
  cents: number,
  interval: number,
  unit: DemoPlan['unit'],
  weight: number,
  writtenUnit: string = unit,
): DemoPlan {
  return { id, name, cents, interval, unit, writtenUnit, isActive: true, weight };
}

/** When the `periods`-th period of a subscription from `start` begins. */
export function periodStart({ interval, unit }: DemoPlan, start: Instant, periods: number): Instant {
  const steps = Math.max(1, interval) * periods;
  return unit === 'Days' ? start + steps * DAY_MS : addMonths(start, steps);
}

/** The same day of a later month, or the last day of a shorter month. */
export function addMonths(start: Instant, months: number): Instant {
  const from = new Date(start);
  const year = from.getUTCFullYear();
  const month = from.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const midnight = Date.UTC(year, month, Math.min(from.getUTCDate(), lastDay));
  return midnight + (start - Math.floor(start / DAY_MS) * DAY_MS);
}

/** How many whole periods lie between two instants. */
export function wholePeriods(plan: DemoPlan, start: Instant, until: Instant): number {
  const shortest = plan.unit === 'Days' ? DAY_MS : 28 * DAY_MS;
  let periods = Math.floor((until - start) / (shortest * Math.max(1, plan.interval)));
  while (periods > 0 && periodStart(plan, start, periods) > until) periods--;
  return Math.max(0, periods);
}

export function generatePlans(spec: CompanySpec, sink: RowSink<'Plans'>): void {
  const random = randomStream(spec.seed, 'Plans');
  for (const { id, name, cents, interval, writtenUnit, isActive } of PLANS) {
    sink({
      Id: id,
      PublicId: uuidAt(spec.anchor - 1_200 * DAY_MS, random),
      Name: name,
      TransactionAmount: cents / 100,
      CurrencyId: 'BRL',
      FrequencyInterval: interval,
      FrequencyType: writtenUnit,
      IsActive: isActive ? 1 : 0,
    });
  }
}
