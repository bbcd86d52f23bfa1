import { DAY_MS, type Instant, isoInstant } from '../../core/figures/calendar.ts';
import { mercadoPagoPaymentId, paymentKey, uuidAt } from './identifiers.ts';
import type { PersonName } from './names.ts';
import { placeOddities } from './oddities.ts';
import { PAYMENT_ODDITIES } from './payment-oddities.ts';
import { PLANS, RETIRED_PLAN } from './plans.ts';
import { type Random, randomStream, shares, weighted, weightedByAge } from './random.ts';
import { countingUntil, type Rhythm } from './rhythm.ts';
import { type CompanySpec, sizeOf } from './spec.ts';
import type { RowSink, StoredRow } from './stored-row.ts';
import type { Subscribers } from './subscriptions.ts';
import { GONE_USER, type People, pickPerson } from './users.ts';

/** Data of the payments that claims and chargebacks refer to, oldest first. */
export interface Ledger {
  readonly created: Float64Array;
  /** Mercado Pago's id; 0 if the payment never reached it. */
  readonly paymentIds: Float64Array;
  readonly cents: Int32Array;
  readonly person: Int32Array;
  /** 1 if the payment was approved. */
  readonly paid: Uint8Array;
}

type Payment = StoredRow<'Payments'>;

const HOUR = 1 / 24;

/** Mix of statuses by age in days. */
const chooseStatus = weightedByAge([
  [HOUR, shares({ approved: 62, pending: 13, in_process: 8, authorized: 4, rejected: 9, started: 4 })],
  [3, shares({ approved: 77, pending: 6, in_process: 2, authorized: 1, rejected: 11, started: 2, cancelled: 1 })],
  [
    45,
    shares({ approved: 80, rejected: 11, cancelled: 5, refunded: 2, in_mediation: 0.7, started: 0.9, pending: 0.4 }),
  ],
  [
    Number.POSITIVE_INFINITY,
    shares({ approved: 79.5, rejected: 11, cancelled: 5, refunded: 3, charged_back: 0.6, started: 0.9 }),
  ],
]);
const PAID = new Set(['approved', 'refunded', 'charged_back', 'in_mediation']);

/** How people pay. */
export const paymentMethod = weighted(shares({ pix: 42, credit_card: 44, boleto: 8, debit_card: 4, account_money: 2 }));
/** How long a buyer takes to pay, minimum and maximum in seconds. */
const SETTLING_SECONDS: Readonly<Record<string, readonly [number, number]>> = {
  pix: [15, 600],
  credit_card: [2, 25],
  boleto: [DAY_MS / 1000, (3 * DAY_MS) / 1000],
  debit_card: [2, 40],
  account_money: [1, 5],
};
const chooseInstallments = weighted([
  [1, 46],
  [2, 9],
  [3, 14],
  [4, 5],
  [6, 9],
  [10, 7],
  [12, 10],
]);
const choosePrice = weighted([
  [3_990, 14],
  [7_990, 20],
  [12_990, 18],
  [19_700, 18],
  [29_700, 14],
  [49_700, 10],
  [99_700, 5],
  [149_700, 1],
]);
/** Discounts in percent. */
const chooseDiscount = weighted([
  [0, 70],
  [10, 16],
  [15, 8],
  [25, 6],
]);
const SUBSCRIPTION_SHARE = 0.55;

export function generatePayments(
  spec: CompanySpec,
  rhythm: Rhythm,
  people: People,
  names: readonly PersonName[],
  subscribers: Subscribers,
  sink: RowSink<'Payments'>,
): Ledger {
  const random = randomStream(spec.seed, 'Payments');
  const count = sizeOf('payments', spec);
  const ledger = emptyLedger(rhythm.instants(random, count));
  const makeOdd = placeOddities(count, PAYMENT_ODDITIES);
  const joinedUntil = countingUntil(people.joined);
  const begunUntil = countingUntil(subscribers.began);
  for (let index = 0; index < count; index++) {
    const created = ledger.created[index] ?? 0;
    const begun = begunUntil(created);
    const sale = random.chance(SUBSCRIPTION_SHARE) ? renewal(random, subscribers, begun, created) : undefined;
    const { cents, person, subscriptionId } = sale ?? purchase(random, Math.max(1, joinedUntil(created)));
    const payment = paymentRow(random, spec.anchor, index, created);
    payment.UserId = people.ids[person] ?? GONE_USER;
    payment.PayerEmail = names[person]?.email ?? '';
    payment.Amount = cents / 100;
    payment.SubscriptionId = subscriptionId;
    if (subscriptionId === '' && payment.Method === 'credit_card') payment.Installments = chooseInstallments(random);
    makeOdd(payment, index);
    ledger.paymentIds[index] = Number(payment.PaymentId ?? 0);
    ledger.cents[index] = cents;
    ledger.person[index] = person;
    ledger.paid[index] = PAID.has(payment.Status) ? 1 : 0;
    sink(payment);
  }
  return ledger;
}

function emptyLedger(created: Float64Array): Ledger {
  const count = created.length;
  return {
    created,
    paymentIds: new Float64Array(count),
    cents: new Int32Array(count),
    person: new Int32Array(count),
    paid: new Uint8Array(count),
  };
}

interface Sale {
  readonly cents: number;
  readonly person: number;
  readonly subscriptionId: string;
}

/** A payment of a current subscriber; undefined if a few attempts find only former ones. */
function renewal(random: Random, subscribers: Subscribers, begun: number, at: Instant): Sale | undefined {
  for (let attempt = 0; attempt < 4 && begun > 0; attempt++) {
    const index = random.below(begun);
    if ((subscribers.ended[index] ?? 0) < at) continue;
    const plan = PLANS[subscribers.planIndex[index] ?? 0] ?? RETIRED_PLAN;
    // Yearly subscribers pay less often.
    if (plan.interval === 12 && !random.chance(0.1)) continue;
    return { cents: plan.cents, person: subscribers.person[index] ?? 0, subscriptionId: subscribers.ids[index] ?? '' };
  }
  return undefined;
}

/** Prices of courses, in cents. */
export function price(random: Random): number {
  return Math.round((choosePrice(random) * (100 - chooseDiscount(random))) / 100);
}

function purchase(random: Random, joined: number): Sale {
  return { cents: price(random), person: pickPerson(random, joined), subscriptionId: '' };
}

function paymentRow(random: Random, anchor: Instant, ordinal: number, created: Instant): Payment {
  const status = chooseStatus(random, (anchor - created) / DAY_MS);
  const method = paymentMethod(random);
  const [fastest, slowest] = SETTLING_SECONDS[method] ?? [1, 60];
  const settled = isoInstant(Math.min(anchor - 1, created + random.between(fastest * 1000, slowest * 1000)));
  const paid = PAID.has(status);
  const waiting = status === 'started' || status === 'pending';
  return {
    Id: uuidAt(created, random),
    ExternalId: paymentKey(ordinal),
    PaymentId: status === 'started' ? null : String(mercadoPagoPaymentId(ordinal, random)),
    UserId: '',
    Status: status,
    PayerEmail: '',
    Method: method,
    Installments: 1,
    DateApproved: paid ? settled : null,
    Amount: 0,
    SubscriptionId: '',
    CreatedAt: isoInstant(created),
    UpdatedAt: waiting ? null : settled,
  };
}
