import type { Change, DocumentChange, TableChange } from './change.ts';
import { disputeChanges } from './disputes.ts';
import { paymentChanges } from './payments.ts';
import { peopleAndContentChanges } from './people-and-content.ts';
import { subscriptionChanges } from './subscriptions.ts';
import { logChange, ticketChanges } from './support.ts';

/** All changes in the tables. */
export const tableChanges: readonly TableChange[] = [
  ...paymentChanges,
  ...subscriptionChanges,
  ...disputeChanges,
  ...peopleAndContentChanges,
];

/** All changes in the collections. */
export const documentChanges: readonly DocumentChange[] = [...ticketChanges, logChange];

/** All changes, with or without new log lines. */
export function changesWith(logs: boolean): readonly Change[] {
  return [...tableChanges, ...documentChanges.filter((change) => logs || change !== logChange)];
}
