import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { features } from '../../../src/features/index.ts';
import { companySources, startCompanyServer } from '../../support/company-server.ts';
import type { TestServer } from '../../support/test-server.ts';
import { brokenFeature, SECRET, SECRET_WORDS } from './broken-feature.ts';
import { problem } from './problem.ts';

const PAGE = { origin: 'http://localhost:5173' };
const JSON_TYPE = { 'content-type': 'application/json' };

const served = [...features, brokenFeature];
let server: TestServer;
const call = (path: string, init: RequestInit = {}) => fetch(server.url + path, { redirect: 'manual', ...init });

beforeAll(async () => {
  server = await startCompanyServer(await companySources({ features: served }), { features: served });
});
afterAll(() => server.stop());

describe('404', () => {
  test.each(['/nope', '/api/nope', '/api/claims/nope', '/API/claims', '/api', '/hubs', '/hubs/claims/nope'])(
    'GET %s',
    async (path) => {
      const response = await call(path);
      expect(response.status).toBe(404);
      expect(await problem(response)).toMatchObject({ type: 'urn:greg-bi:problem:not-found', instance: path });
    },
  );

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s of a route that does not exist', async (method) => {
    expect((await problem(await call('/nope', { method }))).status).toBe(404);
  });

  test('for a page of an allowed origin it is a problem document as well', async () => {
    const response = await call('/nope', { headers: PAGE });
    expect(response.headers.get('access-control-allow-origin')).toBe(PAGE.origin);
    expect((await problem(response)).status).toBe(404);
  });

  test('HEAD has no body', async () => {
    const response = await call('/nope', { method: 'HEAD' });
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('');
  });

  test('a hub that does not exist, with the names of those that do', async () => {
    const { detail } = await problem(await call('/hubs/nope'));
    expect(detail).toContain('claims, financial');
  });
});

