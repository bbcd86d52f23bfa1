import { DAY_MS, isoInstant } from '../../core/figures/calendar.ts';
import { paidBefore } from './claims.ts';
import { type Oddity, placeAmongNewest, placeOddities } from './oddities.ts';
import type { Ledger } from './payments.ts';
import { randomStream, weightedByAge } from './random.ts';
import type { Rhythm } from './rhythm.ts';
import { type CompanySpec, sizeOf } from './spec.ts';
import type { RowSink, StoredRow } from './stored-row.ts';
import { GONE_USER, type People } from './users.ts';

type Chargeback = StoredRow<'Chargebacks'>;

export const FIRST_CHARGEBACK_ID = 7_000_000_000;

/** Mix of statuses by age in days. */
const chooseStatus = weightedByAge([
  [
    4,
    [
      [0, 80],
      [1, 20],
    ],
  ],
  [
    14,
    [
      [0, 10],
      [1, 55],
      [2, 35],
    ],
  ],
  [
    40,
    [
      [1, 6],
      [2, 54],
      [3, 17],
      [4, 23],
    ],
  ],
  [
    Number.POSITIVE_INFINITY,
    [
      [2, 1],
      [3, 41],
      [4, 58],
    ],
  ],
]);
const NO_USER_SHARE = 0.04;
const PARTIAL_SHARE = 0.05;

export function generateChargebacks(
  spec: CompanySpec,
  rhythm: Rhythm,
  people: People,
  ledger: Ledger,
  sink: RowSink<'Chargebacks'>,
): void {
  const random = randomStream(spec.seed, 'Chargebacks');
  const count = sizeOf('chargebacks', spec);
  const makeOdd = placeOddities(count, ODDITIES);
  const makeOpen = placeAmongNewest(count, OPEN);
  rhythm.instants(random, count).forEach((created, index) => {
    const payment = paidBefore(random, ledger, created - random.between(5, 60) * DAY_MS);
    const cents = ledger.cents[payment] ?? 0;
    const chargeback: Chargeback = {
      Id: index + 1,
      ChargebackId: FIRST_CHARGEBACK_ID + index * 53 + random.below(53),
      PaymentId: ledger.paymentIds[payment] ?? 0,
      UserId: random.chance(NO_USER_SHARE) ? null : (people.ids[ledger.person[payment] ?? 0] ?? null),
      Status: chooseStatus(random, (spec.anchor - created) / DAY_MS),
      Amount: (random.chance(PARTIAL_SHARE) ? Math.round(cents / 2) : cents) / 100,
      CreatedAt: isoInstant(created),
    };
    makeOdd(chargeback, index);
    makeOpen(chargeback, index);
    sink(chargeback);
  });
}

function withStatus(status: number): Oddity<Chargeback> {
  return (chargeback) => {
    chargeback.Status = status;
  };
}

const ODDITIES: readonly Oddity<Chargeback>[] = [
  ...[3, 4, 9].map(withStatus),
  (chargeback) => {
    chargeback.UserId = null;
  },
  (chargeback) => {
    chargeback.UserId = GONE_USER;
  },
  // A payment to another shop.
  (chargeback) => {
    chargeback.PaymentId = 39_999_999_999;
  },
];

/** Even a small company has open chargebacks. */
const OPEN = [0, 1, 2].map(withStatus);
