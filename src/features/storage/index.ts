import { defineFeature, parts } from '../../core/runtime/define-feature.ts';
import { storageHub } from './hub.ts';
import { createStorageRepository, storageObjects, storageReads } from './repository.ts';
import { storageQuestions } from './routes.ts';
import { StorageData, StorageStats } from './schemas.ts';
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
  figures: (reader, moment) => createStorageService(createStorageRepository(reader)).snapshot(moment),
  parts: parts(
    ['overview', 'stats'],
    'Size of the files, by category',
    StorageStats,
    (data: StorageData) => data.stats,
  ),
  questions: storageQuestions,
  hub: storageHub,
});
