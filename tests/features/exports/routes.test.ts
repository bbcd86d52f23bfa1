import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { systemClock } from '../../../src/core/runtime/clock.ts';
import { claims } from '../../../src/features/claims/index.ts';
import { createEncoder } from '../../../src/features/exports/encoder.ts';
import { createExporter } from '../../../src/features/exports/export-file.ts';
import { exportRoutes } from '../../../src/features/exports/routes.ts';
import {
  type CompanySources,
  companySources,
  runningFeature,
  startCompanyServer,
} from '../../support/company-server.ts';
import { publishedFeature } from '../../support/published-feature.ts';
import type { TestServer } from '../../support/test-server.ts';

let company: CompanySources;
let server: TestServer;
const get = (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, { headers });

beforeAll(async () => {
  company = await companySources();
  server = await startCompanyServer(company);
});
afterAll(() => server.stop());

const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Sao_Paulo' });

describe('an exported file', () => {
  test.each([
    ['csv', 'active', 'text/csv; charset=utf-8; header=present'],
    ['json', 'active', 'application/json; charset=utf-8'],
    ['xlsx', 'active', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['parquet', 'active', 'application/vnd.apache.parquet'],
    ['json', null, 'application/json; charset=utf-8'],
    ['xlsx', null, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ])('in %s of part %s has its type and a name with seq and day', async (format, part, type) => {
    for (const prefix of ['/api', '']) {
      const query = part === null ? '' : `&part=${part}`;
      const { status, headers } = await get(`${prefix}/claims/export?format=${format}${query}`);
      const day = today.format(new Date(headers.get('snapshot-at') ?? ''));
      const subject = part === null ? 'claims' : `claims-${part}`;
      const name = `greg-bi-${subject}-seq${headers.get('snapshot-seq')}-${day}.${format}`;
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe(type);
      expect(headers.get('content-disposition')).toBe(`attachment; filename="${name}"`);
    }
  });

  test('in JSON is the whole data, or the rows of a part', async () => {
    const snapshot = JSON.parse(await (await get('/api/claims')).text());
    const whole = JSON.parse(await (await get('/api/claims/export?format=json')).text());
    const { feature, seq, generatedAt, status, data } = snapshot;
    expect(whole).toEqual({ feature, seq, generatedAt, status, data });
    const byReason = await get('/api/claims/export?format=json&part=by-reason');
    expect(byReason.headers.get('row-count')).toBe(String(data.byReason.length));
    const part = { feature, part: 'by-reason', seq, generatedAt, status, data: data.byReason };
    expect(JSON.parse(await byReason.text())).toEqual(part);
  });

  test('of a part is the same under the name of its route, of the catalogue, and of a computed part', async () => {
    const text = async (part: string) => (await get(`/api/claims/export?format=csv&part=${part}`)).text();
    expect(await text('byReason')).toBe(await text('by-reason'));
    const critical = JSON.parse(await (await get('/api/claims/critical')).text());
    expect((await text('critical')).split('\r\n')).toHaveLength(critical.length + 2);
  });

  test('of figures has every figure of the catalogue with its unit', async () => {
    const snapshot = JSON.parse(await (await get('/api/users')).text());
    const figures = JSON.parse(await (await get('/api/users/export?part=figures')).text());
    expect(figures.data).toContainEqual({
      key: 'users.summary.ConfirmationRate',
      title: expect.any(String),
      value: snapshot.data.summary.ConfirmationRate,
      unit: 'percent',
    });
    expect(figures.data).toHaveLength(Object.keys(snapshot.data.summary).length);
  });

  test('is encoded once a snapshot, and answered with 304 to those who have it', async () => {
    const path = '/api/claims/export?format=xlsx';
    const [one, other] = await Promise.all([get(path), get(path)]);
    // A workbook holds the time at which it was encoded.
    expect(Bun.hash(await one.bytes())).toBe(Bun.hash(await other.bytes()));
    const etag = one.headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\/"[0-9a-f]{16}-live"$/);
    const known = await get(path, { 'if-none-match': etag });
    expect(known.status).toBe(304);
    expect(await known.text()).toBe('');
    const etags = ['?format=csv&part=active', '?format=csv&part=trend', '?part=active', ''].map(
      async (query) => (await get(`/api/claims/export${query}`)).headers.get('etag') ?? '',
    );
    expect(new Set([etag, ...(await Promise.all(etags))]).size).toBe(5);
  });

  test('is not encoded for those who have it', async () => {
    const encoder = createEncoder({ clock: systemClock, onLost: () => {} });
    const exporter = createExporter({ dialect: 'rfc4180', timeZone: 'America/Sao_Paulo' }, encoder);
    const encoded: string[] = [];
    const { running, publish } = publishedFeature(claims);
    const [route] = exportRoutes([running], {
      ...exporter,
      encode(file) {
        encoded.push(file.name);
        return exporter.encode(file);
      },
    });
    const snapshot = runningFeature(server, 'claims').actor.latest();
    if (route === undefined || snapshot === undefined) throw new Error('There is nothing to export');
    publish(snapshot);
    const ask = (headers: Record<string, string> = {}) =>
      route.handle({ request: new Request(`${server.url}/api/claims/export?format=xlsx`, { headers }) });
    const etag = (await ask()).headers.get('etag') ?? '';
    // The content is the same after a refresh, in a new snapshot.
    publish({ ...snapshot, generatedAt: snapshot.generatedAt + 10_000 });
    expect((await ask({ 'if-none-match': etag })).status).toBe(304);
    expect(encoded).toHaveLength(1);
    await encoder.close();
  });

  test('HEAD has the same headers and no body', async () => {
    const response = await fetch(`${server.url}/api/claims/export?format=csv&part=trend`, { method: 'HEAD' });
    expect(response.headers.get('content-disposition')).toContain('greg-bi-claims-trend-seq');
    expect(await response.text()).toBe('');
  });
});

describe('refused with 400', () => {
  const refused = async (query: string) => {
    const response = await get(`/api/claims/export?${query}`);
    return { status: response.status, ...JSON.parse(await response.text()) };
  };

  test('another format names the formats', async () => {
    const { status, errors } = await refused('format=pdf');
    expect(status).toBe(400);
    expect(errors.format.join()).toContain('csv, json, xlsx, parquet');
  });

  test.each(['csv', 'parquet'])('%s without a part names the parts', async (format) => {
    const { status, errors } = await refused(`format=${format}`);
    expect(status).toBe(400);
    expect(errors.part).toEqual([
      `a file of ${format} holds one part; choose one of figures, active, by-reason, by-status, trend, critical`,
    ]);
  });

  test.each(['constructor', 'summary', '', '../active', 'ACTIVE'])('part %j names the parts', async (part) => {
    const { status, errors } = await refused(`format=csv&part=${part}`);
    expect(status).toBe(400);
    expect(errors.part.join()).toContain('is none of figures, active, by-reason, by-status, trend, critical');
  });
});

test('before the first snapshot there is nothing to export', async () => {
  const broken = await companySources();
  broken.failWith('connection refused');
  const waiting = await startCompanyServer(broken);
  const response = await fetch(`${waiting.url}/api/claims/export`);
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('1');
  await waiting.stop();
});

test('while the source fails, the file says so, and has another tag', async () => {
  const fragile = await companySources();
  const stale = await startCompanyServer(fragile);
  const read = async () => {
    const response = await fetch(`${stale.url}/api/claims/export`);
    return { etag: response.headers.get('etag'), status: JSON.parse(await response.text()).status };
  };
  const before = await read();
  fragile.failWith('connection refused');
  await Promise.all(stale.supervisor.running.map(({ actor }) => actor.refresh()));
  expect(before.status).toBe('live');
  const after = await read();
  expect(after).toEqual({ etag: before.etag?.replace('live', 'stale') ?? '', status: 'stale' });
  await stale.stop();
});
