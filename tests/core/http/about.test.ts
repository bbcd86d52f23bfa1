import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { About } from '../../../src/core/http/about-schema.ts';
import { features } from '../../../src/features/index.ts';
import { companySources, startCompanyServer } from '../../support/company-server.ts';
import { violations } from '../../support/strict-schema.ts';
import type { TestServer } from '../../support/test-server.ts';

let server: TestServer;
let about: About;

beforeAll(async () => {
  server = await startCompanyServer(await companySources(), { intervalMs: 750 });
  const answer: unknown = await (await fetch(`${server.url}/api/about`)).json();
  expect(violations(About, answer)).toEqual([]);
  about = Value.Parse(About, answer);
});
afterAll(() => server.stop());

describe('GET /api/about', () => {
  test('says what the server is', () => {
    const { name, version, timeZone, currency } = about;
    expect({ name, version, timeZone, currency }).toEqual({
      name: 'Greg BI',
      version: '0.0.0',
      timeZone: 'America/Sao_Paulo',
      currency: 'BRL',
    });
  });

  test('has every feature with its catalogue, and headlines that are figures of it', () => {
    expect(about.features.map(({ name }) => name)).toEqual(features.map(({ name }) => name));
    for (const [index, feature] of about.features.entries()) {
      const { catalogue, title, headlines } = features[index] ?? {};
      expect({ figures: feature.figures, lists: feature.lists }).toEqual(structuredClone(Object(catalogue)));
      expect({ title: feature.title, headlines: feature.headlines }).toEqual(Object({ title, headlines }));
      expect(feature.figures.map(({ path }) => path)).toEqual(expect.arrayContaining(feature.headlines));
    }
  });

  test('names figures by paths that lead to a number in the snapshot, or to null', async () => {
    for (const { name, figures, lists } of about.features) {
      const { data } = Object(await (await fetch(`${server.url}/api/${name}`)).json());
      for (const { path } of figures) expect(`${path} ${typeof (at(data, path) ?? 0)}`).toBe(`${path} number`);
      for (const { path } of lists) expect(`${path} ${Array.isArray(at(data, path) ?? [])}`).toBe(`${path} true`);
    }
  });

  test('says how often each hub sends', () => {
    const intervals = Object.fromEntries(about.hubs.map(({ name, emitIntervalMs }) => [name, emitIntervalMs]));
    expect(intervals).toEqual({
      ...Object.fromEntries(features.map(({ name }) => [name, 750])),
      notifications: 0,
      all: null,
    });
    expect(about.hubs.find(({ name }) => name === 'claims')?.path).toBe('/hubs/claims');
    expect(new Set(about.features.map(({ emitIntervalMs }) => emitIntervalMs))).toEqual(new Set([750]));
  });

  test('is the same without /api, and is not sent twice to who has it', async () => {
    const first = await fetch(`${server.url}/about`);
    expect(await first.json()).toEqual(about);
    const etag = first.headers.get('etag') ?? '';
    const again = await fetch(`${server.url}/api/about`, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });

  test('is closed to who has no token', async () => {
    const guarded = await startCompanyServer(await companySources(), { access: { secret: 'x'.repeat(32) } });
    const { status } = await fetch(`${guarded.url}/api/about`);
    await guarded.stop();
    expect(status).toBe(401);
  });
});

function at(data: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => Object(value)[name], data);
}
