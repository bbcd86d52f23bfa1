import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { companySources, startCompanyServer } from '../support/company-server.ts';
import type { TestServer } from '../support/test-server.ts';
import { documentOf, operationsOf } from './openapi-document.ts';
import { type PrismProxy, startPrism } from './prism-proxy.ts';

/** The usual period ends now, and so does not stay the same from one request to the next. */
const PERIOD = 'from=2026-01-01&to=2026-01-08&step=day';

/** Besides every route with its defaults. */
const VARIATIONS = [
  '/api/users/list?limit=1',
  '/users/list?limit=50',
  '/api/users/list?limit=500',
  '/api/storage/largest-files?limit=1',
  '/storage/largest-files?limit=100',
  '/api/storage/by-category/Capas%20%2F%20Fundo?limit=500',
  '/storage/by-category/nothing',
  '/storage/by-category/Sem%20Categoria?limit=1',
  '/api/storage/growth-trend?days=1',
  '/storage/growth-trend?days=365',
  `/api/claims/history?figure=summary.WinRate&figure=summary.TotalClaims&compare=previous&${PERIOD}`,
  `/users/history?${PERIOD}`,
];
const REFUSED = [
  '/api/users/list?limit=0',
  '/users/list?limit=501',
  '/api/users/list?limit=abc',
  '/api/storage/largest-files?limit=101',
  '/storage/by-category/Videos?limit=-1',
  '/api/storage/growth-trend?days=366',
  '/api/claims/history?step=week',
  '/users/history?compare=next',
];
const SLOW_MS = 40_000;

let server: TestServer;
let strict: PrismProxy;
let lenient: PrismProxy;
let paths: string[];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prism-'));
  // No refresh between an answer through the proxy and the one without it.
  server = await startCompanyServer(await companySources(), { timings: { maxAgeMs: 3_600_000 } });
  const document = await documentOf(server.url);
  paths = operationsOf(document)
    .filter(({ method, path }) => method === 'GET' && !path.includes('/jobs/'))
    .map(({ path }) => path.replace('{categoria}', 'Videos'))
    .map((path) => (path.endsWith('/history') ? `${path}?${PERIOD}` : path));
  const told = join(folder, 'openapi.json');
  await Bun.write(told, JSON.stringify(document));
  // A copy in which one figure is said to be text: what Prism makes of that shows that it does look.
  const untrue = join(folder, 'untrue.json');
  const { RevenueAtRisk: _, ...schemas } = document.components.schemas;
  const lie = { type: 'object', properties: { revenueAtRisk: { type: 'string' } } };
  const components = { ...document.components, schemas: { ...schemas, RevenueAtRisk: lie } };
  await Bun.write(untrue, JSON.stringify({ ...document, components }));
  [strict, lenient] = await Promise.all([startPrism(told, server.url, true), startPrism(untrue, server.url, false)]);
}, SLOW_MS);

afterAll(async () => {
  await Promise.all([strict.stop(), lenient.stop()]);
  await server.stop();
  await rm(folder, { recursive: true });
});

describe('through prism proxy --errors', () => {
  test(
    'every GET route answers as it does without, and as the document says',
    async () => {
      expect(paths.length).toBeGreaterThan(70);
      const asked = [...paths, ...VARIATIONS];
      const through = await Promise.all(asked.map((path) => seenThrough(strict, path)));
      expect(through).toEqual(await Promise.all(asked.map((path) => seen(path))));
      expect(through.filter(({ status }) => status !== 200)).toEqual([]);
    },
    SLOW_MS,
  );

  test('a push to Rows.com that is not configured is refused as the document says', async () => {
    for (const path of ['/api/claims/sync-rows', '/storage/sync-rows']) {
      const { status, body } = await seenThrough(strict, path, 'POST');
      expect(`${path} ${status} ${body.includes('urn:greg-bi:problem:rows-not-configured')}`).toBe(`${path} 503 true`);
    }
  });

  test('a 304 is as the document says', async () => {
    const etag = (await fetch(`${server.url}/api/content`)).headers.get('etag') ?? 'none';
    const response = await fetch(`${strict.url}/api/content`, { headers: { 'if-none-match': etag } });
    expect(response.status).toBe(304);
  });

  test('a parameter that the document does not allow is one that the server refuses', async () => {
    for (const path of REFUSED) {
      expect(`${path} ${(await seenThrough(strict, path)).body.includes('UNPROCESSABLE_ENTITY')}`).toBe(`${path} true`);
      expect(`${path} ${(await seen(path)).status}`).toBe(`${path} 400`);
    }
  });

  test('its refusal is as the document says', async () => {
    for (const path of REFUSED) {
      const { status, body } = await seenThrough(lenient, path);
      expect(`${path} ${status} ${body.includes('urn:greg-bi:problem:invalid-request')}`).toBe(`${path} 400 true`);
    }
  });

  test('an answer that differs from the document is reported', async () => {
    const { status, body } = await seenThrough(lenient, '/api/claims/revenue-at-risk');
    expect(status).toBe(500);
    expect(body).toContain('VIOLATIONS');
  });

  test('no violation was reported of the true document', () => {
    const complaints = strict.log().match(/.*(?:error|warning) .*/g) ?? [];
    // The requests that it was to stop.
    expect(complaints.filter((line) => !line.includes('UNPROCESSABLE_ENTITY'))).toEqual([]);
    expect(server.errors).toEqual([]);
  });
});

async function seen(path: string, method = 'GET', base = server.url) {
  const response = await fetch(base + path, { method });
  return { path, status: response.status, body: steady(await response.text()) };
}

function seenThrough({ url }: PrismProxy, path: string, method = 'GET') {
  return seen(path, method, url);
}

/** Without what moves on from one status page to the next. */
function steady(body: string): string {
  return body.replaceAll(/"(lastEmission|lastSync|lagMs)":("[^"]+"|null|\d+)/g, '"$1":…');
}
