import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { config as rxjsConfig } from 'rxjs';
import { unconfiguredFeed } from '../../../src/core/feeds/unconfigured-feed.ts';
import { DEFAULT_TIMINGS } from '../../../src/core/runtime/actor-state.ts';
import type { Feature } from '../../../src/core/runtime/define-feature.ts';
import type { SequenceStore } from '../../../src/core/runtime/sequence.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { type Feeds, supervise } from '../../../src/core/runtime/supervisor.ts';
import { scriptFeed } from '../../support/scripted-feed.ts';
import { type ReadFigures, scriptMirror } from '../../support/scripted-mirror.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import { FULL_READ_MS, forgetfulSequences, watch } from './scripted-actor.ts';

/** A feature of the test, and how its figures come from the mirror. */
interface Trial {
  readonly feature: Feature;
  readonly read: ReadFigures;
}

const well: ReadFigures = async (_feature, now) => ({ data: { now }, unavailable: [], problems: [] });

function trial(name: string, read: ReadFigures, more: Partial<Feature> = {}): Trial {
  return {
    read,
    feature: {
      name,
      title: { en: name, pt: name },
      description: name,
      source: 'sql',
      reads: {},
      objects: [],
      schema: Type.Unknown(),
      catalogue: { figures: [], lists: [] },
      headlines: [],
      sheets: [],
      parts: [],
      questions: [],
      hub: { events: [] },
      figures: () => {
        throw new Error('The figures come from no mirror');
      },
      ...more,
    },
  };
}

interface SupervisedOptions {
  readonly sequences?: SequenceStore;
  readonly areLoaded?: boolean;
  readonly feeds?: Partial<Feeds>;
}

function supervised(trials: readonly Trial[], options: SupervisedOptions = {}) {
  const { sequences = forgetfulSequences(), areLoaded: isLoaded = true } = options;
  const sql = scriptFeed('sql', { isLoaded });
  const documents = scriptFeed('documents', { isLoaded });
  const clock = createVirtualClock();
  const errors: unknown[] = [];
  const reads: string[] = [];
  const supervisor = supervise({
    features: trials.map(({ feature }) => feature),
    feeds: { sql: sql.feed, documents: documents.feed, ...options.feeds },
    mirror: scriptMirror((name, ...rest) => {
      reads.push(name);
      const found = trials.find(({ feature }) => feature.name === name);
      if (found === undefined) throw new Error(`There is no ${name}`);
      return found.read(name, ...rest);
    }),
    timings: DEFAULT_TIMINGS,
    clock,
    random: () => 1,
    sequences,
    onError: (error) => errors.push(error),
  });
  const actorOf = (name: string) => {
    const found = supervisor.running.find(({ feature }) => feature.name === name);
    if (found === undefined) throw new Error(`There is no ${name}`);
    return found.actor;
  };
  /** How often the figures of each feature were read so far, in the order of the features. */
  const counts = () => trials.map(({ feature }) => reads.filter((name) => name === feature.name).length);
  return { supervisor, clock, errors, sql, documents, actorOf, counts };
}

const cyclic: Record<string, unknown> = {};
cyclic.itself = cyclic;

const troubles: readonly (readonly [string, ReadFigures])[] = [
  [
    'throws before it returns a promise',
    () => {
      throw new Error('bug');
    },
  ],
  ['fails', async () => Promise.reject(new SourceError('connection refused'))],
  ['never settles', () => new Promise(() => {})],
  ['yields a bigint', async () => ({ data: { Id: 1n }, unavailable: [], problems: [] })],
  ['yields a cycle', async () => ({ data: cyclic, unavailable: [], problems: [] })],
  ['yields data that is no data', async () => ({ data: undefined, unavailable: [], problems: [] })],
];

