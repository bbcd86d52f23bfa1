import { DAY_MS, type Instant, isoInstant } from '../../core/figures/calendar.ts';
import { paymentKey } from './identifiers.ts';
import { type Oddity, placeAmongNewest, placeOddities } from './oddities.ts';
import { REPEATED_PAYMENT_ID } from './payment-oddities.ts';
import type { Ledger } from './payments.ts';
import { type Random, randomStream, weighted, weightedByAge } from './random.ts';
import { countUntil, type Rhythm } from './rhythm.ts';
import { type CompanySpec, sizeOf } from './spec.ts';
import type { RowSink, StoredRow } from './stored-row.ts';
import { GONE_USER, type People } from './users.ts';

type Claim = StoredRow<'Claims'>;

export const FIRST_MERCADO_PAGO_CLAIM = 5_000_000_000;

const TYPES = ['Mediations', 'CancelPurchase', 'Return', 'CancelSale', 'Change'] as const;
const chooseType = weighted([
  [0, 40],
  [1, 20],
  [2, 25],
  [3, 7],
  [4, 8],
]);
const chooseResourceType = weighted([
  ['Payment', 86],
  ['Order', 6],
  ['Shipment', 3],
  ['Purchase', 2],
  [null, 3],
]);
const chooseStage = weighted([
  ['Claim', 52],
  ['Dispute', 30],
  ['Recontact', 8],
  ['None', 6],
  [null, 4],
]);
/** Mix of statuses by age in days: old claims are decided, most in our favour. */
const chooseStatus = weightedByAge([
  [
    3,
    [
      [0, 75],
      [1, 25],
    ],
  ],
  [
    15,
    [
      [0, 10],
      [1, 35],
      [2, 25],
      [3, 20],
      [4, 10],
    ],
  ],
  [
    30,
    [
      [0, 3],
      [1, 15],
      [2, 17],
      [3, 42],
      [4, 23],
    ],
  ],
  [
    90,
    [
      [0, 0.5],
      [1, 2],
      [2, 2.5],
      [3, 62],
      [4, 33],
    ],
  ],
  [
    Number.POSITIVE_INFINITY,
    [
      [2, 0.2],
      [3, 64.8],
      [4, 35],
    ],
  ],
]);

/** How a claim refers to its payment. */
const chooseReference = weighted<'mercadoPago' | 'ourKey' | 'unknown' | 'none'>([
  ['mercadoPago', 88],
  ['ourKey', 6],
  ['unknown', 3],
  ['none', 3],
]);

/** In the oldest claims the type is stored as a number. */
const NUMBERED_TYPES = 0.2;
const DECIDED = 3;
const NO_USER_SHARE = 0.02;

export function generateClaims(
  spec: CompanySpec,
  rhythm: Rhythm,
  people: People,
  ledger: Ledger,
  sink: RowSink<'Claims'>,
): void {
  const random = randomStream(spec.seed, 'Claims');
  const count = sizeOf('claims', spec);
  const makeOdd = placeOddities(count, ODDITIES);
  const makeOpen = placeAmongNewest(count, OPEN);
  rhythm.instants(random, count).forEach((opened, index) => {
    const payment = paidBefore(random, ledger, opened - random.between(1, 40) * DAY_MS);
    const type = chooseType(random);
    const status = chooseStatus(random, (spec.anchor - opened) / DAY_MS);
    const claim: Claim = {
      Id: index + 1,
      MpClaimId: FIRST_MERCADO_PAGO_CLAIM + index * 37 + random.below(37),
      ResourceId: resourceOf(random, ledger, payment),
      Type: index < count * NUMBERED_TYPES ? String(type) : (TYPES[type] ?? ''),
      ResourceType: chooseResourceType(random),
      CurrentStage: chooseStage(random),
      DataCreated: isoInstant(opened),
      Status: status,
      UserId: random.chance(NO_USER_SHARE) ? null : (people.ids[ledger.person[payment] ?? 0] ?? null),
      UpdatedAt: lastChange(random, spec.anchor, opened, status),
    };
    makeOdd(claim, index);
    makeOpen(claim, index);
    sink(claim);
  });
}

/** An approved payment at an instant or shortly before. */
export function paidBefore(random: Random, ledger: Ledger, at: Instant): number {
  let index = Math.max(0, countUntil(ledger.created, at) - 1 - random.below(20));
  while (index > 0 && ledger.paid[index] !== 1) index--;
  return index;
}

function resourceOf(random: Random, ledger: Ledger, payment: number): string | null {
  const paymentId = ledger.paymentIds[payment] ?? 0;
  switch (chooseReference(random)) {
    case 'mercadoPago':
      return paymentId === 0 ? paymentKey(payment) : String(paymentId);
    case 'ourKey':
      return paymentKey(payment);
    case 'unknown':
      return String(40_000_000_000 + random.below(1_000_000));
    case 'none':
      return null;
  }
}

function lastChange(random: Random, anchor: Instant, opened: Instant, status: number): string | null {
  if (status === 0) return null;
  const days = status >= DECIDED ? random.between(2, 40) : random.between(0, 5);
  const changed = opened + days * DAY_MS + random.below(DAY_MS);
  return isoInstant(Math.min(changed, anchor - 1));
}

function set<Column extends keyof Claim>(column: Column, value: Claim[Column]): Oddity<Claim> {
  return (claim) => {
    claim[column] = value;
  };
}

const ODDITIES: readonly Oddity<Claim>[] = [
  ...TYPES.map((type) => set('Type', type)),
  ...TYPES.map((_, ordinal) => set('Type', ` ${ordinal} `)),
  set('Type', 'MEDIATIONS'),
  set('Type', 'Fraude'),
  set('ResourceId', REPEATED_PAYMENT_ID),
  set('ResourceId', null),
  set('ResourceId', '0'),
  set('ResourceId', paymentKey(0)),
  set('ResourceType', ' order '),
  set('ResourceType', 'Shipment'),
  set('ResourceType', 'Purchase'),
  set('ResourceType', null),
  set('CurrentStage', 'dispute'),
  set('CurrentStage', 'Recontact'),
  set('CurrentStage', 'None'),
  set('CurrentStage', null),
  set('Status', 7),
  set('UserId', null),
  set('UserId', GONE_USER),
  set('UpdatedAt', null),
];

/** Even a small company has open claims. */
const OPEN = [0, 1, 2].map((status) => set('Status', status));