describe('405', () => {
  const wrong: readonly (readonly [string, string, string])[] = [
    ['POST', '/api/claims', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/api/claims/summary', 'GET, HEAD, OPTIONS'],
    ['PUT', '/claims/summary', 'GET, HEAD, OPTIONS'],
    ['PATCH', '/api/users/list', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/api/storage/by-category/Videos', 'GET, HEAD, OPTIONS'],
    ['GET', '/api/claims/sync-rows', 'POST, OPTIONS'],
    ['DELETE', '/claims/sync-rows', 'POST, OPTIONS'],
    ['POST', '/health', 'GET, HEAD, OPTIONS'],
    ['POST', '/ready', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/ws/status', 'GET, HEAD, OPTIONS'],
    ['POST', '/swagger', 'GET, HEAD, OPTIONS'],
    ['PUT', '/swagger/json', 'GET, HEAD, OPTIONS'],
    ['POST', '/docs', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/', 'GET, HEAD, OPTIONS'],
    ['POST', '/assets/index.js', 'GET, HEAD, OPTIONS'],
  ];
  test.each(wrong)('%s %s', async (method, path, allow) => {
    for (const headers of [{}, PAGE]) {
      const response = await call(path, { method, headers });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe(allow);
      expect((await problem(response)).detail).toContain(allow);
    }
  });

  test('a body that is not JSON does not come first', async () => {
    expect((await call('/api/claims', { method: 'POST', body: '{', headers: JSON_TYPE })).status).toBe(405);
  });

  test('OPTIONS tells what is possible', async () => {
    const response = await call('/api/claims', { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });
});

describe('400', () => {
  const bad: readonly (readonly [string, string])[] = [
    ['/api/users/list?limit=0', 'limit'],
    ['/api/users/list?limit=501', 'limit'],
    ['/users/list?limit=-1', 'limit'],
    ['/api/users/list?limit=abc', 'limit'],
    ['/api/users/list?limit=1.5', 'limit'],
    ['/api/users/list?limit=1e2', 'limit'],
    ['/api/users/list?limit=', 'limit'],
    ['/api/users/list?limit=%E0%A4', 'limit'],
    ['/api/users/list?limit=9999999999999999999999', 'limit'],
    ['/api/storage/largest-files?limit=101', 'limit'],
    ['/storage/largest-files?limit=zero', 'limit'],
    ['/api/storage/by-category/Videos?limit=501', 'limit'],
    ['/api/storage/by-category/%E0%A4%A', 'categoria'],
    ['/api/storage/growth-trend?days=366', 'days'],
    ['/storage/growth-trend?days=0', 'days'],
  ];
  test.each(bad)('%s names %s', async (path, field) => {
    for (const headers of [{}, PAGE]) {
      const response = await call(path, { headers });
      expect(response.status).toBe(400);
      const { errors = {}, detail } = await problem(response);
      expect(Object.keys(errors)).toEqual([field]);
      expect(errors[field]?.[0]).toBeString();
      expect(detail).toContain(field);
    }
  });

  test('a body that is no JSON', async () => {
    const response = await call('/api/claims/sync-rows', { method: 'POST', body: '{', headers: JSON_TYPE });
    expect(response.status).toBe(400);
    expect((await problem(response)).errors).toEqual({ body: ['is not JSON'] });
  });
});

describe('bodies', () => {
  const post = (body: string | ReadableStream<Uint8Array>, type: string) =>
    call('/api/claims/sync-rows', { method: 'POST', body, headers: { 'content-type': type } });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    '415 for %s',
    async (type) => {
      const response = await post('{"a":1}', type);
      expect(response.status).toBe(415);
      expect(response.headers.get('accept')).toBe('application/json');
      await problem(response);
    },
  );

  test.each([
    ['a body of known length', 'x'.repeat(64 * 1024 + 1)],
    ['a stream', streamOf(64 * 1024 + 1)],
  ])('413 for more than 64 KiB: %s', async (_, body) => {
    const response = await post(body, 'application/json');
    expect(response.status).toBe(413);
    expect((await problem(response)).detail).toContain('65536');
  });

  test.each([
    ['none', ''],
    ['JSON', '{}'],
    ['exactly 64 KiB of JSON', `"${'x'.repeat(64 * 1024 - 2)}"`],
  ])('accepted: %s', async (_, body) => {
    expect((await problem(await post(body, 'application/json; charset=utf-8'))).type).toEndWith('rows-not-configured');
  });
});

describe('503', () => {
  test('Rows.com is not configured, and repeating the request would change nothing', async () => {
    for (const path of ['/api/claims/sync-rows', '/storage/sync-rows']) {
      const response = await call(path, { method: 'POST' });
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBeNull();
      expect((await problem(response)).detail).toContain('Rows.com');
    }
  });

  test.each([
    ['/api/broken/refused', 'source-unavailable', 'connection refused'],
    ['/api/broken/slow', 'source-too-slow', 'The source did not answer in time'],
  ])('%s: the source fails, in its own words', async (path, code, detail) => {
    const response = await call(path);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await problem(response)).toMatchObject({ status: 503, type: `urn:greg-bi:problem:${code}`, detail });
  });
});

describe('500', () => {
  test.each(['/api/broken/throws', '/broken/throws', '/api/broken/throws-text', '/api/broken/rejects'])(
    '%s does not reveal what went wrong, and the log has everything',
    async (path) => {
      for (const headers of [{}, PAGE]) {
        const told = server.errors.length;
        const response = await call(path, { headers });
        const text = await response.clone().text();
        expect(await problem(response)).toMatchObject({ status: 500, type: 'urn:greg-bi:problem:internal' });
        for (const word of SECRET_WORDS) expect(text).not.toContain(word);
        expect(text).not.toContain('TypeError');
        expect(server.errors.slice(told).map(String).join()).toContain(SECRET);
      }
    },
  );

  test('the other routes of the feature answer', async () => {
    expect(await (await call('/api/broken')).json()).toMatchObject({ feature: 'broken', data: { figure: 1 } });
  });
});

describe('the type of a refusal', () => {
  test.each([
    ['application/json', 'application/json'],
    ['application/json; q=0.9', 'application/json'],
    ['Application/JSON;charset=utf-8', 'application/json'],
    ['application/json, application/json;q=0.1', 'application/json'],
    ['application/json, text/plain, */*', 'application/problem+json'],
    ['application/json, application/problem+json', 'application/problem+json'],
    ['application/problem+json', 'application/problem+json'],
    ['*/*', 'application/problem+json'],
    ['text/html', 'application/problem+json'],
    ['', 'application/problem+json'],
  ])('Accept: %p → %s', async (accept, type) => {
    for (const path of ['/nope', '/api/users/list?limit=0', '/api/broken/throws']) {
      expect((await call(path, { headers: { accept } })).headers.get('content-type')).toBe(type);
    }
  });
});

function streamOf(bytes: number): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(bytes - 1));
      controller.enqueue(new Uint8Array(1));
      controller.close();
    },
  });
}
