import { defineFeature, parts } from '../../core/runtime/define-feature.ts';
import { storageHub } from './hub.ts';
import { createStorageRepository, storageTables } from './repository.ts';
import { storageQuestions } from './routes.ts';
import { StorageData, StorageStats } from './schemas.ts';
import { createStorageService } from './service.ts';

export const storage = defineFeature({
  name: 'storage',
  title: { en: 'Storage', pt: 'Armazenamento' },
  description: 'Files by category and size, and how fast they grow',
  binding: storageTables,
  schema: StorageData,
  load: (reader, now) => createStorageService(createStorageRepository(reader)).snapshot(now),
  parts: parts(
    ['overview', 'stats'],
    'Size of the files, by category',
    StorageStats,
    (data: StorageData) => data.stats,
  ),
  questions: storageQuestions,
  hub: storageHub,
});
