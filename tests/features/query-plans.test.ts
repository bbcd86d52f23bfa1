import { expect, test } from 'bun:test';
import type { Compilable } from 'kysely';
import type { AsOf } from '../../src/core/figures/zone.ts';
import type { MirrorReader } from '../../src/core/mirror/reader.ts';
import type { Feature } from '../../src/core/runtime/define-feature.ts';
import { content } from '../../src/features/content/index.ts';
import { storage } from '../../src/features/storage/index.ts';
import { support } from '../../src/features/support/index.ts';
import { users } from '../../src/features/users/index.ts';
import { type SomeRows, withRows } from './figures-of.ts';

const NOW = Date.UTC(2026, 2, 15, 12);

/** How SQLite runs what a slice asks while it computes its figures, or answers a question. */
async function plansOf<Data>(
  feature: Feature<Data>,
  without: readonly string[] = [],
  rows: SomeRows = {},
  ask: (reader: MirrorReader, moment: AsOf) => unknown = feature.figures,
): Promise<string[]> {
  const plans: string[] = [];
  const watched = (reader: MirrorReader): MirrorReader => ({
    ...reader,
    all<Row>(query: Compilable<Row>) {
      const compiled = query.compile();
      const explained = { ...compiled, sql: `explain query plan ${compiled.sql}` };
      plans.push(...reader.all<{ readonly detail: string }>({ compile: () => explained }).map(({ detail }) => detail));
      return reader.all(query);
    },
  });
  await withRows(feature, rows, NOW, (reader, moment) => ask(watched(reader), moment), { without: new Set(without) });
  return plans;
}

test('users are read by index', async () => {
  const plan = ['SCAN AspNetUsers USING INDEX UsersNewest'];
  expect(await plansOf(users)).toEqual(plan);
  expect(await plansOf(users, ['AspNetUsers.CreatedAt'])).toEqual(plan);
});

test('tickets are read by index', async () => {
  expect(await plansOf(support, [], { support_tickets: [{ status: 'Open' }] })).toEqual([
    'SEARCH support_tickets USING INDEX TicketsNotClosed (createdAt>?)',
    'SCAN support_tickets USING INDEX TicketsNewest',
  ]);
});

test('of content only the courses are read whole', async () => {
  expect(await plansOf(content)).toEqual(['SCAN Courses']);
});

test('files are read by index', async () => {
  expect(await plansOf(storage)).toEqual(['SCAN Files USING INDEX FilesLargest']);
});

test('files of a category are read by index', async () => {
  const question = storage.questions.find(({ path }) => path === 'by-category/{categoria}');
  const prepared = question?.prepare({ params: { categoria: 'Videos' }, query: {} });
  const plans = await plansOf(storage, [], {}, (reader, moment) => prepared?.answer(reader, moment));
  expect(plans).toEqual(['SEARCH Files USING INDEX FilesLargestByCategory (<expr>=?)']);
});

test('without CriadoEm the videos of the window alone are looked at', async () => {
  const plans = await plansOf(storage, ['Files.CriadoEm']);
  expect(plans.slice(1)).toEqual([
    'SCAN json_each VIRTUAL TABLE INDEX 1:',
    'SEARCH Videos USING INDEX VideosByUpload (UploadDate>? AND UploadDate<?)',
    'CORRELATED SCALAR SUBQUERY 2',
    'SEARCH first USING COVERING INDEX VideosByFile (FileId=? AND UploadDate>?)',
    'SEARCH Files USING INTEGER PRIMARY KEY (rowid=?)',
    'USE TEMP B-TREE FOR GROUP BY',
  ]);
});
