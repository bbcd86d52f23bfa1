import type { HubDefinition } from '../../core/runtime/define-feature.ts';
import { figuresEvent } from '../../core/runtime/figures-event.ts';
import { StorageData } from './schemas.ts';

export const storageHub: HubDefinition<StorageData> = {
  events: [figuresEvent('StorageStatsUpdate', StorageData, ['stats'])],
};
