import { afterEach, describe, expect, test } from 'bun:test';
import { compareMirror } from '../../src/cli/doctor/compare.ts';
import type { AccessOptions } from '../../src/core/access/access.ts';
import type { FeedSource } from '../../src/core/feeds/feed-source.ts';
import { SourceError } from '../../src/core/runtime/source-errors.ts';
import { financial } from '../../src/features/financial/index.ts';
import { mirroredBy } from '../oracle/mirrored.ts';
import { emptyDatabase } from '../support/company-database.ts';
import { folderSqlSource, memoryDocumentSource } from '../support/folder-sources.ts';
import { localSources } from '../support/local-sources.ts';
import { startTestServer } from '../support/test-server.ts';
import { until } from '../support/until.ts';

const SECRET = 'a secret of more than thirty-two bytes';
const OFF: AccessOptions = { secret: null, roles: ['Admin'], issuer: null, audience: null };
const ON: AccessOptions = { ...OFF, secret: SECRET };
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** What comparing comes to at the source: as it is, otherwise, or not at all. */
type Comparing = 'equal' | 'different' | 'impossible' | 'refused';

async function serve(access: AccessOptions, comparing: Comparing = 'equal') {
  const sources = localSources(
    {
      sql: comparedAs(folderSqlSource(emptyDatabase(), mirroredBy([financial], 'sql')).source, comparing),
      documents: memoryDocumentSource({}).source,
    },
    { features: [financial] },
  );
  const server = startTestServer({ features: [financial], sources, access });
  closing.push(() => server.stop());
  await until(() => sources.feeds.sql.status().activity === 'following');
  return { host: '127.0.0.1', port: Number(new URL(server.url).port) };
}

function comparedAs(source: FeedSource, comparing: Comparing): FeedSource {
  return {
    ...source,
    async open(signal) {
      const session = await source.open(signal);
      const compare = async (asked: AbortSignal) => {
        if (comparing === 'refused') throw new SourceError('The database is away');
        const found = (await session.compare?.(asked)) ?? [];
        return comparing === 'different' ? found.map((each) => ({ ...each, rows: each.rows + 1 })) : found;
      };
      return {
        ...{ mode: session.mode, reason: session.reason, catalog: session.catalog, pauseMs: session.pauseMs },
        ...{ canFollow: session.canFollow, load: session.load, poll: session.poll, close: session.close },
        ...(comparing === 'impossible' ? {} : { compare }),
      };
    },
  };
}

const verdictOf = async (...args: Parameters<typeof compareMirror>) => (await compareMirror(...args))[0];

describe('a running server', () => {
  test.each([
    ['without access control', OFF],
    ['with access control', ON],
    ['with an issuer and an audience', { ...ON, issuer: 'us', audience: 'them' }],
    ['for another role', { ...ON, roles: ['Boss'] }],
  ])('%s, and a mirror that equals its source', async (_, access) => {
    const server = await serve(access);
    expect(await verdictOf({ ...server, access })).toMatchObject({
      ...{ what: 'mirror of sql', verdict: 'ok', found: expect.stringMatching(/^equals its source, compared at 20/) },
    });
  });

  test.each([OFF, ON])('whose mirror differs, with %o', async (access) => {
    const server = await serve(access, 'different');
    expect(await verdictOf({ ...server, access })).toMatchObject({
      ...{ what: 'mirror of sql', verdict: 'warning', found: expect.stringMatching(/^differs in .*Payments/) },
      next: expect.stringContaining('being loaded again'),
    });
  });

  test('whose source cannot be compared', async () => {
    const server = await serve(OFF, 'impossible');
    expect(await verdictOf({ ...server, access: OFF })).toMatchObject({
      ...{ verdict: 'warning', found: expect.stringContaining('could not be compared') },
    });
  });

  test('whose source refuses the comparison is reported with its reason', async () => {
    const server = await serve(OFF, 'refused');
    const finding = await verdictOf({ ...server, access: OFF });
    expect(finding?.verdict).not.toBe('ok');
    expect(finding?.next).not.toBeNull();
  });

  test('that has access control, where no secret is known here, and is right once it is', async () => {
    const server = await serve(ON);
    expect(await verdictOf({ ...server, access: OFF })).toMatchObject({
      ...{ verdict: 'broken', next: expect.stringContaining('set JWT_SECRET to that of the server') },
    });
    expect(await verdictOf({ ...server, access: ON })).toMatchObject({ verdict: 'ok' });
  });

  test('with another secret, or for another role', async () => {
    const server = await serve(ON);
    const wrong = await verdictOf({ ...server, access: { ...ON, secret: 'another secret, which is long enough too' } });
    expect(wrong).toMatchObject({ verdict: 'broken', next: expect.stringContaining('JWT_SECRET') });
    expect(JSON.stringify(wrong)).not.toContain('another secret');
    expect(await verdictOf({ ...server, access: { ...ON, roles: ['User'] } })).toMatchObject({
      ...{ verdict: 'broken', next: 'set BI_ROLES to that of the server' },
    });
  });
});

test('no server, a silent one, and another program are told apart', async () => {
  const at = (port: number) => ({ host: '0.0.0.0', port, access: OFF });
  expect(await verdictOf(at(1))).toMatchObject({
    ...{ verdict: 'broken', found: 'no server answers at 127.0.0.1:1', next: expect.stringContaining('npm start') },
  });
  const silent = Bun.serve({ port: 0, fetch: () => new Promise<Response>(() => {}) });
  const other = Bun.serve({ port: 0, fetch: () => new Response('<html>') });
  closing.push(
    () => silent.stop(true),
    () => other.stop(true),
  );
  expect(await verdictOf(at(silent.port ?? 0), 200)).toMatchObject({
    found: expect.stringContaining('did not answer within 200 ms'),
  });
  expect(await verdictOf(at(other.port ?? 0))).toMatchObject({
    ...{
      found: expect.stringContaining('is not a server of this version'),
      next: expect.stringContaining('HOST and PORT'),
    },
  });
});
