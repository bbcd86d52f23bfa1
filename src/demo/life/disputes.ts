import { FIRST_CHARGEBACK_ID } from '../data/chargebacks.ts';
import { FIRST_MERCADO_PAGO_CLAIM } from '../data/claims.ts';
import { type Random, weighted } from '../data/random.ts';
import type { TableChange, TableRequirement } from './change.ts';
import { type Fragment, insertInto, plainCode, someRow, sqlText, updateRow } from './statements.ts';

const chooseType = weighted([
  ['Mediations', 40],
  ['Return', 25],
  ['CancelPurchase', 20],
  ['Change', 8],
  ['CancelSale', 7],
]);

const paymentColumns: TableRequirement = { Payments: ['PaymentId', 'UserId', 'Status', 'Amount'] };

/** An approved payment with an id of Mercado Pago. */
function disputedPayment(random: Random): Fragment {
  const paid = sqlText`${plainCode('Status')} in ('approved', 'aprovado') and PaymentId is not null`;
  return sqlText`main.Payments as payment where payment.rowid = ${someRow('Payments', random, paid)}`;
}

/** The next key of a table with numeric keys. */
function nextId(table: string): Fragment {
  return { sql: `(select coalesce(max(Id), 0) + 1 from main.${table})`, parameters: [] };
}

/** The number after the highest of the newest rows. Does not scan the table. */
function nextNumber(table: string, column: string, first: number): Fragment {
  const newest = `main.${table} where rowid > (select max(rowid) from main.${table}) - 50`;
  return { sql: `(select coalesce(max(${column}), ?) + 1 from ${newest})`, parameters: [first] };
}

/** An outcome, won more often than lost. */
function outcome(random: Random, won: number, lost: number): number {
  return random.chance(0.62) ? won : lost;
}

export const disputeChanges: readonly TableChange[] = [
  {
    kind: 'tables',
    name: 'a new claim',
    weight: 1.5,
    needs: { ...paymentColumns, Claims: ['Id', 'MpClaimId', 'ResourceId', 'Type', 'DataCreated', 'Status'] },
    statements: ({ at, random, columns }) => [
      insertInto(
        columns,
        'Claims',
        {
          Id: nextId('Claims'),
          MpClaimId: nextNumber('Claims', 'MpClaimId', FIRST_MERCADO_PAGO_CLAIM),
          ResourceId: sqlText`payment.PaymentId`,
          Type: chooseType(random),
          ResourceType: 'Payment',
          CurrentStage: 'Claim',
          DataCreated: at,
          Status: 0,
          UserId: sqlText`payment.UserId`,
        },
        disputedPayment(random),
      ),
    ],
  },
  {
    kind: 'tables',
    name: 'a claim moves on',
    weight: 4.5,
    needs: { Claims: ['Status'] },
    statements({ at, random, columns }) {
      const decided = outcome(random, 3, 4);
      const moved = {
        Status: sqlText`case Status when 0 then 1 when 1 then 2 else ${decided} end`,
        CurrentStage: sqlText`case Status when 0 then 'Claim' else 'Dispute' end`,
        UpdatedAt: at,
      };
      return [updateRow(columns, 'Claims', moved, someRow('Claims', random, sqlText`Status in (0, 1, 2)`))];
    },
  },
  {
    kind: 'tables',
    name: 'a new chargeback',
    weight: 0.5,
    needs: { ...paymentColumns, Chargebacks: ['Id', 'ChargebackId', 'PaymentId', 'Status', 'Amount', 'CreatedAt'] },
    statements: ({ at, random, columns }) => [
      insertInto(
        columns,
        'Chargebacks',
        {
          Id: nextId('Chargebacks'),
          ChargebackId: nextNumber('Chargebacks', 'ChargebackId', FIRST_CHARGEBACK_ID),
          PaymentId: sqlText`cast(payment.PaymentId as integer)`,
          UserId: sqlText`payment.UserId`,
          Status: 0,
          Amount: sqlText`payment.Amount`,
          CreatedAt: at,
        },
        disputedPayment(random),
      ),
    ],
  },
  {
    kind: 'tables',
    name: 'a chargeback moves on',
    weight: 1.2,
    needs: { Chargebacks: ['Status'] },
    statements({ random, columns }) {
      const moved = { Status: sqlText`case Status when 0 then 1 when 1 then 2 else ${outcome(random, 3, 4)} end` };
      return [updateRow(columns, 'Chargebacks', moved, someRow('Chargebacks', random, sqlText`Status in (0, 1, 2)`))];
    },
  },
];
