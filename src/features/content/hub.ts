import type { HubDefinition } from '../../core/runtime/define-feature.ts';
import { figuresEvent } from '../../core/runtime/figures-event.ts';
import { ContentData } from './schemas.ts';

export const contentHub: HubDefinition<ContentData> = {
  events: [figuresEvent('ContentMetricsUpdate', ContentData, ['summary'])],
};
