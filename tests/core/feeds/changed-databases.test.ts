import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { systemClock } from '../../../src/core/runtime/clock.ts';
import { openRemoteCompany, type RemoteCompany, ticket } from '../../support/remote-company.ts';
import type { TdsAnswer, TdsStatement } from '../../support/tds/endpoint.ts';

/** Databases that change in other ways than by their rows, and stay where they are: nobody is to think them lost. */
const WITHIN_MS = 180_000;
const SQL_FEATURES = ['claims', 'financial', 'subscriptions', 'content', 'users', 'storage'];

let company: RemoteCompany;
/** How far the wall clock is set apart, ms. */
let shiftMs = 0;
let interfere: ((statement: TdsStatement) => TdsAnswer | undefined) | null = null;

beforeEach(async () => {
  shiftMs = 0;
  interfere = null;
  company = await openRemoteCompany({
    clock: { ...systemClock, now: () => Date.now() + shiftMs },
    interfere: (statement) => interfere?.(statement),
  });
}, WITHIN_MS);

afterEach(() => company.close(), WITHIN_MS);

async function expectUpToDate(feature: string): Promise<void> {
  const served = await company.ask(`/api/${feature}`);
  expect(served).toMatchObject({ status: 'live' });
  const { data, unavailable, problems } = await company.expected(feature, served.generatedAt);
  expect({ data: served.data, unavailable: served.unavailable, problems: served.problems }).toEqual({
    data,
    unavailable,
    problems,
  });
}

async function sqlFeed(): Promise<unknown> {
  const { feeds } = await company.ask('/ws/status');
  return Array.isArray(feeds) ? feeds.find(({ source }) => source === 'sql') : undefined;
}

/** What was sent to people beside snapshots since they connected. */
async function watchEverything() {
  const everything = await company.hub('all');
  return () => everything.frames.filter(({ type }) => type === 'Status' || type === 'Notification');
}

/** Asks for what the databases hold by now, and waits for it. */
async function forceUpdate(hub: string): Promise<void> {
  const client = await company.hub(hub);
  await client.nextOf('Snapshot');
  client.invoke('ForceUpdate');
  await client.nextOf('Snapshot', { reason: 'Manual' });
}

let lastClaim = 10;
const openClaim = () =>
  company.sqlServer.write(
    `insert into Claims (Id, MpClaimId, Type, DataCreated, Status) values (${++lastClaim}, 1, 'Change', '${new Date().toISOString()}', 1)`,
  );

describe('a connection that is lost once', () => {
  const KILLED = { number: 596, severity: 21, message: 'The session is in the kill state.' };

  const cutOf = (source: 'sql' | 'documents') => async () => company.proxies[source].cut();

  test.each<[string, () => Promise<void>]>([
    [
      'killed by an administrator',
      () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        interfere = ({ sql }) => {
          if (!/change_tracking/.test(sql)) return undefined;
          interfere = null;
          resolve();
          return { error: KILLED };
        };
        return promise;
      },
    ],
    ['cut between two polls', cutOf('sql')],
    ['cut in the middle of an answer', () => company.proxies.sql.cutAfter(200)],
    ['cut, that of MongoDB', cutOf('documents')],
  ])(
    '(%s) is not reported, and no change is missed',
    async (_, lose) => {
      const told = await watchEverything();
      const [claims, support] = [await company.hub('claims'), await company.hub('support')];
      for (const client of [claims, support]) await client.nextOf('Snapshot');
      const lost = lose();
      openClaim();
      company.mongo.insert('support_tickets', [ticket('u2')]);
      await lost;
      for (const client of [claims, support]) await client.nextOf('Snapshot', { reason: 'Auto' });
      for (const feature of ['claims', 'support']) await expectUpToDate(feature);
      expect(told()).toEqual([]);
      expect(company.server.errors).toEqual([]);
    },
    WITHIN_MS,
  );
});

