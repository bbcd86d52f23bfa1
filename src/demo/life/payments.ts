import { uuidAt } from '../data/identifiers.ts';
import { paymentMethod, price } from '../data/payments.ts';
import { shares, weighted } from '../data/random.ts';
import type { LifeMoment, TableChange, TableRequirement, TableStatement } from './change.ts';
import { type Fragment, insertInto, plainCode, someRow, sqlText, updateRow } from './statements.ts';

export const paymentColumns: TableRequirement = {
  Payments: ['Id', 'ExternalId', 'UserId', 'Status', 'Amount', 'Method', 'CreatedAt'],
};

const chooseFirstStatus = weighted(shares({ approved: 74, pending: 16, in_process: 3, rejected: 7 }));
const chooseOutcome = weighted(shares({ approved: 82, rejected: 12, cancelled: 6 }));
/** Above all ids of generated payments; a new one every millisecond. */
const FIRST_PAYMENT_ID = 100_000_000_000;

/** Who pays what, as columns of the rows in `from`. */
interface Payer {
  readonly userId: Fragment;
  readonly email: Fragment;
  readonly amount: Fragment | number;
  readonly subscriptionId: Fragment | string;
  readonly from: Fragment;
}

/** Inserts a payment for each row of the payer's `from`. */
export function payment({ now, at, random, columns }: LifeMoment, payer: Payer, status: string): TableStatement {
  const approved = status === 'approved';
  return insertInto(
    columns,
    'Payments',
    {
      Id: uuidAt(now, random),
      ExternalId: `GREG-${now}${random.between(100_000, 999_999)}`,
      PaymentId: String(FIRST_PAYMENT_ID + now * 10 + random.below(10)),
      UserId: payer.userId,
      Status: status,
      PayerEmail: payer.email,
      Method: paymentMethod(random),
      Installments: 1,
      DateApproved: approved ? at : null,
      Amount: payer.amount,
      SubscriptionId: payer.subscriptionId,
      CreatedAt: at,
      UpdatedAt: approved ? at : null,
    },
    payer.from,
  );
}

export const paymentChanges: readonly TableChange[] = [
  {
    kind: 'tables',
    name: 'a purchase',
    weight: 30,
    needs: { ...paymentColumns, AspNetUsers: ['Id', 'Email'] },
    statements(moment) {
      const { random } = moment;
      const buyer = someRow('AspNetUsers', random, sqlText`true`);
      const payer = {
        userId: sqlText`buyer.Id`,
        email: sqlText`coalesce(buyer.Email, '')`,
        amount: price(random) / 100,
        subscriptionId: '',
        from: sqlText`main.AspNetUsers as buyer where buyer.rowid = ${buyer}`,
      };
      return [payment(moment, payer, chooseFirstStatus(random))];
    },
  },
  {
    kind: 'tables',
    name: 'a payment is settled',
    weight: 14,
    needs: { Payments: ['Status'] },
    statements({ at, random, columns }) {
      const status = chooseOutcome(random);
      const waiting = sqlText`${plainCode('Status')} in ('pending', 'pendente', 'in_process')`;
      const settled = { Status: status, DateApproved: status === 'approved' ? at : null, UpdatedAt: at };
      return [updateRow(columns, 'Payments', settled, someRow('Payments', random, waiting))];
    },
  },
];
