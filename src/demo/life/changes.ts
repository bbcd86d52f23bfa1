import type { Change, DocumentChange, TableChange } from './change.ts';
import { disputeChanges } from './disputes.ts';
import { paymentChanges } from './payments.ts';
import { peopleAndContentChanges } from './people-and-content.ts';
import { subscriptionChanges } from './subscriptions.ts';
import { logChange, ticketChanges } from './support.ts';

/** What can happen in the tables. */
export const tableChanges: readonly TableChange[] = [
  ...paymentChanges,
  ...subscriptionChanges,
  ...disputeChanges,
  ...peopleAndContentChanges,
];

/** What can happen in the collections. */
export const documentChanges: readonly DocumentChange[] = [...ticketChanges, logChange];

/** Everything that can happen, log lines only where they are wanted. */
export function changesWith(logs: boolean): readonly Change[] {
  return [...tableChanges, ...documentChanges.filter((change) => logs || change !== logChange)];
}
