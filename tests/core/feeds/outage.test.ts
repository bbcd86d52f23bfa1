import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { openRemoteCompany, type RemoteCompany, ticket } from '../../support/remote-company.ts';
import type { TcpProxy } from '../../support/tcp-proxy.ts';

const WITHIN_MS = 180_000;
/** By then everyone knows that a database is lost, with the feeds' own timings. */
const NOTICED_WITHIN_MS = 40_000;

let company: RemoteCompany;

beforeEach(async () => {
  // A database that is back is to be found soon.
  company = await openRemoteCompany({
    timings: { backOffMs: 500, backOffMaxMs: 500 },
    ...{ connectWithinMs: 2_000, requestWithinMs: 3_000 },
  });
}, WITHIN_MS);

afterEach(() => company.close(), WITHIN_MS);

/** What may become of the way to a database: how it begins and ends. */
const FAULTS: readonly (readonly [string, (proxy: TcpProxy, target: string) => () => void])[] = [
  [
    'refuses connections',
    (proxy, target) => {
      proxy.forwardTo(null);
      proxy.cut();
      return () => proxy.forwardTo(target);
    },
  ],
  [
    'takes connections and says nothing',
    (proxy) => {
      const release = proxy.hold();
      proxy.cut();
      return () => {
        proxy.cut();
        release();
      };
    },
  ],
  ['falls silent in the middle of an answer', (proxy) => proxy.stall()],
  ['garbles what it says', (proxy) => proxy.garble()],
  ['says one byte a second', (proxy) => proxy.slowDown(1)],
];

const SOURCES = [
  { source: 'sql', broken: 'claims', healthy: 'support', title: 'The SQL database' },
  { source: 'documents', broken: 'support', healthy: 'claims', title: 'The document database' },
] as const;

/** One more row, as another program would write it. */
function change(source: 'sql' | 'documents'): void {
  if (source === 'documents') company.mongo.insert('support_tickets', [ticket('u2')]);
  else
    company.sqlServer.write(
      'insert into Claims select 9, 9, ResourceId, Type, ResourceType, CurrentStage, DataCreated, 1, UserId, UpdatedAt from Claims where Id = 1',
    );
}

/** What is served of a feature is what its database holds by now. */
async function expectUpToDate(feature: string): Promise<void> {
  const served = await company.ask(`/api/${feature}`);
  expect(served).toMatchObject({ status: 'live' });
  const { data, problems } = await company.expected(feature, served.generatedAt);
  expect({ data: served.data, problems: served.problems }).toEqual({ data, problems });
}

describe.each(SOURCES)('when the way to $source breaks', ({ source, broken, healthy, title }) => {
  test.each(FAULTS)(
    '(it %s) its features are stale and every client is notified; the others are not affected; it recovers without a restart',
    async (_, begin) => {
      const [stale, notified] = [await company.hub(broken), await company.hub('notifications')];
      await stale.nextOf('Snapshot');
      const before = await company.ask(`/api/${broken}`);
      const began = performance.now();
      const beganAt = Date.now();
      const mend = begin(company.proxies[source], company.targets[source]);
      expect(await stale.nextOf('Status')).toMatchObject({
        status: 'stale',
        reason: expect.stringMatching(/^(SQL Server|MongoDB) /),
      });
      expect(performance.now() - began).toBeLessThan(NOTICED_WITHIN_MS);
      expect(await notified.nextOf('Notification', { title: `${title} is lost` })).toMatchObject({
        severity: 'critical',
      });

      const served = await company.ask(`/api/${broken}`);
      expect(served).toMatchObject({ status: 'stale', data: before.data, seq: before.seq });
      expect(served.staleReason).toMatch(/^(SQL Server|MongoDB) /);
      expect(Date.parse(String(served.staleSince))).toBeWithin(beganAt, Date.now() + 1);
      const status = await company.ask('/ws/status');
      expect(status.hubs).toContainEqual(expect.objectContaining({ hub: broken, status: 'stale' }));
      expect(status.feeds).toContainEqual(
        expect.objectContaining({ source, failing: expect.objectContaining({ reason: expect.any(String) }) }),
      );
      expect((await company.ask('/ready')).features).toContainEqual({ feature: broken, data: 'stale' });

      // The other database is followed as ever.
      const other = await company.hub(healthy);
      await other.nextOf('Snapshot');
      change(source === 'sql' ? 'documents' : 'sql');
      await other.nextOf('Snapshot', { reason: 'Auto', status: 'live' });
      await expectUpToDate(healthy);

      // What changes while nobody can look is in the first snapshot after it.
      change(source);
      mend();
      expect(await notified.nextOf('Notification', { title: `${title} is back` })).toMatchObject({ severity: 'info' });
      await stale.nextOf('Status', { status: 'live' });
      expect((await company.ask(`/api/${broken}`)).data).not.toEqual(before.data);
      await expectUpToDate(broken);
      expect(company.server.errors).toEqual([]);
    },
    WITHIN_MS,
  );
});

test(
  'when a collection is dropped its feature says so, no source is lost, and it is live again with the collection',
  async () => {
    const [stale, notified] = [await company.hub('support'), await company.hub('notifications')];
    await stale.nextOf('Snapshot');
    company.mongo.drop('support_tickets');
    expect(await stale.nextOf('Status', { status: 'stale' })).toMatchObject({
      reason: expect.stringContaining('support_tickets'),
    });
    expect(await company.ask('/api/claims')).toMatchObject({ status: 'live' });
    company.mongo.insert('support_tickets', [ticket('u3'), ticket('u4')]);
    await stale.nextOf('Status', { status: 'live' });
    await expectUpToDate('support');
    expect(notified.frames.filter(({ type }) => type === 'Notification')).toEqual([]);
  },
  WITHIN_MS,
);