test(
  'a table that may no longer be read concerns the features that need it, and they are live again once it may',
  async () => {
    const [financial, notified] = [await company.hub('financial'), await company.hub('notifications')];
    await financial.nextOf('Snapshot');
    company.sqlServer.abilities.revoked.add('Chargebacks');
    expect(await financial.nextOf('Status')).toMatchObject({
      status: 'stale',
      reason: expect.stringContaining('table Chargebacks'),
    });
    openClaim();
    await forceUpdate('claims');
    for (const feature of SQL_FEATURES.filter((name) => name !== 'financial')) await expectUpToDate(feature);

    company.sqlServer.abilities.revoked.delete('Chargebacks');
    company.sqlServer.write('update Chargebacks set Status = 4');
    await financial.nextOf('Status', { status: 'live' });
    await expectUpToDate('financial');
    expect(notified.frames.filter(({ type }) => type === 'Notification')).toEqual([]);
  },
  WITHIN_MS,
);

test(
  'Change Tracking that is switched off is replaced by the next best way, and taken up again; no figure is wrong meanwhile',
  async () => {
    const told = await watchEverything();
    const claims = await company.hub('claims');
    await claims.nextOf('Snapshot');
    expect(await sqlFeed()).toMatchObject({ mode: 'change-tracking', reason: null });

    company.sqlServer.abilities.changeTracking = 'off';
    openClaim();
    await claims.nextOf('Snapshot', { reason: 'Auto' });
    await expectUpToDate('claims');
    expect(await sqlFeed()).toMatchObject({
      mode: 'usage-statistics',
      reason: expect.stringContaining('db/change-tracking.sql'),
    });
    openClaim();
    await claims.nextOf('Snapshot', { reason: 'Auto' });
    await expectUpToDate('claims');

    company.sqlServer.abilities.changeTracking = 'on';
    openClaim();
    await forceUpdate('claims');
    await expectUpToDate('claims');
    expect(await sqlFeed()).toMatchObject({ mode: 'change-tracking', reason: null });
    expect(told()).toEqual([]);
  },
  WITHIN_MS,
);

describe('an optional column', () => {
  const withoutColumn = () => company.database.run('alter table Claims drop column UpdatedAt');
  const withColumn = () => company.database.run('alter table Claims add column UpdatedAt datetime2');
  const UNAVAILABLE = [{ figure: 'summary.AverageResolutionDays', column: 'Claims.UpdatedAt' }];

  test(
    'that goes and comes back is noticed at the next change of the table',
    async () => {
      const told = await watchEverything();
      const claims = await company.hub('claims');
      await claims.nextOf('Snapshot');
      withoutColumn();
      openClaim();
      await claims.nextOf('Snapshot', { reason: 'Auto' });
      expect(await company.ask('/api/claims')).toMatchObject({ unavailable: UNAVAILABLE });
      await expectUpToDate('claims');
      withColumn();
      company.sqlServer.write("update Claims set UpdatedAt = '2026-03-25T10:00:00.000Z' where Id = 2");
      await claims.nextOf('Snapshot', { reason: 'Auto' });
      expect(await company.ask('/api/claims')).toMatchObject({ unavailable: [] });
      await expectUpToDate('claims');
      expect(told()).toEqual([]);
    },
    WITHIN_MS,
  );

  test(
    'and at once by ForceUpdate, though nothing has changed',
    async () => {
      withoutColumn();
      await forceUpdate('claims');
      expect(await company.ask('/api/claims')).toMatchObject({ unavailable: UNAVAILABLE });
      withColumn();
      await forceUpdate('claims');
      expect(await company.ask('/api/claims')).toMatchObject({ unavailable: [] });
      await expectUpToDate('claims');
    },
    WITHIN_MS,
  );
});

test.each([
  ['forward', 86_400_000],
  ['back', -86_400_000],
])(
  'when the wall clock is set %s by a day, changes come as before, and figures are of the new time',
  async (_, shift) => {
    const claims = await company.hub('claims');
    const { seq } = await claims.nextOf('Snapshot');
    shiftMs = shift;
    openClaim();
    const changed = await claims.nextOf('Snapshot', { reason: 'Auto' });
    expect(Number(changed.seq)).toBeGreaterThan(Number(seq));
    const { status, generatedAt } = await company.ask('/api/claims');
    expect(status).toBe('live');
    expect(Math.abs(Date.parse(String(generatedAt)) - Date.now() - shift)).toBeLessThan(WITHIN_MS);
    await expectUpToDate('claims');
    expect(company.server.errors).toEqual([]);
  },
  WITHIN_MS,
);
