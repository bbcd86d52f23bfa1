import { defineFeature, partsOf } from '../../core/runtime/define-feature.ts';
import { figuresEvent } from '../../core/runtime/figures-event.ts';
import { createStorageRepository, storageObjects, storageReads } from './repository.ts';
import { storageQuestions } from './routes.ts';
import { StorageData } from './schemas.ts';
import { createStorageService } from './service.ts';

export const storage = defineFeature({
  name: 'storage',
  title: { en: 'Storage', pt: 'Armazenamento' },
  description: 'Files by category and size, and how fast they grow',
  source: 'sql',
  reads: storageReads,
  objects: storageObjects,
  schema: StorageData,
  headlines: ['stats.TotalGB', 'stats.TotalFiles', 'growth.Summary.TotalGBAdded', 'growth.Summary.TotalFilesAdded'],
  sheets: [
    { name: 'Storage_KPIs', figures: ['stats', 'growth.Summary'] },
    { name: 'Storage_TopFiles', list: 'largestFiles' },
  ],
  repository: createStorageRepository,
  service: createStorageService,
  parts: partsOf(StorageData, { stats: ['overview', 'stats'] }),
  questions: storageQuestions,
  hub: { events: [figuresEvent('StorageStatsUpdate', StorageData, ['stats'])] },
});
