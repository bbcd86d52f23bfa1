import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { ClaimsData } from '../../../src/features/claims/schemas.ts';
import { features } from '../../../src/features/index.ts';
import { StorageGrowthTrend } from '../../../src/features/storage/schemas.ts';
import { contractFeatures } from '../../contract/contract-features.ts';
import {
  type CompanySources,
  companySources,
  routesOfServer,
  runningFeature,
  startCompanyServer,
} from '../../support/company-server.ts';
import { AnyObject, bodyOf } from '../../support/response-body.ts';
import { violations } from '../../support/strict-schema.ts';
import type { TestServer } from '../../support/test-server.ts';

/** The routes of section 4 of the contract, each of which is to be served below `/api` and without it. */
const LISTS = [
  '/claims/active',
  '/claims/critical',
  '/claims/by-reason',
  '/claims/by-status',
  '/claims/trend',
  '/financial/revenue-by-day',
  '/subscriptions/list',
  '/subscriptions/by-plan',
  '/support/list',
  '/support/by-context',
  '/support/by-day',
  '/support/logs',
  '/content/list',
  '/content/courses',
  '/users/list',
];
const OBJECTS = [
  ...contractFeatures.flatMap((name) => [`/${name}`, `/${name}/export`]),
  '/claims/summary',
  '/claims/kpis',
  '/claims/revenue-at-risk',
  '/financial/summary',
  '/financial/revenue',
  '/financial/chargebacks/summary',
  '/subscriptions/summary',
  '/support/summary',
  '/content/summary',
  '/users/summary',
  '/storage/overview',
  '/storage/stats',
  '/storage/largest-files',
  '/storage/by-category/{categoria}',
  '/storage/growth-trend',
  '/about',
  ...contractFeatures.map((name) => `/${name}/history`),
];
const WITHOUT_PREFIX_ONLY = ['/health', '/ready', '/ws/status'];
/** Lists that a company of which nothing has been told yet leaves empty. */
const EMPTY_LISTS = ['/notifications'];
/** Answered where an outlet is configured, see outlet-routes.test.ts. */
const WITH_OUTLETS_ONLY = ['/rows/jobs/{id}', '/outlets/{outlet}/jobs/{id}'].flatMap((path) => [`/api${path}`, path]);
const DOUBLED = [...LISTS, ...OBJECTS, ...EMPTY_LISTS].flatMap((path) => [`/api${path}`, path]);
const EVERY_GET = [...DOUBLED, ...WITHOUT_PREFIX_ONLY];

let company: CompanySources;
let server: TestServer;
const get = (path: string) => fetch(server.url + path.replace('{categoria}', 'Videos'));

beforeAll(async () => {
  company = await companySources();
  server = await startCompanyServer(company);
});
afterAll(() => server.stop());

describe('every route of the contract', () => {
  test.each(EVERY_GET)('GET %s answers JSON that its schema describes wholly', async (path) => {
    const route = routesOfServer(server, company).find(
      ({ method, path: own, aliases = [] }) => method === 'GET' && [own, ...aliases].includes(path),
    );
    const response = await get(path);
    const body: unknown = await response.json();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toStartWith('application/json');
    if (route === undefined) throw new Error(`${path} is answered, and nobody told of it`);
    expect(violations(route.response.schema, body)).toEqual([]);
  });

  test.each(LISTS)('%s answers a list that is bare and not empty', async (path) => {
    const body: unknown = await (await get(`/api${path}`)).json();
    expect(Array.isArray(body) && body.length > 0).toBe(true);
  });

  test('a property that the schema does not declare would be noticed, however deep', () => {
    const schema = Type.Object({ list: Type.Array(Type.Union([Type.Object({ a: Type.Number() }), Type.Null()])) });
    expect(violations(schema, { list: [{ a: 1 }, null] })).toEqual([]);
    expect(violations(schema, { list: [{ a: 1, b: 2 }] })).not.toEqual([]);
  });

  test('those features have no other GET route', () => {
    const added = features.map(({ name }) => name).filter((name) => !contractFeatures.includes(name));
    const told = routesOfServer(server, company)
      .filter(({ method, tag }) => method === 'GET' && !added.includes(tag))
      .flatMap(({ path, aliases = [] }) => [path, ...aliases]);
    expect(told.sort()).toEqual([...EVERY_GET, ...WITH_OUTLETS_ONLY].sort());
  });

  test.each(DOUBLED.filter((path) => path.startsWith('/api/')))('%s and its twin answer the same', async (path) => {
    const [one, other] = await Promise.all([get(path), get(path.slice('/api'.length))]);
    expect(await one.text()).toBe(await other.text());
    expect(one.headers.get('etag')).toBe(other.headers.get('etag'));
  });
});

