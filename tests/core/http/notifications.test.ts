import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { type Static, Type } from '@sinclair/typebox';
import { Notification } from '../../../src/core/notifications/notification.ts';
import type { Occurrence } from '../../../src/core/runtime/notification-rule.ts';
import { type CompanySources, companySources, startCompanyServer } from '../../support/company-server.ts';
import { bodyOf } from '../../support/response-body.ts';
import { violations } from '../../support/strict-schema.ts';
import type { TestServer } from '../../support/test-server.ts';
import { problem } from './problem.ts';

const List = Type.Array(Type.Object({ ...Notification.properties, at: Type.String() }));

let company: CompanySources;
let server: TestServer;
let all: Static<typeof List>;
const get = (query = '') => fetch(`${server.url}/api/notifications${query}`);

const occurrence = (key: string): Occurrence => ({
  key,
  severity: 'warning',
  title: `Nº ${key}`,
  message: 'ação',
  data: { key },
});

beforeAll(async () => {
  company = await companySources();
  server = await startCompanyServer(company);
  const occurrences = Array.from({ length: 60 }, (_, index) => occurrence(String(index + 1)));
  const told = Promise.withResolvers<void>();
  server.journal.published.subscribe(({ title }) => title === 'Nº 60' && told.resolve());
  server.journal.note({ hub: 'claims', rule: 'test', memory: '', occurrences });
  await told.promise;
  all = await bodyOf(await get('?limit=500'), List);
});
afterAll(() => server.stop());

describe('GET /api/notifications', () => {
  test('answers what was pushed, newest first, as its schema says', () => {
    expect(all.map(({ title }) => title)).toEqual(Array.from({ length: 60 }, (_, index) => `Nº ${60 - index}`));
    expect(violations(Type.Array(Notification), all)).toEqual([]);
    expect(all[0]).toMatchObject({ hub: 'claims', severity: 'warning', message: 'ação', data: { key: '60' } });
  });

  test('without a limit the newest 50', async () => {
    const response = await get();
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual(all.slice(0, 50));
  });

  test('the same without /api', async () => {
    expect(await (await fetch(`${server.url}/notifications?limit=3`)).json()).toEqual(all.slice(0, 3));
  });

  test.each([1, 2, 59, 60, 61, 500])('limit=%d', async (limit) => {
    expect(await (await get(`?limit=${limit}`)).json()).toEqual(all.slice(0, limit));
  });

  test('since: the oldest after it first', async () => {
    const oldestFirst = all.toReversed();
    const since = oldestFirst[48]?.id ?? 0;
    expect(await (await get(`?since=${since}`)).json()).toEqual(oldestFirst.slice(49));
    expect(await (await get(`?since=${since - 1}`)).json()).toEqual(oldestFirst.slice(48));
    expect(await (await get(`?since=${since}&limit=4`)).json()).toEqual(oldestFirst.slice(49, 53));
    expect(await (await get(`?since=${all[0]?.id}`)).json()).toEqual([]);
    expect(await (await get('?since=0&limit=500')).json()).toEqual(oldestFirst);
    expect(await (await get('?since=0')).json()).toEqual(oldestFirst.slice(0, 50));
    expect(await (await get('?since=999999999999999')).json()).toEqual([]);
  });

  test.each([1, 7, 59, 60, 500])('paging by the last id, %d at a time, misses nothing', async (limit) => {
    const read: Static<typeof List> = [];
    for (;;) {
      const page = await bodyOf(await get(`?since=${read.at(-1)?.id ?? 0}&limit=${limit}`), List);
      if (page.length === 0) break;
      read.push(...page);
    }
    expect(read).toEqual(all.toReversed());
  });

  test('tells how far back it reaches', async () => {
    for (const query of ['', '?since=0', '?since=999999999999999', '?limit=1']) {
      expect((await get(query)).headers.get('oldest-notification')).toBe(String(all.at(-1)?.id));
    }
  });

  test.each([
    ['limit', '0'],
    ['limit', '501'],
    ['limit', '-1'],
    ['limit', '1.5'],
    ['limit', 'ten'],
    ['limit', ''],
    ['limit', '1e2'],
    ['since', '-1'],
    ['since', '1.5'],
    ['since', 'yesterday'],
    ['since', ''],
    ['since', '9999999999999999'],
  ])('%s=%s → 400 that names it', async (field, value) => {
    const refused = await problem(await get(`?${field}=${encodeURIComponent(value)}`));
    expect(refused).toMatchObject({ status: 400, errors: { [field]: [expect.any(String)] } });
  });

  test('has HEAD, and no other method', async () => {
    expect((await fetch(`${server.url}/api/notifications`, { method: 'HEAD' })).status).toBe(200);
    const posted = await fetch(`${server.url}/api/notifications`, { method: 'POST' });
    expect(posted.status).toBe(405);
    expect(posted.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });

  test('is in the OpenAPI document, with parameters, schema and example', async () => {
    const document: unknown = await (await fetch(`${server.url}/swagger/json`)).json();
    expect(document).toMatchObject({
      tags: expect.arrayContaining([expect.objectContaining({ name: 'notifications' })]),
      paths: {
        '/api/notifications': {
          get: {
            tags: ['notifications'],
            parameters: [
              { name: 'since', in: 'query', required: false, example: 0 },
              { name: 'limit', in: 'query', required: false, schema: { type: 'integer', maximum: 500, default: 50 } },
            ],
            responses: {
              200: {
                content: {
                  'application/json': {
                    schema: { type: 'array', items: { $ref: '#/components/schemas/Notification' } },
                    example: [{ id: 1774958400000, hub: 'claims', severity: 'critical', data: { id: 17 } }],
                  },
                },
              },
              400: expect.anything(),
            },
          },
        },
        '/notifications': { get: { operationId: 'getNotificationsAlias' } },
      },
    });
  });

  test('none of the requests caused an unexpected error', () => {
    expect(server.errors).toEqual([]);
  });
});

test('with a secret, it wants a token as any other route', async () => {
  const closed = await startCompanyServer(company, {
    access: { secret: 'a secret that is long enough for HS256 here' },
  });
  for (const path of ['/api/notifications', '/notifications']) {
    expect((await fetch(closed.url + path)).status).toBe(401);
  }
  await closed.stop();
});
