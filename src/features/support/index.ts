import { defineFeature, partsOf } from '../../core/runtime/define-feature.ts';
import { supportHub } from './hub.ts';
import { createSupportRepository, supportObjects, supportReads } from './repository.ts';
import { SupportData } from './schemas.ts';
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
  sheets: [
    { name: 'Support_Dashboard', figures: ['summary'] },
    { name: 'Support_Data', list: 'list' },
  ],
  repository: createSupportRepository,
  service: createSupportService,
  parts: partsOf(SupportData, {
    summary: 'summary',
    list: 'list',
    byContext: 'by-context',
    byDay: 'by-day',
    logs: 'logs',
  }),
  hub: supportHub,
});
