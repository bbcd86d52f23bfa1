import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { claims } from '../../../src/features/claims/index.ts';
import { features } from '../../../src/features/index.ts';
import {
  type CompanySources,
  companySources,
  runningFeature,
  startCompanyServer,
} from '../../support/company-server.ts';
import { AnyObject, bodyOf } from '../../support/response-body.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import { problem } from './problem.ts';

describe('before the first snapshot', () => {
  let server: TestServer;
  let release = () => {};
  const get = (path: string) => fetch(server.url + path);

  beforeAll(async () => {
    const company = await companySources();
    release = company.hold();
    server = startTestServer({ features, sources: company.sources });
  });
  afterAll(async () => {
    release();
    await server.stop();
  });

  test.each(['/api/claims', '/claims/summary', '/api/storage/overview', '/users'])('%s → 503', async (path) => {
    const response = await get(path);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await problem(response)).toMatchObject({ status: 503, type: 'urn:greg-bi:problem:not-ready' });
  });

  test('the refusal says of which feature there is no snapshot, and why', async () => {
    const { detail } = await problem(await get('/api/claims'));
    expect(detail).toBe('There is no snapshot of claims yet: its first refresh is under way');
  });

  test('/ready → 503 and names the features that wait, /health is alive', async () => {
    const response = await get('/ready');
    expect(response.headers.get('retry-after')).toBe('1');
    const { detail, features: listed } = await problem(response);
    expect(detail).toContain('claims');
    expect(listed).toContainEqual({ feature: 'claims', data: 'none' });
    expect((await get('/health')).status).toBe(200);
  });

  test('once it is there, it is answered', async () => {
    release();
    await Promise.all(server.supervisor.running.map(({ actor }) => actor.latest() ?? actor.refresh()));
    expect((await get('/ready')).status).toBe(200);
    expect((await get('/api/claims')).status).toBe(200);
  });
});

describe('a source that fails', () => {
  let company: CompanySources;
  let server: TestServer;
  const get = (path: string) => fetch(server.url + path);

  beforeAll(async () => {
    company = await companySources();
    server = await startCompanyServer(company, { features: [claims] });
  });
  afterAll(() => server.stop());

  test('the last snapshot is answered, marked stale with since when and why, until the source works again', async () => {
    const { actor } = runningFeature(server, 'claims');
    const before = await bodyOf(await get('/api/claims'), AnyObject);
    const failedAfter = Date.now();
    company.failWith('connection refused');
    await actor.refresh();

    const { staleSince, staleReason, status, ...rest } = await bodyOf(await get('/api/claims'), AnyObject);
    expect({ status, staleReason }).toEqual({ status: 'stale', staleReason: 'connection refused' });
    expect(Date.parse(String(staleSince))).toBeWithin(failedAfter, Date.now() + 1);
    expect<unknown>({ ...rest, status: 'live' }).toEqual(before);
    expect((await get('/api/claims/summary')).status).toBe(200);
    expect((await get('/ready')).status).toBe(200);

    company.failWith('still refused');
    await actor.refresh();
    expect(await (await get('/api/claims')).json()).toMatchObject({ staleSince, staleReason: 'still refused' });
    expect(await (await get('/ws/status')).json()).toMatchObject({
      hubs: [
        { hub: 'claims', status: 'stale', reason: 'still refused' },
        { hub: 'notifications', status: 'live' },
        { hub: 'all', status: 'stale' },
      ],
    });

    company.failWith(null);
    await actor.refresh();
    const after = await bodyOf(await get('/api/claims'), AnyObject);
    expect(after).toMatchObject({ status: 'live', seq: before.seq });
    expect(Object.keys(after)).not.toContain('staleSince');
  });
});

describe('a database that lacks a column', () => {
  test('a required one fails that feature alone, with a message that names it', async () => {
    const company = await companySources({ without: new Set(['Files.TamanhoBytes']) });
    const server = await startCompanyServer(company);
    const refused = await fetch(`${server.url}/api/storage/overview`);
    const others = ['claims', 'financial', 'subscriptions', 'support', 'users', 'content'];
    const statuses = await Promise.all(others.map(async (name) => (await fetch(`${server.url}/api/${name}`)).status));
    const asked = await fetch(`${server.url}/api/storage/largest-files`);
    const ready = await fetch(`${server.url}/ready`);
    await server.stop();

    expect((await problem(refused)).detail).toContain('Files.TamanhoBytes');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(statuses).toEqual(others.map(() => 200));
    expect(await problem(asked)).toMatchObject({ status: 503, type: 'urn:greg-bi:problem:source-unavailable' });
    expect((await problem(ready)).detail).toBe('No snapshot yet of storage');
  });

  test('an optional one makes its figure null, and the snapshot says so', async () => {
    const company = await companySources({ without: new Set(['Claims.UpdatedAt']) });
    const server = await startCompanyServer(company, { features: [claims] });
    const whole: unknown = await (await fetch(`${server.url}/api/claims`)).json();
    await server.stop();
    expect(whole).toMatchObject({
      status: 'live',
      unavailable: [{ figure: 'summary.AverageResolutionDays', column: 'Claims.UpdatedAt' }],
      data: { summary: { AverageResolutionDays: null } },
    });
  });
});
