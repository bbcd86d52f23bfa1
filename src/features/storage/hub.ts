import { Type } from '@sinclair/typebox';
import type { HubDefinition } from '../../core/runtime/define-feature.ts';
import { EmissionType } from '../../core/runtime/schema.ts';
import { type StorageData, StorageStats } from './schemas.ts';

const StorageStatsUpdate = Type.Object(
  {
    stats: StorageStats,
    type: EmissionType,
  },
  { $id: 'StorageStatsUpdate', description: 'Size of the files, and why it is sent' },
);

export const storageHub: HubDefinition<StorageData> = {
  events: [
    { target: 'StorageStatsUpdate', schema: StorageStatsUpdate, argument: ({ stats }, type) => ({ stats, type }) },
  ],
};
