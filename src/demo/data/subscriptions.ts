import { DAY_MS, type Instant, isoInstant } from '../../core/figures/calendar.ts';
import { preapprovalId, uuidAt } from './identifiers.ts';
import { placeOddities } from './oddities.ts';
import { type DemoPlan, GONE_PLAN_ID, PLANS, periodStart, RETIRED_PLAN, wholePeriods } from './plans.ts';
import { type Random, randomStream, shares, weighted } from './random.ts';
import { countingUntil, type Rhythm } from './rhythm.ts';
import { type CompanySpec, sizeOf } from './spec.ts';
import type { RowSink, StoredRow } from './stored-row.ts';
import { GONE_USER, type People, pickPerson } from './users.ts';

/** Data of the subscriptions that payments refer to, oldest first. */
export interface Subscribers {
  readonly began: Float64Array;
  /** When it was cancelled; infinity while it is active. */
  readonly ended: Float64Array;
  readonly person: Int32Array;
  readonly planIndex: Int32Array;
  readonly ids: readonly string[];
}

type Subscription = StoredRow<'Subscriptions'>;

/** Share of subscribers who cancel within a month. */
const MONTHLY_CHURN = 0.042;
/** The retired plan was sold only in the company's first years. */
const RETIRED_PLAN_SOLD = 0.3;
const OLD_PRICE_SHARE = 0.2;

const choosePlan = weighted(PLANS.map((plan, index) => [index, plan.weight]));
const retiredPlanIndex = PLANS.indexOf(RETIRED_PLAN);
const chooseEndStatus = weighted(shares({ cancelled: 88, refunded: 6, rejected: 6 }));
const chooseRunningStatus = weighted(
  shares({ authorized: 94, paused: 4, refund_pending: 0.5, pending: 0.5, rejected: 1 }),
);

export function generateSubscriptions(
  spec: CompanySpec,
  rhythm: Rhythm,
  people: People,
  sink: RowSink<'Subscriptions'>,
): Subscribers {
  const random = randomStream(spec.seed, 'Subscriptions');
  const count = sizeOf('subscriptions', spec);
  const began = rhythm.instants(random, count);
  const ended = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const person = new Int32Array(count);
  const planIndex = new Int32Array(count);
  const makeOdd = placeOddities(count, ODDITIES);
  const joinedUntil = countingUntil(people.joined);
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const start = began[index] ?? 0;
    const sold = index < count * RETIRED_PLAN_SOLD && random.chance(0.15) ? retiredPlanIndex : choosePlan(random);
    const subscriber = pickPerson(random, Math.max(1, joinedUntil(start)));
    const end = start + lifetime(random);
    const row = subscriptionRow(random, spec.anchor, start, end, PLANS[sold] ?? RETIRED_PLAN);
    row.UserId = people.ids[subscriber] ?? GONE_USER;
    if (end < spec.anchor) ended[index] = end;
    person[index] = subscriber;
    planIndex[index] = sold;
    ids.push(row.Id);
    makeOdd(row, index);
    sink(row);
  }
  return { began, ended, person, planIndex, ids };
}

function lifetime(random: Random): number {
  let months = 0;
  while (months < 60 && !random.chance(MONTHLY_CHURN)) months++;
  return (months + random.fraction()) * 30 * DAY_MS;
}

function subscriptionRow(random: Random, anchor: Instant, start: Instant, end: Instant, plan: DemoPlan): Subscription {
  const running = end >= anchor;
  const fresh = running && anchor - start < DAY_MS && random.chance(0.3);
  const periods = wholePeriods(plan, start, running ? anchor : end);
  const periodBegan = periodStart(plan, start, periods);
  const changed = running ? (periods === 0 ? null : periodBegan) : end;
  const reais = Math.round(plan.cents / 100);
  return {
    Id: uuidAt(start, random),
    ExternalId: preapprovalId(random),
    UserId: '',
    Status: fresh ? 'pending' : running ? chooseRunningStatus(random) : chooseEndStatus(random),
    PlanId: plan.id,
    CurrentAmount: random.chance(OLD_PRICE_SHARE) ? Math.round(reais * 0.9) : reais,
    CurrentPeriodStartDate: isoInstant(periodBegan),
    CurrentPeriodEndDate: isoInstant(periodStart(plan, start, periods + 1)),
    CreatedAt: isoInstant(start),
    UpdatedAt: changed === null ? null : isoInstant(changed),
  };
}

function withStatus(status: string) {
  return (row: Subscription) => {
    row.Status = status;
  };
}

const ODDITIES = [
  withStatus('active'),
  withStatus(' Active '),
  withStatus('AUTHORIZED'),
  withStatus('Cancelled '),
  withStatus('paused'),
  withStatus('pending'),
  withStatus('rejected'),
  withStatus('refunded'),
  withStatus('refund_pending'),
  withStatus('expired'),
  (row: Subscription) => {
    row.PlanId = GONE_PLAN_ID;
    row.Status = 'authorized';
  },
  (row: Subscription) => {
    row.UserId = GONE_USER;
  },
  (row: Subscription) => {
    row.Status = 'cancelled';
    row.UpdatedAt = null;
  },
  // The renewal failed unnoticed: still authorized, but its period is long over.
  (row: Subscription) => {
    row.Status = 'authorized';
    row.CurrentPeriodEndDate = row.CurrentPeriodStartDate;
  },
];
