import { Type } from '@sinclair/typebox';
import type { HubDefinition } from '../../core/runtime/define-feature.ts';
import { EmissionType } from '../../core/runtime/schema.ts';
import { type SupportData, TicketSummary } from './schemas.ts';

const SupportTicketsUpdate = Type.Object(
  {
    summary: TicketSummary,
    type: EmissionType,
  },
  { $id: 'SupportTicketsUpdate' },
);

export const supportHub: HubDefinition<SupportData> = {
  events: [
    {
      target: 'SupportTicketsUpdate',
      schema: SupportTicketsUpdate,
      argument: ({ summary }, type) => ({ summary, type }),
    },
  ],
};
