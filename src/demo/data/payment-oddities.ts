import type { Oddity } from './oddities.ts';
import type { StoredRow } from './stored-row.ts';
import { GONE_USER } from './users.ts';

type Payment = StoredRow<'Payments'>;

/** A spelling of a status, and whether it means that the payment was approved. */
const OLD_STATUSES: readonly (readonly [written: string, paid: boolean])[] = [
  ['approved', true],
  [' Aprovado ', true],
  ['APPROVED', true],
  ['pending', false],
  ['Pendente', false],
  ['in_process', false],
  ['In_Process ', false],
  ['authorized', false],
  ['AUTORIZADO', false],
  ['rejected', false],
  [' recusado', false],
  ['cancelled', false],
  ['Cancelado', false],
  ['refunded', true],
  ['REEMBOLSADO', true],
  ['charged_back', true],
  ['Chargeback', true],
  ['in_mediation', true],
  [' Em Disputa ', true],
  ['started', false],
  ['Iniciando', false],
  ['expired', false],
  ['Expired ', false],
];

/** An id of Mercado Pago that several rows share: the same notification was stored more than once. */
export const REPEATED_PAYMENT_ID = '53999999999';

export const PAYMENT_ODDITIES: readonly Oddity<Payment>[] = [
  ...OLD_STATUSES.map(([written, paid]) => (payment: Payment) => {
    payment.Status = written;
    payment.DateApproved = paid ? payment.CreatedAt : null;
  }),
  (payment) => {
    payment.Method = ' PIX ';
  },
  (payment) => {
    payment.Method = 'Credit_Card';
  },
  (payment) => {
    payment.Method = 'cheque';
  },
  (payment) => {
    payment.UserId = GONE_USER;
  },
  (payment) => {
    payment.SubscriptionId = '0187c0de-0000-7000-8000-0000000000ab';
  },
  (payment) => {
    payment.PaymentId = null;
    payment.Status = 'approved';
    payment.UpdatedAt = null;
  },
  (payment) => {
    payment.PaymentId = REPEATED_PAYMENT_ID;
    payment.Status = 'approved';
  },
];
