import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { unconfiguredFeed } from '../../../src/core/feeds/unconfigured-feed.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { storage } from '../../../src/features/storage/index.ts';
import { support } from '../../../src/features/support/index.ts';
import {
  type CompanySources,
  companySources,
  firstSnapshot,
  runningFeature,
  startCompanyServer,
} from '../../support/company-server.ts';
import { AnyObject, bodyOf } from '../../support/response-body.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import { problem } from './problem.ts';

const Failing = Type.Object({ since: Type.String(), reason: Type.String() }, { additionalProperties: false });
const StatusBody = Type.Object({
  feeds: Type.Tuple([
    Type.Object({
      lastSync: Type.Union([Type.String(), Type.Null()]),
      failing: Type.Union([Failing, Type.Null()]),
      mirror: Type.Object({
        rows: Type.Record(Type.String(), Type.Integer()),
        bytes: Type.Integer(),
        bytesPerRow: Type.Integer(),
      }),
    }),
    AnyObject,
  ]),
  problems: Type.Array(Type.Object({ column: Type.String() })),
});

const statusOf = async ({ url }: TestServer) => bodyOf(await fetch(`${url}/ws/status`), StatusBody);

describe('the feeds in /ws/status', () => {
  let company: CompanySources;
  let server: TestServer;

  beforeAll(async () => {
    company = await companySources();
    server = await startCompanyServer(company);
  });
  afterAll(() => server.stop());

  test('say what they follow and how, when the source was last heard of, and what the mirror holds', async () => {
    const before = Date.now();
    await runningFeature(server, 'claims').actor.refresh();
    const { feeds } = await statusOf(server);
    expect(feeds).toMatchObject([
      {
        source: 'sql',
        description: 'test database',
        activity: 'following',
        mode: 'told',
        reason: null,
        rowsRead: 87,
        failing: null,
        mirror: { rows: { Payments: 4, Claims: 4, AspNetUsers: 63 } },
      },
      { source: 'documents', activity: 'following', failing: null, mirror: { rows: { support_tickets: 3, logs: 2 } } },
    ]);
    const [{ lastSync, mirror }] = feeds;
    expect(Date.parse(lastSync ?? '')).toBeWithin(before, Date.now() + 1);
    expect(mirror.bytes).toBeGreaterThan(0);
    expect(mirror.bytesPerRow).toBe(Math.round(mirror.bytes / 87));
  });

  test('say since when and why one fails, and nothing once it works again', async () => {
    const { actor } = runningFeature(server, 'claims');
    const before = Date.now();
    company.failWith('connection refused');
    await actor.refresh();
    const [sql] = (await statusOf(server)).feeds;
    expect(Date.parse(sql.failing?.since ?? '')).toBeWithin(before, Date.now() + 1);
    expect(sql).toMatchObject({ activity: 'backing-off', failing: { reason: 'connection refused' } });
    company.failWith(null);
    await actor.refresh();
    expect((await statusOf(server)).feeds).toMatchObject([{ activity: 'following', failing: null }, {}]);
  });
});

describe('a mirror that is too busy to tell its size', () => {
  test('is awaited only briefly, and the rest is reported', async () => {
    const { sources } = await companySources({ features: [storage] });
    let sizesAsked = 0;
    const never = () => {
      sizesAsked++;
      return new Promise<never>(() => {});
    };
    const server = startTestServer({
      features: [storage],
      sources: { ...sources, mirror: { ...sources.mirror, size: never } },
    });
    await firstSnapshot(runningFeature(server, 'storage').actor);
    const before = performance.now();
    const response = await fetch(`${server.url}/ws/status`);
    const took = performance.now() - before;
    const body = await bodyOf(response, AnyObject);
    await server.stop();
    expect(response.status).toBe(200);
    expect(took).toBeLessThan(10_000);
    expect(sizesAsked).toBe(2);
    expect(body).toMatchObject({ feeds: [{ source: 'sql', activity: 'following', mirror: null }, { mirror: null }] });
    expect(server.errors).toEqual([]);
  });

  test('a lost one is reported in the same way; a bug is logged', async () => {
    const { sources } = await companySources({ features: [storage] });
    let failure: Error = new SourceError('The mirror is being started again');
    const server = startTestServer({
      features: [storage],
      sources: { ...sources, mirror: { ...sources.mirror, size: () => Promise.reject(failure) } },
    });
    const lost = await fetch(`${server.url}/ws/status`);
    failure = new RangeError('ours');
    const mistaken = await fetch(`${server.url}/ws/status`);
    await server.stop();
    expect(await bodyOf(lost, AnyObject)).toMatchObject({ feeds: [{ mirror: null }, { mirror: null }] });
    expect(mistaken.status).toBe(500);
    expect(server.errors.map(String)).toEqual(['RangeError: ours']);
  });
});

