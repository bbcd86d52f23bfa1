import { beforeEach, describe, expect, test } from 'bun:test';
import { createNotifications } from '../../../src/core/notifications/create-notifications.ts';
import { DEFAULT_TIMINGS } from '../../../src/core/runtime/actor-state.ts';
import { supervise } from '../../../src/core/runtime/supervisor.ts';
import { createVolatileStore } from '../../../src/core/store/volatile-store.ts';
import { type KeptNotifications, keptNotifications } from '../../support/kept-notifications.ts';
import { type ScriptedFeed, scriptFeed } from '../../support/scripted-feed.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';
import { scriptFeatures } from '../hubs/scripted-features.ts';

let clock: VirtualClock;
let sql: ScriptedFeed;
let documents: ScriptedFeed;
let store: KeptNotifications;
let told: string[];

/** A server's notifications over two features, both of the SQL database. */
function watch(): void {
  const { features, sources } = scriptFeatures('claims', 'users');
  const onError = (error: unknown) => {
    throw error;
  };
  const feeds = { sql: sql.feed, documents: documents.feed };
  const { running } = supervise({
    features,
    feeds,
    mirror: sources.mirror,
    timings: DEFAULT_TIMINGS,
    clock,
    random: () => 1,
    sequences: createVolatileStore(0),
    onError,
  });
  const journal = createNotifications({ running, feeds, store: store.open(), clock, onError });
  journal.published.subscribe(({ hub, title, message }) => told.push(`${hub}: ${title}: ${message}`));
}

beforeEach(() => {
  clock = createVirtualClock();
  sql = scriptFeed('sql');
  documents = scriptFeed('documents');
  store = keptNotifications();
  told = [];
  watch();
});

const fail = (feed: ScriptedFeed, reason = 'connection refused') =>
  feed.failWith({ since: clock.now(), reason, blame: 'source' });

describe('a source', () => {
  test('that is lost and recovers is notified once each, on all hubs, with its features', async () => {
    fail(sql);
    await clock.advance(30_000);
    fail(sql, 'login failed');
    await clock.advance(60_000);
    sql.failWith(null);
    await clock.settle();
    expect(told).toEqual([
      'all: The SQL database is lost: connection refused; until it is back, these stay as they are: claims, users',
      'all: The SQL database is back: It was lost for 90 s',
    ]);
  });

  test('that is lost again is notified again', async () => {
    for (let round = 0; round < 3; round++) {
      fail(sql);
      await clock.advance(1_000);
      sql.failWith(null);
      await clock.advance(1_000);
    }
    expect(told.map((line) => line.split(': ')[1])).toEqual([
      ...['The SQL database is lost', 'The SQL database is back'],
      ...['The SQL database is lost', 'The SQL database is back'],
      ...['The SQL database is lost', 'The SQL database is back'],
    ]);
  });

  test('that no feature reads is no news', async () => {
    fail(documents);
    await clock.settle();
    documents.failWith(null);
    await clock.settle();
    expect(told).toEqual([]);
  });

  test('that is lost over a restart is notified once, and its recovery once it is followed', async () => {
    fail(sql);
    await clock.settle();
    await sql.feed.stop();
    expect(told).toHaveLength(1);

    watch();
    sql.feed.start();
    await clock.settle();
    expect(told).toHaveLength(1);
    sql.failWith(null);
    await clock.settle();
    expect(told[1]).toBe('all: The SQL database is back: It was lost for 0 s');
  });
});
