import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { claims } from '../../../src/features/claims/index.ts';
import { companySources, startCompanyServer } from '../../support/company-server.ts';
import type { TestServer } from '../../support/test-server.ts';

/** Section 6 of the contract. */
const HEADERS =
  'Accept Authorization Content-Type X-CSRF-TOKEN X-Requested-With X-SignalR-User-Agent ngrok-skip-browser-warning';
const ORIGINS = ['http://localhost:5173', 'http://127.0.0.1:5045'];
const FOREIGN = ['http://evil.example', 'http://localhost:5174', 'https://localhost:5173', 'http://localhost', 'null'];
const PATHS = [
  '/api/claims',
  '/claims/summary',
  '/api/claims/sync-rows',
  '/health',
  '/swagger',
  '/swagger/json',
  '/nope',
];

let server: TestServer;
const call = (path: string, origin: string, init: RequestInit = {}) =>
  fetch(server.url + path, { redirect: 'manual', ...init, headers: { origin, ...init.headers } });
const preflight = (path: string, origin: string, method = 'GET') =>
  call(path, origin, {
    method: 'OPTIONS',
    headers: {
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization,x-csrf-token',
    },
  });

beforeAll(async () => {
  server = await startCompanyServer(await companySources(), { features: [claims], origins: ORIGINS });
});
afterAll(() => server.stop());

describe.each(ORIGINS)('a page of %s', (origin) => {
  test.each(PATHS)('may ask for %s: preflight', async (path) => {
    const { status, headers } = await preflight(path, origin, path.endsWith('sync-rows') ? 'POST' : 'GET');
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(listed(headers, 'access-control-allow-headers')).toEqual(HEADERS.split(' ').sort());
    expect(listed(headers, 'access-control-allow-methods')).toEqual(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST']);
    expect(listed(headers, 'vary')).toContain('Origin');
  });

  test.each(PATHS)('may read the answer of %s, whatever it is, again and again', async (path) => {
    const plain = await fetch(server.url + path, { redirect: 'manual' });
    for (let turn = 0; turn < 2; turn++) {
      const { status, headers } = await call(path, origin);
      expect(status).toBe(plain.status);
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('access-control-allow-credentials')).toBe('true');
      expect(listed(headers, 'access-control-expose-headers')).toEqual([
        'Age',
        'Content-Disposition',
        'ETag',
        'Oldest-Notification',
        'Retry-After',
        'Row-Count',
        'Snapshot-At',
        'Snapshot-Seq',
      ]);
      expect(listed(headers, 'vary')).toContain('Origin');
    }
  });

  test('may read a 304', async () => {
    const etag = (await call('/api/claims', origin)).headers.get('etag') ?? 'none';
    const { status, headers } = await call('/api/claims', origin, { headers: { 'if-none-match': etag } });
    expect(status).toBe(304);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
  });
});

describe.each(FOREIGN)('a page of %s', (origin) => {
  test.each(PATHS)('may not read %s', async (path) => {
    for (const response of [await preflight(path, origin), await call(path, origin)]) {
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

test('a page that we serve ourselves may', async () => {
  expect((await call('/api/claims', server.url)).headers.get('access-control-allow-origin')).toBe(server.url);
});

test('a request without an origin is not from a page', async () => {
  const { status, headers } = await fetch(`${server.url}/api/claims`);
  expect(status).toBe(200);
  expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
});

function listed(headers: Headers, name: string): string[] {
  return (headers.get(name) ?? '')
    .split(',')
    .map((value) => value.trim())
    .sort();
}
