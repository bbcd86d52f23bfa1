import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { snapshotResponse, WHOLE } from '../../../src/core/http/snapshot-response.ts';
import { encodeContent } from '../../../src/core/runtime/encode-content.ts';
import type { Content, Snapshot } from '../../../src/core/runtime/snapshot.ts';
import {
  type CompanySources,
  companySources,
  runningFeature,
  startCompanyServer,
} from '../../support/company-server.ts';
import { AnyObject, bodyOf } from '../../support/response-body.ts';
import type { TestServer } from '../../support/test-server.ts';

const NOW = Date.UTC(2026, 2, 1, 12);
const PATHS = ['/api/claims', '/api/claims/summary', '/claims/active', '/api/users/list?limit=10'];

let company: CompanySources;
let server: TestServer;
const get = (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, { headers });
const etagOf = async (path: string) => (await get(path)).headers.get('etag') ?? 'none';

beforeAll(async () => {
  company = await companySources();
  server = await startCompanyServer(company);
});
afterAll(() => server.stop());

describe('a snapshot answer', () => {
  test.each(PATHS)('%s has a weak ETag, an Age and says to ask again', async (path) => {
    const { headers } = await get(path);
    expect(headers.get('etag')).toMatch(/^W\/"[\x21\x23-\x7e]+"$/);
    expect(headers.get('age')).toMatch(/^\d+$/);
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('vary')).toBe('Origin, Accept-Encoding');
  });

  test('different parts have different tags', async () => {
    const tags = await Promise.all(PATHS.map(etagOf));
    expect(new Set(tags).size).toBe(PATHS.length);
  });

  const forms: readonly (readonly [string, (etag: string) => string])[] = [
    ['the tag itself', (etag) => etag],
    ['its strong form, since the comparison is weak', (etag) => etag.slice(2)],
    ['a list that holds it', (etag) => `"other", W/"another",${etag} , "more"`],
    ['whatever there is', () => '*'],
    ['whatever there is, with blanks', () => ' * '],
  ];
  test.each(forms)('If-None-Match: %s → 304 without a body', async (_, form) => {
    for (const path of PATHS) {
      const etag = await etagOf(path);
      const response = await get(path, { 'if-none-match': form(etag) });
      expect(response.status).toBe(304);
      expect(await response.text()).toBe('');
      expect(response.headers.get('content-type')).toBeNull();
      expect(response.headers.get('etag')).toBe(etag);
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(response.headers.get('age')).toMatch(/^\d+$/);
    }
  });

  test.each(['"other"', 'W/"other"', '', '""', 'W/', '"*"', 'none'])('If-None-Match: %p → 200', async (header) => {
    for (const path of PATHS) expect((await get(path, { 'if-none-match': header })).status).toBe(200);
  });

  test('half a tag is not the tag', async () => {
    const etag = await etagOf('/api/claims');
    expect((await get('/api/claims', { 'if-none-match': etag.slice(0, -3) })).status).toBe(200);
    expect((await get('/api/claims', { 'if-none-match': `${etag.slice(0, -1)}x"` })).status).toBe(200);
  });

  test('HEAD is answered 304 too', async () => {
    const headers = { 'if-none-match': await etagOf('/api/claims') };
    expect((await fetch(`${server.url}/api/claims`, { method: 'HEAD', headers })).status).toBe(304);
  });

  test('an answer that was asked from the source has no tag, and is not stored', async () => {
    const { headers } = await get('/api/users/list?limit=60');
    expect(headers.get('etag')).toBeNull();
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('the tag of a feature', () => {
  test('stays over refreshes that find nothing new, though the instant is another', async () => {
    const before = await get('/api/claims');
    await runningFeature(server, 'claims').actor.refresh();
    const after = await get('/api/claims');
    expect(after.headers.get('etag')).toBe(before.headers.get('etag') ?? 'none');
    const { generatedAt: earlier, ...was } = await bodyOf(before, AnyObject);
    const { generatedAt: later, ...is } = await bodyOf(after, AnyObject);
    expect(is).toEqual(was);
    expect(Date.parse(String(later))).toBeGreaterThan(Date.parse(String(earlier)));
  });

  test('stays over a restart', async () => {
    const tags = await Promise.all(PATHS.map(etagOf));
    const restarted = await startCompanyServer(company.reopen());
    const again = await Promise.all(
      PATHS.map(async (path) => (await fetch(restarted.url + path)).headers.get('etag') ?? 'none'),
    );
    await restarted.stop();
    expect(again).toEqual(tags);
  });

  test('changes with the content, and only where it changed', async () => {
    const [whole, summary, trend, users] = await Promise.all(
      ['/api/claims', '/api/claims/summary', '/api/claims/trend', '/api/users'].map(etagOf),
    );
    company.database.run('update Claims set Status = 3 where Id = 2');
    await runningFeature(server, 'claims').actor.refresh();
    expect(await etagOf('/api/claims')).not.toBe(whole ?? 'none');
    expect(await etagOf('/api/claims/summary')).not.toBe(summary ?? 'none');
    expect(await etagOf('/api/claims/trend')).toBe(trend ?? 'none');
    expect(await etagOf('/api/users')).toBe(users ?? 'none');
    expect((await get('/api/claims', { 'if-none-match': whole ?? '' })).status).toBe(200);
  });

  test('changes with the status, and comes back with it', async () => {
    const live = await Promise.all(PATHS.map(etagOf));
    company.failWith('connection refused');
    await Promise.all(['claims', 'users'].map((name) => runningFeature(server, name).actor.refresh()));
    const stale = await Promise.all(PATHS.map(etagOf));
    company.failWith(null);
    await Promise.all(['claims', 'users'].map((name) => runningFeature(server, name).actor.refresh()));
    PATHS.forEach((_, index) => {
      expect(stale[index]).not.toBe(live[index] ?? 'none');
    });
    expect(await Promise.all(PATHS.map(etagOf))).toEqual(live);
  });

  const content = { data: { summary: { mean: null } }, unavailable: [], problems: [] };
  test.each<[string, Content<unknown>]>([
    ['is unavailable', { ...content, unavailable: [{ figure: 'summary.mean', column: 'Claims.UpdatedAt' }] }],
    [
      'is wrong with the data',
      { ...content, problems: [{ kind: 'duplicate-key', table: 'Claims', column: 'Id', rows: 1, example: '7' }] },
    ],
  ])('changes with what %s, in parts too', (_what, other) => {
    const known = snapshotOf(content);
    for (const part of [WHOLE, 'summary']) {
      const etag = respond(known, part).headers.get('etag');
      expect(respond(snapshotOf(other), part).headers.get('etag')).not.toBe(etag ?? 'none');
      expect(respond(snapshotOf(content), part).headers.get('etag')).toBe(etag ?? '');
    }
  });
});

describe('Age', () => {
  const snapshot = snapshotOf({ data: {}, unavailable: [], problems: [] });
  test.each([
    [0, '0'],
    [999, '0'],
    [1_000, '1'],
    [61_500, '61'],
    [86_400_000, '86400'],
  ])('%d ms after the figures were computed it is %s', (later, age) => {
    expect(respond(snapshot, WHOLE, NOW + later).headers.get('age')).toBe(age);
  });

  test('is never negative, though the wall clock was set back', () => {
    expect(respond(snapshot, WHOLE, NOW - 60_000).headers.get('age')).toBe('0');
  });

  test('begins anew with a refresh that finds nothing new', async () => {
    const { actor } = runningFeature(server, 'content');
    await actor.refresh();
    expect((await get('/api/content')).headers.get('age')).toBe('0');
  });
});

function snapshotOf(content: Content<unknown>): Snapshot {
  const encoded = encodeContent(content);
  return { ...content, feature: 'claims', seq: 1, generatedAt: NOW, freshness: { status: 'live' }, encoded };
}

/** For a client that accepts nothing compressed, so that there is nothing to wait for. */
function respond(snapshot: Snapshot, part: string, now = NOW): Response {
  const response = snapshotResponse(snapshot, part, () => '{}', new Request('http://localhost/'), now);
  if (response instanceof Promise) throw new Error('It is to be answered at once');
  return response;
}