describe("one actor's trouble never delays another", () => {
  test.each(troubles)('when its figures %s', async (_what, read) => {
    const { supervisor, clock, actorOf } = supervised([trial('broken', read), trial('well', well)]);
    supervisor.start();
    for (let read = 1; read <= 5; read++) {
      await clock.advance(FULL_READ_MS);
      expect(actorOf('well').latest()?.generatedAt).toBe(clock.now());
      expect(actorOf('well').status()).toMatchObject({ data: 'live', failing: null });
    }
    expect(actorOf('broken').latest()).toBeUndefined();
    expect(actorOf('broken').status().failing).not.toBeNull();
  });

  test.each(troubles)('and it goes on trying itself, when its figures %s', async (_what, read) => {
    let trouble = true;
    const recovering: ReadFigures = (...call) => (trouble ? read(...call) : well(...call));
    const { supervisor, clock, actorOf } = supervised([trial('broken', recovering)]);
    supervisor.start();
    await clock.advance(300_000);
    trouble = false;
    await clock.advance(FULL_READ_MS);
    expect(actorOf('broken').status()).toMatchObject({ data: 'live', failing: null });
  });

  test('when its sequence numbers cannot be had, for a while', async () => {
    let broken = true;
    const store: SequenceStore = {
      restored: () => undefined,
      save(feature) {
        if (broken && feature === 'broken') throw new Error('disk full');
      },
    };
    const { supervisor, clock, errors, actorOf } = supervised([trial('broken', well), trial('well', well)], {
      sequences: store,
    });
    supervisor.start();
    await clock.settle();
    const outcome = await Promise.race([actorOf('broken').refresh(), clock.advance(10).then(() => 'no answer')]);
    expect(outcome).toMatchObject({ status: 'error' });
    expect(errors).not.toEqual([]);
    await clock.advance(FULL_READ_MS);
    expect(actorOf('well').latest()?.generatedAt).toBe(clock.now());
    broken = false;
    await clock.advance(FULL_READ_MS);
    expect(actorOf('broken').status()).toMatchObject({ data: 'live', failing: null });
  });
});

describe('a subscriber that throws', () => {
  const unhandled: unknown[] = [];
  const before = rxjsConfig.onUnhandledError;
  beforeEach(() => {
    rxjsConfig.onUnhandledError = (error) => unhandled.push(error);
  });
  afterEach(() => {
    rxjsConfig.onUnhandledError = before;
  });

  test('hurts neither the actor nor who else subscribes, nor any other actor', async () => {
    const { supervisor, clock, actorOf } = supervised([trial('claims', well), trial('well', well)]);
    const heard: number[] = [];
    actorOf('claims').publications.subscribe(() => {
      throw new Error('subscriber');
    });
    actorOf('claims').publications.subscribe(({ snapshot }) => heard.push(snapshot.seq));
    supervisor.start();
    const outcome = actorOf('claims').refresh();
    await clock.advance(1_000);
    expect(await outcome).toEqual({ status: 'ok' });
    const seen = heard.length;
    expect(seen).toBeGreaterThan(0);
    await clock.advance(FULL_READ_MS - 1_000);
    expect(heard.length).toBeGreaterThan(seen);
    expect(actorOf('well').latest()?.generatedAt).toBe(clock.now());
    await new Promise((resolve) => setTimeout(resolve));
    expect(unhandled).toContainEqual(new Error('subscriber'));
  });
});

describe('changes', () => {
  const counted = () =>
    supervised([
      trial('claims', well, { reads: { Claims: ['Id'], Payments: ['Id'] } }),
      trial('users', well, { reads: { AspNetUsers: ['Id'] } }),
      trial('support', well, { source: 'documents', reads: { support_tickets: ['_id'], Claims: ['Id'] } }),
    ]);

  test('wake the features that read what changed, in the source of theirs', async () => {
    const { supervisor, clock, sql, documents, counts } = counted();
    supervisor.start();
    await clock.settle();
    expect(counts()).toEqual([1, 1, 1]);
    sql.change('Payments');
    await clock.settle();
    expect(counts()).toEqual([2, 1, 1]);
    documents.change('support_tickets', 'AspNetUsers');
    await clock.settle();
    expect(counts()).toEqual([2, 1, 2]);
    sql.change('Plans');
    sql.change();
    await clock.settle();
    expect(counts()).toEqual([2, 1, 2]);
  });

  test('of every table wake every feature of the source', async () => {
    const { supervisor, clock, sql, counts } = counted();
    supervisor.start();
    await clock.settle();
    sql.change('Claims', 'Payments', 'AspNetUsers');
    await clock.settle();
    expect(counts()).toEqual([2, 2, 1]);
  });

  test('wake nothing before the start and after the stop', async () => {
    const { supervisor, clock, sql, counts } = counted();
    sql.change('Claims', 'AspNetUsers');
    await clock.settle();
    expect(counts()).toEqual([0, 0, 0]);
    supervisor.start();
    await clock.settle();
    await supervisor.stop();
    sql.change('Claims', 'AspNetUsers');
    await clock.advance(120_000);
    expect(counts()).toEqual([1, 1, 1]);
  });
});

