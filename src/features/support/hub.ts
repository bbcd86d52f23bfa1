import { Type } from '@sinclair/typebox';
import type { HubDefinition } from '../../core/runtime/define-feature.ts';
import { type SupportData, TicketSummary } from './schemas.ts';

const SupportTicketsUpdate = Type.Object(
  {
    summary: TicketSummary,
    type: Type.String({ enum: ['Initial', 'Auto', 'Manual'], description: 'Why it is sent', examples: ['Auto'] }),
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
