import { codeList } from '../../figures/codes.ts';

/**
 * What stands in code columns that more than one feature reads (contract, section 2, "Codes").
 *
 * A database compares codes by its collation, and two databases differ in it. Where a query has to pick rows by a code,
 * the column's spellings are read first, these lists tell which of them mean it, and the query names those exactly.
 */

/** `Payments.Status`. */
export const paymentStatuses = codeList({
  approved: ['aprovado'],
  pending: ['pendente'],
  in_process: [],
  authorized: ['autorizado'],
  rejected: ['recusado'],
  cancelled: ['cancelado'],
  refunded: ['reembolsado'],
  charged_back: ['chargeback'],
  in_mediation: ['em disputa'],
  started: ['iniciando'],
});

/** `Subscriptions.Status`. */
export const subscriptionStatuses = codeList({
  pending: [],
  authorized: ['active'],
  paused: [],
  cancelled: [],
  rejected: [],
  refunded: [],
  refund_pending: [],
});