describe('a feature starts', () => {
  const both = (options: SupervisedOptions) =>
    supervised(
      [
        trial('claims', well, { reads: { Claims: ['Id'] } }),
        trial('support', well, { source: 'documents', reads: { support_tickets: ['_id'] } }),
      ],
      options,
    );

  test('when its feed is loaded, and not before', async () => {
    const { supervisor, clock, sql, documents, counts, actorOf } = both({ areLoaded: false });
    supervisor.start();
    expect([sql.isStarted, documents.isStarted]).toEqual([true, true]);
    await clock.advance(120_000);
    expect(counts()).toEqual([0, 0]);
    expect(actorOf('claims').status()).toMatchObject({ data: 'none', activity: 'idle', failing: null });
    sql.load('Claims');
    await clock.settle();
    expect(counts()).toEqual([1, 0]);
    expect(actorOf('claims').status().data).toBe('live');
  });

  test('when the mirror has rows already, at once', async () => {
    const { supervisor, clock, counts } = both({ areLoaded: true });
    supervisor.start();
    await clock.settle();
    expect(counts()).toEqual([1, 1]);
  });

  test('when its feed fails, so that why it has no figures is known', async () => {
    const { supervisor, clock, sql, counts, actorOf } = both({ areLoaded: false });
    supervisor.start();
    const since = clock.now();
    await clock.advance(5_000);
    sql.failWith({ since, reason: 'connection refused', blame: 'source' });
    await clock.settle();
    expect(actorOf('claims').latest()).toBeUndefined();
    expect(actorOf('claims').status()).toMatchObject({
      data: 'none',
      failing: { since, reason: 'connection refused', blame: 'source' },
    });
    expect(actorOf('support').status()).toMatchObject({ data: 'none', failing: null });
    expect(counts()).toEqual([0, 0]);
  });

  test('without a configured source says what to set, and no mirror is read for it', async () => {
    const documents = unconfiguredFeed('documents', 'set MONGO_CONNECTION_STRING');
    const { supervisor, clock, errors, counts, actorOf } = both({ feeds: { documents } });
    supervisor.start();
    await clock.settle();
    expect(actorOf('support').status()).toMatchObject({
      data: 'none',
      failing: { reason: 'Its database is not configured: set MONGO_CONNECTION_STRING', blame: 'feature' },
    });
    expect(counts()).toEqual([1, 0]);
    expect(errors).toEqual([]);
  });
});

describe('while a feed fails', () => {
  const BROKEN = { reason: 'connection refused', blame: 'source' } as const;

  function failing() {
    const slow = Promise.withResolvers<void>();
    const everything = supervised([
      trial('claims', well, { reads: { Claims: ['Id'] } }),
      trial('slow', (...call) => slow.promise.then(() => well(...call)), { reads: { Claims: ['Id'] } }),
      trial('support', well, { source: 'documents', reads: { support_tickets: ['_id'] } }),
    ]);
    return { ...everything, endSlow: slow.resolve };
  }

  test("its features are stale at once, with the feed's since and reason, and no other is", async () => {
    const { supervisor, clock, sql, counts, actorOf } = failing();
    supervisor.start();
    await clock.advance(1_000);
    const before = actorOf('claims').latest();
    const since = clock.now() - 3_000;
    sql.failWith({ since, ...BROKEN });
    await clock.settle();
    expect(actorOf('claims').latest()).toMatchObject({
      data: before?.data,
      seq: before?.seq,
      freshness: { status: 'stale', since, reason: 'connection refused' },
    });
    expect(actorOf('support').latest()?.freshness).toEqual({ status: 'live' });
    expect(counts()[0]).toBe(1);
  });

  test('figures that were being read when it began are not shown as live', async () => {
    const { supervisor, clock, sql, endSlow, actorOf } = failing();
    supervisor.start();
    await clock.advance(5_000);
    sql.failWith({ since: clock.now(), ...BROKEN });
    endSlow();
    await clock.settle();
    expect(actorOf('slow').latest()).toBeUndefined();
    expect(actorOf('slow').status()).toMatchObject({ data: 'none', failing: { reason: 'connection refused' } });
    sql.failWith(null);
    await clock.settle();
    expect(actorOf('slow').status()).toMatchObject({ data: 'live', failing: null });
  });

  test('the mirror is not asked, however long it lasts; once it works again they are live at once', async () => {
    const { supervisor, clock, sql, counts, actorOf } = failing();
    supervisor.start();
    await clock.settle();
    sql.failWith({ since: clock.now(), ...BROKEN });
    await clock.advance(600_000);
    expect(counts()[0]).toBe(1);
    sql.failWith(null);
    await clock.settle();
    expect(counts()[0]).toBe(2);
    expect(actorOf('claims').status()).toMatchObject({ data: 'live', failing: null });
  });

  test('each feature says once that it fails and once that it works, and tells the newest reason', async () => {
    const { supervisor, clock, sql, errors, actorOf } = failing();
    const heard: unknown[] = [];
    actorOf('claims').statusChanges.subscribe(({ data }) => heard.push(data));
    supervisor.start();
    await clock.settle();
    const since = clock.now();
    sql.failWith({ since, ...BROKEN });
    await clock.advance(60_000);
    sql.failWith({ since, reason: 'login failed', blame: 'source' });
    await clock.advance(60_000);
    expect(actorOf('claims').latest()?.freshness).toEqual({ status: 'stale', since, reason: 'login failed' });
    sql.failWith(null);
    await clock.advance(60_000);
    expect(heard).toEqual(['live', 'stale', 'live']);
    expect(errors).toEqual([]);
  });
});

