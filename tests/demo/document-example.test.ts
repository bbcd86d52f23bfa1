import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/core/runtime/clock.ts';
import { type Demo, openDemo } from '../../src/demo/open.ts';
import { content } from '../../src/features/content/index.ts';
import { support } from '../../src/features/support/index.ts';
import { mirroredBy } from '../oracle/mirrored.ts';
import { localSources, type TestSources } from '../support/local-sources.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';

const temporaryFolder = temporaryFolders();
const DOCUMENT = readFileSync(join(import.meta.dir, '../../docs/demo.md'), 'utf8');
const FEATURES = [content, support];
const NOW = Date.UTC(2026, 2, 11, 12);

/** The only block of a language in the page. */
function block(language: string): string {
  const found = [...DOCUMENT.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(
    ([, text = '']) => text,
  );
  expect(found).toHaveLength(1);
  return found[0] ?? '';
}

let demo: Demo;
let served: TestSources;

beforeAll(async () => {
  const directory = temporaryFolder();
  const database = new Database(join(directory, 'greg.sqlite'), { create: true });
  database.run(block('sql'));
  database.close();
  writeFileSync(join(directory, 'support_tickets.jsonl'), block('json'));
  demo = await openDemo({
    ...{ directory, cacheDirectory: null, seed: 1, scale: 1, rate: null, clock: systemClock },
    tables: { sql: mirroredBy(FEATURES, 'sql'), documents: mirroredBy(FEATURES, 'documents') },
    onProgress: () => {},
    onError: () => {},
  });
  served = localSources(demo.sources, { features: FEATURES });
  served.feeds.sql.start();
  served.feeds.documents.start();
  await Promise.all([served.feeds.sql.sync(), served.feeds.documents.sync()]);
});

afterAll(async () => {
  await served.feeds.sql.stop();
  await served.feeds.documents.stop();
});

test("the page's example of tables has figures", async () => {
  const loaded = await served.mirror.figures(content, NOW, null);
  expect(loaded?.content()).toMatchObject({
    data: {
      summary: { TotalCourses: 1, ActiveCourses: 1, TotalVideosLib: 1, VideosAvailable: 1, TotalMinutes: 12.5 },
      list: [{ Id: '1', Name: 'Excel do Zero', IsActive: true, TotalVideos: 1 }],
    },
    unavailable: [],
    problems: [{ kind: 'missing-column', table: 'Courses', column: 'IsActive' }],
  });
});

test("the page's example of a document has figures", async () => {
  const loaded = await served.mirror.figures(support, NOW, null);
  expect(loaded?.content()).toMatchObject({
    data: { summary: { TotalTickets: 1, OpenTickets: 1, OldestOpenDays: 10 }, logs: null },
    problems: [],
  });
});
