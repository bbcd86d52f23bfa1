import { describe, test } from 'bun:test';
import { join } from 'node:path';
import type { SqlReader } from '../../../src/core/sources/sql/source.ts';
import { createStorageRepository, type StorageRepository } from '../../../src/features/storage/repository.ts';
import { expectGolden } from '../../support/replay-golden.ts';
import { company } from './company.ts';

const FROM = Date.UTC(2026, 1, 14);
const WITHOUT_INSTANTS = new Set(['Files.CriadoEm', 'Files.ModificadoEm']);

const ask = (question: (repository: StorageRepository) => Promise<unknown>) => (reader: SqlReader) =>
  question(createStorageRepository(reader));

describe('storage queries', () => {
  test('are what the golden file says, in both languages', async () => {
    const database = company();
    const older = { database: company(WITHOUT_INSTANTS), without: WITHOUT_INSTANTS };
    const largest = ask((storage) => storage.largest(3));
    await expectGolden(join(import.meta.dir, 'queries.golden.sql'), [
      { title: 'categories', database, ask: ask((storage) => storage.categories()) },
      { title: 'spellings', database, ask: ask((storage) => storage.spellings()) },
      { title: 'largest', database, ask: largest },
      { title: 'largestOf', database, ask: ask((storage) => storage.largestOf(['Videos', ' Videos'], 3)) },
      { title: 'daysOfFiles', database, ask: ask((storage) => storage.daysOfFiles(FROM)) },
      { title: 'largest, without CriadoEm and ModificadoEm', ...older, ask: largest },
      { title: 'daysOfVideos', ...older, ask: ask((storage) => storage.daysOfVideos(FROM)) },
    ]);
  });
});