describe('a refresh that somebody asks for', () => {
  const one = () => supervised([trial('claims', well, { reads: { Claims: ['Id'] } })]);

  test('waits until the mirror holds what the source does', async () => {
    const { supervisor, clock, sql, counts, actorOf } = one();
    const synced = Promise.withResolvers<void>();
    supervisor.start();
    await clock.settle();
    sql.answerSyncsWith(() => synced.promise);
    const outcome = watch(actorOf('claims').refresh());
    await clock.settle();
    expect([sql.syncs, counts()]).toEqual([1, [1]]);
    synced.resolve();
    await clock.settle();
    expect(counts()).toEqual([2]);
    expect(outcome.results).toEqual([{ status: 'ok' }]);
  });

  test('is the only one that asks the source', async () => {
    const { supervisor, clock, sql, counts } = one();
    supervisor.start();
    await clock.settle();
    sql.change('Claims');
    await clock.advance(FULL_READ_MS);
    expect(counts()).toEqual([3]);
    expect(sql.syncs).toBe(0);
  });

  test('fails as the source cannot be asked, with its words', async () => {
    const { supervisor, clock, sql, counts, actorOf } = one();
    supervisor.start();
    await clock.settle();
    sql.answerSyncsWith(() => Promise.reject(new SourceError('connection refused')));
    const outcome = watch(actorOf('claims').refresh());
    await clock.settle();
    expect(outcome.results).toEqual([{ status: 'error', message: 'connection refused' }]);
    expect(actorOf('claims').latest()?.freshness).toMatchObject({ status: 'stale', reason: 'connection refused' });
    expect(counts()).toEqual([1]);
  });

  test('that asks a source which never answers ends at its deadline', async () => {
    const { supervisor, clock, sql, actorOf } = one();
    supervisor.start();
    await clock.settle();
    sql.answerSyncsWith(() => new Promise(() => {}));
    const outcome = watch(actorOf('claims').refresh());
    await clock.advance(DEFAULT_TIMINGS.deadlineMs);
    expect(outcome.results).toEqual([{ status: 'error', message: 'no answer within 30000 ms' }]);
  });
});

describe('stopping', () => {
  test('ends every actor at once, and waits until all have let go', async () => {
    const ends: string[] = [];
    const letGo = Promise.withResolvers<never>();
    const { supervisor, clock, actorOf } = supervised([trial('well', well), trial('slow', () => letGo.promise)]);
    for (const name of ['well', 'slow']) actorOf(name).publications.subscribe({ complete: () => ends.push(name) });
    supervisor.start();
    await clock.settle();
    const stopped = watch(supervisor.stop().then(() => 'stopped'));
    expect(ends).toEqual(['well', 'slow']);
    expect(supervisor.running.map(({ actor }) => actor.status().activity)).toEqual(['stopped', 'stopped']);
    await clock.settle();
    expect(stopped.results).toEqual([]);
    letGo.reject(new SourceError('cancelled'));
    await clock.settle();
    expect(stopped.results).toEqual(['stopped']);
    expect(clock.waiting).toBe(0);
  });

  test('ends the feeds after the actors, though one should fail to stop', async () => {
    const ends: string[] = [];
    const { feed } = scriptFeed('sql');
    const stuck = { ...feed, stop: () => Promise.reject(new Error('cannot stop')) };
    const { supervisor, clock, documents, actorOf } = supervised([trial('well', well)], { feeds: { sql: stuck } });
    actorOf('well').publications.subscribe({ complete: () => ends.push('actor') });
    documents.feed.changes.subscribe({ complete: () => ends.push('feed') });
    supervisor.start();
    await clock.settle();
    await supervisor.stop();
    expect(ends).toEqual(['actor', 'feed']);
    expect(documents.feed.status().activity).toBe('stopped');
  });

  test('is not held up for ever by a load that never settles', async () => {
    const hanging: ReadFigures = () => new Promise(() => {});
    const { supervisor, clock } = supervised([trial('hanging', hanging), trial('well', well)]);
    supervisor.start();
    await clock.settle();
    const stopped = watch(supervisor.stop().then(() => 'stopped'));
    await clock.advance(1_000);
    expect(stopped.results).toEqual(['stopped']);
  });
});
