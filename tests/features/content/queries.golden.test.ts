import { describe, test } from 'bun:test';
import { join } from 'node:path';
import type { SqlReader } from '../../../src/core/sources/sql/source.ts';
import { type ContentRepository, createContentRepository } from '../../../src/features/content/repository.ts';
import { expectGolden } from '../../support/replay-golden.ts';
import { company } from './company.ts';

const WITHOUT_ACTIVITY = new Set(['Courses.IsActive']);

const ask = (question: (repository: ContentRepository) => Promise<unknown>) => (reader: SqlReader) =>
  question(createContentRepository(reader));

describe('content queries', () => {
  test('are what the golden file says, in both languages', async () => {
    const database = company();
    const older = { database: company(WITHOUT_ACTIVITY), without: WITHOUT_ACTIVITY };
    const courses = ask((content) => content.courses());
    await expectGolden(join(import.meta.dir, 'queries.golden.sql'), [
      { title: 'courses', database, ask: courses },
      { title: 'videos', database, ask: ask((content) => content.videos()) },
      { title: 'courses, without IsActive', ...older, ask: courses },
    ]);
  });
});
