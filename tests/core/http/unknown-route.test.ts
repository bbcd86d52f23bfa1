import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createPathAdviser } from '../../../src/core/http/path-advice.ts';
import { companySources, startCompanyServer } from '../../support/company-server.ts';
import type { TestServer } from '../../support/test-server.ts';
import { problem } from './problem.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startCompanyServer(await companySources());
});
afterAll(() => server.stop());

const detailOf = async (path: string, init: RequestInit = {}) => {
  const refused = await problem(await fetch(server.url + path, init));
  expect(refused.status).toBe(404);
  return refused.detail;
};

describe('a route that does not exist names the one that was meant', () => {
  test.each([
    ['/api/Claims/Summary', '/api/claims/summary'],
    ['/Claims/Summary', '/claims/summary'],
    ['/API/CLAIMS', '/api/claims'],
    ['/api/claims/Summary/', '/api/claims/summary'],
    ['//api//claims', '/api/claims'],
    ['/api/claims/sumary', '/api/claims/summary'],
    ['/api/claims/summarys', '/api/claims/summary'],
    ['/api/claim', '/api/claims'],
    ['/claims/byReason', '/claims/by-reason'],
    ['/api/claims/by_reason', '/api/claims/by-reason'],
    ['/financial/revenueByDay', '/financial/revenue-by-day'],
    ['/api/%43laims', '/api/claims'],
    ['/api/Storage/By-Category/Videos', '/api/storage/by-category/{categoria}'],
    ['/api/Notifications', '/api/notifications'],
    ['/Health', '/health'],
    ['/WS/Status', '/ws/status'],
    ['/Swagger', '/swagger'],
    ['/swagger/JSON', '/swagger/json'],
    ['/Hubs/claims', '/hubs/claims'],
    ['/hub/claims', '/hubs/claims'],
    ['/hubs/claims/Negotiate', '/hubs/claims/negotiate'],
  ])('%s: %s', async (path, meant) => {
    expect(await detailOf(path)).toContain(`did you mean ${meant}?`);
  });

  test('with any method', async () => {
    expect(await detailOf('/api/Claims/Sync-Rows', { method: 'POST' })).toContain(
      'did you mean /api/claims/sync-rows?',
    );
  });

  test('a parameter is not repeated', async () => {
    const path = '/api/Storage/By-Category/ana@example.com';
    expect(await detailOf(path)).not.toContain('ana');
  });
});

test.each([
  '/nope',
  '/api/nope',
  '/favicon.ico',
  '/wp-login.php',
  '/api',
  '/api/claims/a/b/c',
  `/${'a'.repeat(5_000)}`,
])('%s is close to none', async (path) => {
  const detail = await detailOf(path);
  expect(detail).not.toContain('did you mean');
  expect(detail).toContain('/swagger');
});

describe('the advice', () => {
  test('is the closest, and the first of equals', () => {
    const advise = createPathAdviser(['/abcdefgh/one', '/abcdefgh/two', '/abcdefgh/tow']);
    expect(advise('/abcdefgh/on')).toBe('/abcdefgh/one');
    expect(advise('/abcdefgh/Two')).toBe('/abcdefgh/two');
    expect(advise('/abcdefgh/twx')).toBe('/abcdefgh/two');
    expect(advise('/abcdefgh/three')).toBeUndefined();
  });

  test('costs no more for a hostile path than for a mistyped one', () => {
    const advise = createPathAdviser(Array.from({ length: 200 }, (_, index) => `/api/feature-${index}/part-of-it`));
    const cost = (paths: readonly string[]) => {
      const times = Array.from({ length: 5 }, () => {
        const before = performance.now();
        for (const path of paths) advise(path);
        return performance.now() - before;
      });
      return Math.min(...times);
    };
    const hostile = ['/'.repeat(16_000), '%'.repeat(16_000), `/api/${'é'.repeat(5_000)}`];
    expect(cost(hostile)).toBeLessThan(cost(['/api/feature-x/part-of-is']));
  });
});
