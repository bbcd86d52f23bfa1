import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { snapshotResponse, WHOLE } from '../../../src/core/http/snapshot-response.ts';
import { encodeContent } from '../../../src/core/runtime/encode-content.ts';
import { loadedFrom, type Snapshot } from '../../../src/core/runtime/snapshot.ts';
import { companySources, runningFeature, startCompanyServer } from '../../support/company-server.ts';
import { type RawAnswer, rawAnswer } from '../../support/raw-request.ts';
import type { TestServer } from '../../support/test-server.ts';

const DECODERS = { gzip: gunzipSync, br: brotliDecompressSync, zstd: zstdDecompressSync } as const;
type Coding = keyof typeof DECODERS;
const CODINGS: readonly Coding[] = ['gzip', 'br', 'zstd'];

let server: TestServer;

beforeAll(async () => {
  const company = await companySources();
  const add = company.database.prepare(
    `insert into AspNetUsers (Id, Name, Email, EmailConfirmed, CreatedAt) values (?, ?, ?, 1, ?)`,
  );
  for (let id = 0; id < 600; id++)
    add.run(`many-${id}`, `Ação ${id}`, `pessoa${id}@example.com`, '2026-01-01 00:00:00');
  server = await startCompanyServer(company);
});
afterAll(() => server.stop());

function get(path: string, accept: string | null, { method = 'GET', more = '' } = {}): Promise<RawAnswer> {
  const header = accept === null ? '' : `accept-encoding: ${accept}\r\n`;
  return rawAnswer(
    server.url,
    `${method} ${path} HTTP/1.1\r\nhost: localhost\r\n${header}${more}connection: close\r\n\r\n`,
  );
}

const LARGE = [
  '/api/claims',
  '/users/list',
  '/api/users/list?limit=400',
  '/ws/status',
  '/swagger',
  '/swagger/json',
  '/swagger/scalar.js',
  `/nope/${'a'.repeat(2_000)}`,
];
const SMALL = [
  '/health',
  '/ready',
  '/api/users/summary',
  '/api/claims/revenue-at-risk',
  '/nope',
  '/api/users/list?limit=0',
];

describe.each(LARGE)('GET %s', (path) => {
  test.each(CODINGS)('is compressed for a client that accepts %s', async (coding) => {
    const plain = await get(path, null);
    const { headers, body, status } = await get(path, coding);
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(plain.body.length).toBeGreaterThanOrEqual(1024);
    expect(status).toBe(plain.status);
    expect(headers.get('content-encoding')).toBe(coding);
    expect(headers.get('content-length')).toBe(String(body.length));
    expect(headers.get('content-type')).toBe(plain.headers.get('content-type'));
    expect(body.length).toBeLessThan(plain.body.length);
    // The status moves on while it is read.
    if (path !== '/ws/status') expect(DECODERS[coding](body).equals(plain.body)).toBe(true);
  });

  test('says that the answer depends on what is accepted', async () => {
    for (const accept of [null, 'gzip', 'identity']) {
      for (const more of ['', 'origin: http://localhost:5173\r\n']) {
        const { headers } = await get(path, accept, { more });
        const fields = (headers.get('vary') ?? '').split(/, */).map((field) => field.toLowerCase());
        expect(fields).toContain('accept-encoding');
        expect(fields).toContain('origin');
      }
    }
  });

  test.each(['gzip;q=0', 'identity', 'deflate', '', '*;q=0', 'identity;q=0'])(
    'leaves as it is for Accept-Encoding: %p',
    async (accept) => {
      const { headers, status } = await get(path, accept);
      expect(status).not.toBe(406);
      expect(headers.get('content-encoding')).toBeNull();
    },
  );

  test('HEAD tells of the body that GET has', async () => {
    const { headers, body } = await get(path, 'gzip', { method: 'HEAD' });
    expect(body.length).toBe(0);
    expect(headers.get('content-encoding')).toBe('gzip');
    if (path !== '/ws/status') {
      expect(headers.get('content-length')).toBe(String((await get(path, 'gzip')).body.length));
    }
  });
});