describe('a source that is not configured', () => {
  test('says what to set; /ready does not wait for its features, and the others answer', async () => {
    const { sources } = await companySources({ features: [storage, support] });
    const documents = unconfiguredFeed('documents', 'set MONGO_CONNECTION_STRING');
    const server = startTestServer({
      features: [storage, support],
      sources: { ...sources, feeds: { ...sources.feeds, documents } },
    });
    await firstSnapshot(runningFeature(server, 'storage').actor);
    const ready = await fetch(`${server.url}/ready`);
    const refused = await fetch(`${server.url}/api/support`);
    const { feeds } = await statusOf(server);
    await server.stop();

    expect(await bodyOf(ready, AnyObject)).toMatchObject({
      status: 'ready',
      features: [
        { feature: 'storage', data: 'live' },
        { feature: 'support', data: 'none' },
      ],
    });
    expect((await problem(refused)).detail).toContain('Its database is not configured: set MONGO_CONNECTION_STRING');
    expect(feeds).toMatchObject([
      { source: 'sql', activity: 'following' },
      {
        source: 'documents',
        activity: 'none',
        mode: null,
        reason: 'Its database is not configured: set MONGO_CONNECTION_STRING',
        lastSync: null,
        failing: null,
      },
    ]);
  });
});

describe('a problem of the data', () => {
  let company: CompanySources;
  let server: TestServer;
  const snapshot = async (name: string) => bodyOf(await fetch(`${server.url}/api/${name}`), AnyObject);

  beforeAll(async () => {
    company = await companySources({ without: new Set(['Claims.UpdatedAt']) });
    company.database.run(`update Payments set Amount = 'doze' where Id in ('p3', 'p4')`);
    server = await startCompanyServer(company);
  });
  afterAll(() => server.stop());

  const amount = { kind: 'unreadable-value', table: 'Payments', column: 'Amount', rows: 2, example: 'p3' };
  const missing = { kind: 'missing-column', table: 'Claims', column: 'UpdatedAt', rows: 0, example: null };

  test('is in the snapshot of each feature that reads the column, which is live all the same', async () => {
    expect(await snapshot('financial')).toMatchObject({
      status: 'live',
      unavailable: [],
      problems: expect.arrayContaining([amount]),
    });
    expect(await snapshot('claims')).toMatchObject({
      status: 'live',
      unavailable: [{ figure: 'summary.AverageResolutionDays', column: 'Claims.UpdatedAt' }],
      problems: expect.arrayContaining([amount, missing]),
    });
  });

  test('is in no other', async () => {
    const problems = await Promise.all(['storage', 'content'].map(async (name) => (await snapshot(name)).problems));
    expect(JSON.stringify(problems)).not.toContain('Payments');
    expect(JSON.stringify(problems)).not.toContain('Claims');
  });

  test('is once in /ws/status, however many features have it', async () => {
    const { problems } = await statusOf(server);
    expect(problems.filter(({ column }) => column === 'Amount')).toEqual([amount]);
    expect(problems.filter(({ column }) => column === 'UpdatedAt' || column === 'createdAt')).toMatchObject([
      missing,
      { kind: 'unreadable-value', table: 'support_tickets', rows: 1, example: expect.stringMatching(/^[\da-f]{24}$/) },
    ]);
  });

  test('is gone once the data are right, and the tag of the snapshot is another', async () => {
    const url = `${server.url}/api/financial`;
    const before = (await fetch(url)).headers.get('etag');
    company.database.run(`update Payments set Amount = 10 where Id in ('p3', 'p4')`);
    await runningFeature(server, 'financial').actor.refresh();
    const after = await fetch(url);
    expect(after.headers.get('etag')).not.toBe(before);
    expect(JSON.stringify((await bodyOf(after, AnyObject)).problems)).not.toContain('Amount');
  });
});
