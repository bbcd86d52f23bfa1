import { Type } from '@sinclair/typebox';
import type { HubDefinition } from '../../core/runtime/define-feature.ts';
import { EmissionType } from '../../core/runtime/schema.ts';
import { type ContentData, ContentSummary } from './schemas.ts';

const ContentMetricsUpdate = Type.Object(
  {
    summary: ContentSummary,
    type: EmissionType,
  },
  { $id: 'ContentMetricsUpdate', description: 'Key figures of courses and videos, and why they are sent' },
);

export const contentHub: HubDefinition<ContentData> = {
  events: [
    {
      target: 'ContentMetricsUpdate',
      schema: ContentMetricsUpdate,
      argument: ({ summary }, type) => ({ summary, type }),
    },
  ],
};
