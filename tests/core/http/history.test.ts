import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { History } from '../../../src/core/http/history-schema.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { claims } from '../../../src/features/claims/index.ts';
import { ClaimsData } from '../../../src/features/claims/schemas.ts';
import { users } from '../../../src/features/users/index.ts';
import { companySources, firstSnapshot, runningFeature, startCompanyServer } from '../../support/company-server.ts';
import { memoryHistory } from '../../support/memory-history.ts';
import { AnyObject, bodyOf } from '../../support/response-body.ts';
import type { TestServer } from '../../support/test-server.ts';
import { problem } from './problem.ts';

const MINUTE_MS = 60_000;
/** A point of long before the server started, as of an earlier run. */
const AGO_MS = 30 * MINUTE_MS;

let server: TestServer;
let started: number;
const history = memoryHistory();
const get = (path: string, init: RequestInit = {}) => fetch(server.url + path, init);

async function ask(path: string): Promise<History> {
  const answer: unknown = await (await get(path)).json();
  Value.Assert(History, answer);
  return answer;
}

beforeAll(async () => {
  started = Date.now();
  const figures = ['summary.WinRate'];
  await history.record([{ feature: 'claims', source: 'test database', figures, values: [12.5] }], started - AGO_MS);
  server = await startCompanyServer(await companySources(), { features: [claims, users], history });
  await Promise.all(server.supervisor.running.map(({ actor }) => firstSnapshot(actor)));
});
afterAll(() => server.stop());

describe('GET /api/{feature}/history', () => {
  test('has what an earlier run recorded, what this one did, and nothing between', async () => {
    const { feature, step, timeZone, series } = await ask('/api/claims/history?figure=summary.WinRate');
    expect({ feature, step, timeZone }).toEqual({
      feature: 'claims',
      step: 'minute',
      timeZone: 'America/Sao_Paulo',
    });
    expect(series).toHaveLength(1);
    const [winRate] = series;
    expect(winRate).toMatchObject({ figure: 'summary.WinRate', unit: 'percent' });
    expect(winRate?.points).toHaveLength(1_440);
    const known = winRate?.points.filter(([, value]) => value !== null) ?? [];
    expect(known[0]).toEqual([new Date(Math.floor((started - AGO_MS) / MINUTE_MS) * MINUTE_MS).toISOString(), 12.5]);
    const data = runningFeature(server, 'claims').actor.latest()?.data;
    Value.Assert(ClaimsData, data);
    expect(known.at(-1)?.[1]).toBe(data.summary.WinRate);
    // A minute may have begun since the start.
    expect([2, 3]).toContain(known.length);
  });

  test('has the headlines by default, and with compare the period before', async () => {
    const { series } = await ask('/api/users/history?compare=previous&step=hour');
    expect(series.map(({ figure }) => figure)).toEqual([...users.headlines]);
    expect(series.map(({ points, previous }) => [points.length, previous?.length])).toEqual(
      users.headlines.map(() => [24, 24]),
    );
  });

  test('is served without /api too, and is asked again each time', async () => {
    const response = await get('/claims/history');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.status).toBe(200);
  });

  test('refuses what cannot be answered, and names what would do', async () => {
    const response = await get('/api/claims/history?from=2020-01-01&to=2020-02-01&step=minute');
    expect(response.status).toBe(400);
    const { message, errors } = await problem(response);
    expect(message).toContain('step=day would do');
    expect(errors).toEqual({ step: [expect.stringContaining('step=day would do')] });
  });

  test('answers the pages of 20 readers that open at the same time', async () => {
    const { promise: allArrived, resolve: arrived } = Promise.withResolvers<void>();
    const slow = memoryHistory();
    const own = await startCompanyServer(await companySources(), {
      features: [users],
      history: { ...slow, read: (question) => allArrived.then(() => slow.read(question)) },
    });
    const answers = Array.from({ length: 140 }, async (_, index) => {
      const from = new Date(started - 60 * MINUTE_MS + index).toISOString();
      const { status } = await fetch(`${own.url}/api/users/history?step=hour&from=${from}`);
      return status;
    });
    // A route that needs no place answers after those before it have taken or been refused theirs.
    await fetch(`${own.url}/health`);
    arrived();
    expect(new Set(await Promise.all(answers))).toEqual(new Set([200]));
    await own.stop();
  });

  test('says that it cannot answer while the Worker is being started again', async () => {
    const lost = await startCompanyServer(await companySources(), {
      features: [users],
      history: {
        ...memoryHistory(),
        read: () => Promise.reject(new SourceError('The history is being started again')),
      },
    });
    const response = await fetch(`${lost.url}/api/users/history`);
    expect(response.status).toBe(503);
    await lost.stop();
  });

  test('/ws/status has its size and its oldest point', async () => {
    const status = await bodyOf(await get('/ws/status'), AnyObject);
    expect(status.history).toEqual({
      bytes: expect.any(Number),
      oldest: new Date(Math.floor((started - AGO_MS) / MINUTE_MS) * MINUTE_MS).toISOString(),
    });
  });
});
