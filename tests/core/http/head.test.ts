import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { companySources, routesOfServer, startCompanyServer } from '../../support/company-server.ts';
import { rawAnswer } from '../../support/raw-request.ts';
import type { TestServer } from '../../support/test-server.ts';

/** What differs from one answer to the next. */
const MOVING = ['date', 'age', 'connection'];
const PAGES = ['/', '/docs', '/swagger', '/swagger/json', '/swagger/scalar.js'];
const REFUSED = ['/nope', '/api/users/list?limit=0', '/hubs/claims', '/hubs/nope'];

let server: TestServer;
let paths: string[];

beforeAll(async () => {
  const company = await companySources();
  server = await startCompanyServer(company);
  paths = routesOfServer(server, company)
    .filter(({ method }) => method === 'GET')
    .flatMap(({ path, aliases = [] }) => [path, ...aliases])
    .map((path) => path.replace('{categoria}', 'Videos'));
});
afterAll(() => server.stop());

async function answerTo(method: string, path: string, headers: string) {
  const answer = await rawAnswer(
    server.url,
    `${method} ${path} HTTP/1.1\r\nhost: localhost\r\n${headers}connection: close\r\n\r\n`,
  );
  const moving = path === '/ws/status' ? [...MOVING, 'content-length'] : MOVING;
  const told = Object.fromEntries([...answer.headers].filter(([name]) => !moving.includes(name)));
  return { status: answer.status, headers: told, body: answer.body };
}

describe.each([
  ['a plain client', ''],
  ['one that takes compressed answers', 'accept-encoding: gzip\r\n'],
  ['a page', 'origin: http://localhost:5173\r\n'],
])('HEAD, asked by %s', (_, headers) => {
  test('answers what GET does, without the body', async () => {
    expect(paths.length).toBeGreaterThan(70);
    for (const path of [...paths, ...PAGES, ...REFUSED]) {
      const got = await answerTo('GET', path, headers);
      const { body, ...head } = await answerTo('HEAD', path, headers);
      expect({ path, ...head }).toEqual({ path, status: got.status, headers: got.headers });
      expect(body.length).toBe(0);
      if (path !== '/ws/status') {
        expect(`${path} ${got.body.length}`).toBe(`${path} ${got.headers['content-length']}`);
      }
    }
  }, 60_000);
});

test.each(['/hubs/claims/negotiate', '/api/claims/sync-rows'])('%s has no HEAD, since it has no GET', async (path) => {
  for (const method of ['GET', 'HEAD']) {
    const { status, headers } = await answerTo(method, path, '');
    expect(status).toBe(405);
    expect(headers.allow).toBe('POST, OPTIONS');
  }
});

test('it opens no connection of a hub', async () => {
  const negotiated = await fetch(`${server.url}/hubs/claims/negotiate?negotiateVersion=1`, { method: 'POST' });
  const { connectionToken } = Object(await negotiated.json());
  const { status } = await answerTo('HEAD', `/hubs/claims?id=${connectionToken}`, 'accept: text/event-stream\r\n');
  expect(status).toBe(426);
  expect(server.hubs.load().connections).toBe(0);
});

test('nothing of all this was an error of ours', () => {
  expect(server.errors).toEqual([]);
});