test.each(SMALL)('%s is small and leaves as it is', async (path) => {
  const { headers, body } = await get(path, 'gzip, br');
  expect(headers.get('content-encoding')).toBeNull();
  expect(body.length).toBeLessThan(1024);
});

describe('what is stored', () => {
  const STORED = ['/api/claims', '/users/list', '/swagger', '/swagger/json', '/swagger/scalar.js'];

  test.each(STORED)('%s has one weak tag, whatever its coding, and 304 for each', async (path) => {
    const etag = (await get(path, null)).headers.get('etag') ?? 'none';
    expect(etag).toStartWith('W/"');
    for (const coding of CODINGS) {
      expect((await get(path, coding)).headers.get('etag')).toBe(etag);
      for (const method of ['GET', 'HEAD']) {
        const known = await get(path, coding, { method, more: `if-none-match: ${etag}\r\n` });
        expect(known.status).toBe(304);
        expect(known.body.length).toBe(0);
        expect(known.headers.get('content-encoding')).toBeNull();
        expect(known.headers.get('etag')).toBe(etag);
        expect(known.headers.get('vary')?.toLowerCase()).toContain('accept-encoding');
      }
    }
  });

  test('follows the content: a refresh that finds something new is compressed anew', async () => {
    const before = await get('/api/users', 'gzip');
    await runningFeature(server, 'users').actor.refresh();
    const after = await get('/api/users', 'gzip');
    const generatedAt = ({ body }: RawAnswer) => Object(JSON.parse(gunzipSync(body).toString())).generatedAt;
    expect(Date.parse(generatedAt(after))).toBeGreaterThan(Date.parse(generatedAt(before)));
  });
});

describe('a snapshot', () => {
  const NOW = Date.UTC(2026, 2, 1, 12);
  const content = { data: { text: 'figure '.repeat(300_000) }, unavailable: [], problems: [] };
  const snapshot: Snapshot = {
    ...content,
    feature: 'claims',
    seq: 1,
    generatedAt: NOW,
    freshness: { status: 'live' },
    encoded: encodeContent(loadedFrom(content).content()),
  };
  const ask = (accept: string) =>
    snapshotResponse(
      snapshot,
      WHOLE,
      () => snapshot.encoded.data,
      new Request('http://localhost/', { headers: { 'accept-encoding': accept } }),
      NOW,
    );

  test('is compressed once for each coding, and answered at once from then on', async () => {
    const first = ask('gzip');
    const second = ask('gzip');
    expect(first).toBeInstanceOf(Promise);
    const [one, other] = await Promise.all([first, second]);
    const body = await one.bytes();
    expect(await other.bytes()).toEqual(body);
    expect(body.length).toBeLessThan(snapshot.encoded.data.length / 10);
    expect(ask('gzip')).toBeInstanceOf(Response);
    expect(ask('br')).toBeInstanceOf(Promise);
    expect(ask('identity')).toBeInstanceOf(Response);
  });
});

test('a hub negotiates without compressing, and neither do its streams of events', async () => {
  const answer = await get('/hubs/claims/negotiate?negotiateVersion=1', 'gzip, identity;q=0', { method: 'POST' });
  expect(answer.headers.get('content-encoding')).toBeNull();
  const id = encodeURIComponent(Object(JSON.parse(answer.body.toString())).connectionToken);
  const stream = await fetch(`${server.url}/hubs/claims?id=${id}`, {
    headers: { accept: 'text/event-stream', 'accept-encoding': 'gzip' },
  });
  expect(stream.status).toBe(200);
  expect(stream.headers.get('content-encoding')).toBeNull();
  await stream.body?.cancel();
});

test('many questions at once are all answered', async () => {
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) => get(`/api/users/list?limit=${400 + (index % 20)}`, 'gzip')),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  for (const { body } of answers) expect(JSON.parse(gunzipSync(body).toString()).length).toBeGreaterThanOrEqual(400);
});

test('nothing of all this was an error of ours', () => {
  expect(server.errors).toEqual([]);
});
