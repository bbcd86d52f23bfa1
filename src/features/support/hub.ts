import { Type } from '@sinclair/typebox';
import type { HubDefinition } from '../../core/runtime/define-feature.ts';
import { figuresEvent } from '../../core/runtime/figures-event.ts';
import { notificationRule } from '../../core/runtime/notification-rule.ts';
import { Nullable } from '../../core/runtime/schema.ts';
import { SupportData } from './schemas.ts';

const LONG_OPEN_DAYS = 7;

/** The oldest open ticket passes 7 days. Notifies again only after its age was below 7 days. */
const oldestTicketLongOpen = notificationRule({
  name: 'oldest-ticket-7-days',
  memory: Nullable(Type.Integer()),
  remember: ({ summary }: SupportData) => summary.OldestOpenDays,
  occurrences(before, { data: { summary }, seq }) {
    const days = summary.OldestOpenDays;
    if (days === null || days < LONG_OPEN_DAYS || (before ?? 0) >= LONG_OPEN_DAYS) return [];
    const open = summary.OpenTickets + summary.InProgressTickets;
    return [
      {
        key: String(seq),
        severity: 'warning',
        title: 'The oldest open ticket has passed 7 days',
        message: `It was opened ${days} days ago; ${open} open or in progress in all`,
        data: { OldestOpenDays: days, OpenTickets: summary.OpenTickets, InProgressTickets: summary.InProgressTickets },
      },
    ];
  },
});

export const supportHub: HubDefinition<SupportData> = {
  events: [figuresEvent('SupportTicketsUpdate', SupportData, ['summary'])],
  notificationRules: [oldestTicketLongOpen],
};
