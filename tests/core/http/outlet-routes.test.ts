import { afterEach, describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import type { Outlet, Pass } from '../../../src/core/outlets/outlet.ts';
import { RefusedError, RetryLaterError } from '../../../src/core/outlets/outlet-errors.ts';
import { bodyOf } from '../../support/response-body.ts';
import { simpleOutlet } from '../../support/simple-outlet.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import { until } from '../../support/until.ts';
import { scriptFeatures } from '../hubs/scripted-features.ts';
import { problem } from './problem.ts';

let server: TestServer;
afterEach(() => server.stop());

async function serve(deliver: (pass: Pass) => Promise<void>, changes: Partial<Outlet> = {}) {
  const { features, sources } = scriptFeatures('claims', 'users');
  server = startTestServer({ features, sources, outlets: [simpleOutlet(deliver, changes)] });
  const rows = server.outlets.find('rows');
  await until(() => rows?.status().lastSuccess !== null || rows.status().failing !== null);
}

const Accepted = Type.Object({ message: Type.String(), job: Type.String() }, { additionalProperties: false });
const Job = Type.Object({ status: Type.String(), reason: Type.Union([Type.String(), Type.Null()]) });

async function push(path = '/api/claims/sync-rows') {
  const response = await fetch(server.url + path, { method: 'POST' });
  expect(response.status).toBe(202);
  const { job } = await bodyOf(response, Accepted);
  expect(response.headers.get('location')).toBe(`/api/rows/jobs/${job}`);
  return job;
}

const jobOf = async (id: string) => bodyOf(await fetch(`${server.url}/api/rows/jobs/${id}`), Job);
const ended = async (id: string) => until(async () => ['done', 'failed'].includes((await jobOf(id)).status));

describe('a push to Rows.com', () => {
  test('is followed to its end', async () => {
    const held = Promise.withResolvers<void>();
    await serve(({ isRequested }) => (isRequested ? held.promise : Promise.resolve()));
    const id = await push();
    expect(await jobOf(id)).toMatchObject({
      id,
      outlet: 'rows',
      features: ['claims'],
      status: 'running',
      endedAt: null,
    });
    held.resolve();
    await ended(id);
    const isoInstant = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(await jobOf(id)).toEqual({
      ...{ id, outlet: 'rows', features: ['claims'], status: 'done', reason: null },
      ...{ requestedAt: isoInstant, startedAt: isoInstant, endedAt: isoInstant },
    });
  });

  test('and the job answer without /api too', async () => {
    await serve(async () => {});
    const id = await push('/users/sync-rows');
    await ended(id);
    expect(await (await fetch(`${server.url}/rows/jobs/${id}`)).json()).toMatchObject({ id, features: ['users'] });
  });

  test('that is refused has failed, with why', async () => {
    await serve(() => Promise.reject(new RefusedError('Rows.com refused the key (401)')));
    const id = await push();
    await ended(id);
    expect(await jobOf(id)).toMatchObject({ status: 'failed', reason: 'Rows.com refused the key (401)' });
  });

  test('that is tried again is running, and says why', async () => {
    await serve(() => Promise.reject(new RetryLaterError('api.rows.com answered 503')));
    const id = await push();
    const reason = 'api.rows.com answered 503';
    await until(async () => (await jobOf(id)).reason !== null);
    expect(await jobOf(id)).toMatchObject({ status: 'running', reason });
  });

  test('that nobody requested is not found', async () => {
    await serve(async () => {});
    const response = await fetch(`${server.url}/api/rows/jobs/nope`);
    expect(response.status).toBe(404);
    expect((await problem(response)).type).toBe('urn:greg-bi:problem:not-found');
  });
});

describe('a request to bring an outlet up to date', () => {
  const sync = (outlet: string) => fetch(`${server.url}/api/outlets/${outlet}/sync`, { method: 'POST' });

  test('revives one that was refused', async () => {
    let isRefused = true;
    await serve(async () => {
      if (isRefused) throw new RefusedError('Rows.com refused the key (401)');
    });
    expect(server.outlets.find('rows')?.status().activity).toBe('refused');
    isRefused = false;
    const response = await sync('rows');
    expect(response.status).toBe(202);
    const { job } = await bodyOf(response, Accepted);
    expect(response.headers.get('location')).toBe(`/api/outlets/rows/jobs/${job}`);
    const followed = `${server.url}/outlets/rows/jobs/${job}`;
    await until(async () => (await bodyOf(await fetch(followed), Job)).status === 'done');
    expect(await (await fetch(followed)).json()).toMatchObject({ id: job, features: null, reason: null });
    expect(server.outlets.find('rows')?.status().activity).toBe('idle');
  });

  test('names those there are if there is no such outlet, or job', async () => {
    await serve(async () => {});
    for (const response of [await sync('notion'), await fetch(`${server.url}/api/outlets/notion/jobs/1`)]) {
      expect(response.status).toBe(404);
      expect((await problem(response)).detail).toBe('There is no such outlet; there is rows');
    }
    expect((await fetch(`${server.url}/api/outlets/rows/jobs/1`)).status).toBe(404);
  });
});

describe('/ws/status', () => {
  const Status = Type.Object({ outlets: Type.Array(Type.Unknown()) });
  const statusOf = async () => (await bodyOf(await fetch(`${server.url}/ws/status`), Status)).outlets;

  test('has each outlet', async () => {
    const api = Bun.serve({ port: 0, fetch: () => new Response('ok') });
    await serve(async ({ fetch: send }) => void (await send(`http://127.0.0.1:${api.port}`)));
    expect(await statusOf()).toEqual([
      {
        ...{ outlet: 'rows', title: { en: 'Rows.com', pt: 'Rows.com' }, activity: 'idle', waiting: 0, failing: null },
        ...{ lastSuccess: expect.stringMatching(/^\d{4}-.*Z$/), nextPass: null },
        ...{ requestsThisHour: 1, requestsThisMonth: 1, monthlyRequests: 500 },
      },
    ]);
    await api.stop(true);
  });

  test('says since when and why one fails', async () => {
    await serve(() => Promise.reject(new RefusedError('Rows.com refused the key (401)')));
    expect(await statusOf()).toMatchObject([
      {
        ...{ activity: 'refused', waiting: 2, lastSuccess: null, nextPass: null },
        failing: { since: expect.stringMatching(/^\d{4}-.*Z$/), reason: 'Rows.com refused the key (401)' },
      },
    ]);
  });
});