describe('routes that answer the same', () => {
  test.each([
    ['/api/claims/summary', '/api/claims/kpis'],
    ['/api/content/list', '/api/content/courses'],
    ['/api/storage/overview', '/api/storage/stats'],
  ])('%s and %s', async (one, other) => {
    expect(await (await get(one)).text()).toBe(await (await get(other)).text());
  });
});

describe('parts and whole', () => {
  test('a part is the part of the whole snapshot, without an envelope', async () => {
    const { data } = await bodyOf(await get('/api/claims'), Type.Object({ data: ClaimsData }));
    expect(await (await get('/api/claims/summary')).json()).toEqual(data.summary);
    expect(await (await get('/api/claims/active')).json()).toEqual(data.active);
    expect(await (await get('/api/claims/revenue-at-risk')).json()).toEqual({
      revenueAtRisk: data.summary.TotalAmountAtRisk,
    });
  });

  test('the critical claims are those of the active ones that are', async () => {
    const active = await bodyOf(
      await get('/api/claims/active'),
      Type.Array(Type.Object({ is_critical: Type.Boolean() })),
    );
    expect(await (await get('/api/claims/critical')).json()).toEqual(active.filter((claim) => claim.is_critical));
    expect(active.map(({ is_critical }) => is_critical)).toEqual([false, true]);
  });

  test('the whole says which feature it is of, and that it is live', async () => {
    expect(await (await get('/api/storage')).json()).toMatchObject({
      feature: 'storage',
      seq: runningFeature(server, 'storage').actor.latest()?.seq,
      status: 'live',
      unavailable: [],
    });
  });
});

describe('parameters', () => {
  test('without one the default holds', async () => {
    expect(await (await get('/api/storage/largest-files')).json()).toMatchObject({ TotalResults: 4 });
    expect(await (await get('/api/storage/growth-trend')).json()).toMatchObject({ Summary: { Days: 30 } });
    expect(await (await get('/api/users/list')).json()).toHaveLength(50);
  });

  test.each([1, 2, 50, 51, 60, 500])('limit=%d lists that many users, as far as there are', async (limit) => {
    expect(await (await get(`/api/users/list?limit=${limit}`)).json()).toHaveLength(Math.min(limit, 63));
  });

  test.each([1, 365])('days=%d', async (days) => {
    const { TrendData } = await bodyOf(await get(`/storage/growth-trend?days=${days}`), StorageGrowthTrend);
    expect(TrendData).toHaveLength(days);
  });

  test('a path parameter is decoded, blanks and slashes too', async () => {
    const answer = await (await get('/api/storage/by-category/Capas%20%2F%20Fundo?limit=5')).json();
    expect(answer).toMatchObject({ Category: 'Capas / Fundo', TotalResults: 1, Files: [{ FileName: 'capa.png' }] });
  });

  test('a category that does not exist has no files', async () => {
    expect(await (await get('/api/storage/by-category/nothing')).json()).toEqual({
      Category: 'nothing',
      TotalResults: 0,
      Files: [],
    });
  });

  test('parameters that nobody declared are ignored', async () => {
    const plain = await get('/api/users/list');
    const odd = await get('/api/users/list?__proto__=1&constructor=2&toString=3&utm_source=x');
    expect(odd.status).toBe(200);
    expect(await odd.text()).toBe(await plain.text());
  });
});

describe('HEAD', () => {
  test.each(DOUBLED.slice(0, 6))('%s has the headers of GET and no body', async (path) => {
    const head = await fetch(server.url + path, { method: 'HEAD' });
    const full = await get(path);
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    for (const name of ['etag', 'cache-control', 'content-type', 'content-length']) {
      expect(head.headers.get(name)).toBe(full.headers.get(name));
    }
  });
});

describe('status routes', () => {
  test('/health is alive, /ready lists every feature', async () => {
    expect(await (await get('/health')).json()).toEqual({ status: 'alive' });
    expect(await (await get('/ready')).json()).toEqual({
      status: 'ready',
      features: server.supervisor.running.map(({ actor }) => ({ feature: actor.name, data: 'live' })),
    });
  });

  test('/ws/status lists every hub with its connections, sequence number and status', async () => {
    const { hubs } = await bodyOf(await get('/ws/status'), Type.Object({ hubs: Type.Array(AnyObject) }));
    expect(hubs.map(({ hub }) => hub)).toEqual([...server.hubs.names]);
    expect(hubs[0]).toMatchObject({ hub: 'claims', connections: 0, seq: 1, status: 'live', since: null, reason: null });
  });
});

test('none of the requests caused an unexpected error', () => {
  expect(server.errors).toEqual([]);
});
