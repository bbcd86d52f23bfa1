import { Type } from '@sinclair/typebox';
import { defineFeature, parts } from '../../core/runtime/define-feature.ts';
import { supportHub } from './hub.ts';
import { createSupportRepository, supportObjects, supportReads } from './repository.ts';
import { LogLevels, SupportData, Ticket, TicketSummary, TicketsByContext, TicketsByDay } from './schemas.ts';
import { createSupportService } from './service.ts';

export const support = defineFeature({
  name: 'support',
  title: { en: 'Support', pt: 'Suporte' },
  description: 'Support tickets, and what the back end logs',
  source: 'documents',
  reads: supportReads,
  objects: supportObjects,
  schema: SupportData,
  headlines: ['summary.OpenTickets', 'summary.InProgressTickets', 'summary.OldestOpenDays', 'summary.ResolutionRate'],
  figures: (reader, moment) => createSupportService(createSupportRepository(reader)).snapshot(moment),
  parts: [
    ...parts('summary', 'Key figures of the tickets', TicketSummary, (data: SupportData) => data.summary),
    ...parts('list', 'The newest 50 tickets', Type.Array(Ticket), (data: SupportData) => data.list),
    ...parts(
      'by-context',
      'Tickets by what they are about, most first',
      Type.Array(TicketsByContext),
      (data: SupportData) => data.byContext,
    ),
    ...parts(
      'by-day',
      'Tickets opened in the last 30 calendar days, oldest first',
      Type.Array(TicketsByDay),
      (data: SupportData) => data.byDay,
    ),
    ...parts(
      'logs',
      'Log entries of the last 24 hours by level, the most severe first; null where no log is kept',
      LogLevels,
      (data: SupportData) => data.logs,
    ),
  ],
  hub: supportHub,
});
