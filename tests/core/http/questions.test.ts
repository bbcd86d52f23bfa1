import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { DEFAULT_DESK } from '../../../src/core/http/question-desk.ts';
import { storage } from '../../../src/features/storage/index.ts';
import { users } from '../../../src/features/users/index.ts';
import {
  type CompanySources,
  companySources,
  routesOfServer,
  runningFeature,
  startCompanyServer,
} from '../../support/company-server.ts';
import type { TestServer } from '../../support/test-server.ts';
import { problem } from './problem.ts';

let company: CompanySources;
let server: TestServer;
const get = (path: string) => fetch(server.url + path);

beforeAll(async () => {
  company = await companySources();
  server = await startCompanyServer(company, { features: [users, storage] });
});
afterAll(() => server.stop());

test('a list that the snapshot holds is not asked of the mirror', async () => {
  const before = company.questions;
  for (const limit of [1, 50]) expect((await get(`/api/users/list?limit=${limit}`)).status).toBe(200);
  expect(company.questions).toBe(before);
});

test.each([
  '/api/users/list?limit=51',
  '/api/storage/largest-files?limit=3',
  '/storage/by-category/Videos',
  '/storage/growth-trend?days=7',
])('%s is asked of the mirror', async (path) => {
  const before = company.questions;
  expect((await get(path)).status).toBe(200);
  expect(company.questions).toBe(before + 1);
});

test('equal questions are asked once, by whichever path, and a default is equal to its value', async () => {
  const route = routesOfServer(server, company).find(({ path }) => path === '/api/storage/growth-trend');
  const before = company.questions;
  const release = company.hold();
  const paths = ['/api/storage/growth-trend', '/storage/growth-trend?days=30', '/api/storage/growth-trend?days=30&x=y'];
  // Handed over by hand, so that all are there before the first is answered.
  const answers = [...paths, ...paths].map((path) =>
    route?.handle({ request: new Request(server.url + path), params: {} }),
  );
  release();
  const bodies = await Promise.all(answers.map(async (response) => (await response)?.text()));
  expect(new Set(bodies).size).toBe(1);
  expect(bodies[0]).toContain('"Days":30');
  expect(company.questions).toBe(before + 1);
});

describe('more questions than there are places', () => {
  test('at most 4 are with the mirror at once; what the queue does not hold is refused as busy', async () => {
    const { places, queue } = DEFAULT_DESK;
    const tooMany = 7;
    const release = company.hold();
    const responses = Array.from({ length: places + queue + tooMany }, (_, index) =>
      get(`/api/users/list?limit=${51 + index}`),
    );
    const refused = await firstOf(responses, tooMany);
    for (const response of refused) {
      expect(response.headers.get('retry-after')).toBe('1');
      expect(await problem(response)).toMatchObject({ status: 503, type: 'urn:greg-bi:problem:busy' });
    }
    release();
    const statuses = (await Promise.all(responses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(places + queue);
    expect(company.mostQuestionsAtOnce).toBe(places);
  });

  test('snapshots are answered all the while', async () => {
    const release = company.hold();
    const stuck = Array.from({ length: 10 }, (_, index) => get(`/api/users/list?limit=${51 + index}`));
    expect((await get('/api/users/summary')).status).toBe(200);
    expect((await get('/api/users/list?limit=3')).status).toBe(200);
    release();
    await Promise.all(stuck);
  });
});

test('a mirror that cannot be read → 503, and the next question is asked again', async () => {
  company.failMirrorWith('the mirror cannot be read');
  const refused = await get('/api/storage/largest-files');
  company.failMirrorWith(null);
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(await problem(refused)).toMatchObject({ status: 503, detail: 'the mirror cannot be read' });
  expect((await get('/api/storage/largest-files')).status).toBe(200);
});

test('a source that fails is not asked: the mirror answers as before', async () => {
  const before = await (await get('/api/storage/largest-files')).text();
  company.failWith('connection refused');
  await runningFeature(server, 'storage').actor.refresh();
  const meanwhile = await get('/api/storage/largest-files');
  company.failWith(null);
  expect(runningFeature(server, 'storage').actor.latest()?.freshness.status).toBe('stale');
  expect([meanwhile.status, await meanwhile.text()]).toEqual([200, before]);
});

/** The first few of some promises to settle. */
function firstOf<Value>(promises: readonly Promise<Value>[], count: number): Promise<Value[]> {
  const settled: Value[] = [];
  return new Promise((resolve, reject) => {
    for (const promise of promises) {
      promise.then((value) => {
        settled.push(value);
        if (settled.length === count) resolve([...settled]);
      }, reject);
    }
  });
}
