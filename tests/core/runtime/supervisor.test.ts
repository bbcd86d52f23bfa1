import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { config as rxjsConfig, Subject } from 'rxjs';
import { DEFAULT_TIMINGS } from '../../../src/core/runtime/actor-state.ts';
import type { Feature } from '../../../src/core/runtime/define-feature.ts';
import type { SequenceStore } from '../../../src/core/runtime/sequence.ts';
import { supervise } from '../../../src/core/runtime/supervisor.ts';
import { told } from '../../../src/core/sources/changes/change-detection.ts';
import type { SourceChange } from '../../../src/core/sources/changes/source-change.ts';
import { SourceError } from '../../../src/core/sources/source-errors.ts';
import type { Sources } from '../../../src/core/sources/sources.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import { FULL_READ_MS, forgetfulSequences, watch } from './scripted-actor.ts';

type Load = Feature['load'];

const well: Load = async (_sources, now) => ({ data: { now }, unavailable: [] });

function featureNamed(name: string, load: Load, more: Partial<Feature> = {}): Feature {
  return {
    name,
    title: { en: name, pt: name },
    description: name,
    source: 'sql',
    watches: [],
    schema: Type.Unknown(),
    parts: [],
    questions: [],
    hub: { events: [] },
    load,
    ...more,
  };
}

function supervised(features: readonly Feature[], sequences: SequenceStore = forgetfulSequences()) {
  const sql = new Subject<SourceChange>();
  const documents = new Subject<SourceChange>();
  const refuse = () => Promise.reject(new SourceError('not in this test'));
  const close = () => Promise.resolve();
  const sources: Sources = {
    sql: { description: 'tables', changes: sql, changeDetection: told, read: refuse, close },
    documents: { description: 'collections', changes: documents, changeDetection: told, read: refuse, close },
  };
  const clock = createVirtualClock();
  const errors: unknown[] = [];
  const supervisor = supervise({
    features,
    sources,
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
  return { supervisor, clock, errors, sql, documents, actorOf };
}

const cyclic: Record<string, unknown> = {};
cyclic.itself = cyclic;

const troubles: readonly (readonly [string, Load])[] = [
  [
    'throws before it returns a promise',
    () => {
      throw new Error('bug');
    },
  ],
  ['fails', async () => Promise.reject(new SourceError('connection refused'))],
  ['never settles and ignores its signal', () => new Promise(() => {})],
  ['yields a bigint', async () => ({ data: { Id: 1n }, unavailable: [] })],
  ['yields a cycle', async () => ({ data: cyclic, unavailable: [] })],
  ['yields data that is no data', async () => ({ data: undefined, unavailable: [] })],
];

describe("one actor's trouble never delays another", () => {
  test.each(troubles)('when its load %s', async (_what, load) => {
    const { supervisor, clock, actorOf } = supervised([featureNamed('broken', load), featureNamed('well', well)]);
    supervisor.start();
    for (let read = 1; read <= 5; read++) {
      await clock.advance(FULL_READ_MS);
      expect(actorOf('well').latest()?.generatedAt).toBe(clock.now());
      expect(actorOf('well').status()).toMatchObject({ data: 'live', failing: null });
    }
    expect(actorOf('broken').latest()).toBeUndefined();
    expect(actorOf('broken').status().failing).not.toBeNull();
  });

  test.each(troubles)('and it goes on trying itself, when its load %s', async (_what, load) => {
    let trouble = true;
    const recovering: Load = (...call) => (trouble ? load(...call) : well(...call));
    const { supervisor, clock, actorOf } = supervised([featureNamed('broken', recovering)]);
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
    const { supervisor, clock, errors, actorOf } = supervised(
      [featureNamed('broken', well), featureNamed('well', well)],
      store,
    );
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
    const { supervisor, clock, actorOf } = supervised([featureNamed('claims', well), featureNamed('well', well)]);
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
  function counted() {
    const loads = new Map<string, number>();
    const counting =
      (name: string): Load =>
      (...call) => {
        loads.set(name, (loads.get(name) ?? 0) + 1);
        return well(...call);
      };
    const features = [
      featureNamed('claims', counting('claims'), { watches: ['Claims', 'Payments'] }),
      featureNamed('users', counting('users'), { watches: ['AspNetUsers'] }),
      featureNamed('support', counting('support'), { source: 'documents', watches: ['support_tickets', 'Claims'] }),
    ];
    const everything = supervised(features);
    const counts = () => features.map(({ name }) => loads.get(name) ?? 0);
    return { ...everything, counts };
  }

  test('wake the features that watch what changed, in the source they are bound to', async () => {
    const { supervisor, clock, sql, documents, counts } = counted();
    supervisor.start();
    await clock.settle();
    expect(counts()).toEqual([1, 1, 1]);
    sql.next({ names: new Set(['Payments']) });
    await clock.settle();
    expect(counts()).toEqual([2, 1, 1]);
    documents.next({ names: new Set(['support_tickets', 'AspNetUsers']) });
    await clock.settle();
    expect(counts()).toEqual([2, 1, 2]);
    sql.next({ names: new Set(['Plans']) });
    await clock.settle();
    expect(counts()).toEqual([2, 1, 2]);
  });

  test('that cannot be told apart wake every feature of the source', async () => {
    const { supervisor, clock, sql, counts } = counted();
    supervisor.start();
    await clock.settle();
    sql.next({ names: 'all' });
    await clock.settle();
    expect(counts()).toEqual([2, 2, 1]);
  });

  test('wake nothing before the start and after the stop', async () => {
    const { supervisor, clock, sql, counts } = counted();
    sql.next({ names: 'all' });
    await clock.settle();
    expect(counts()).toEqual([0, 0, 0]);
    supervisor.start();
    await clock.settle();
    await supervisor.stop();
    expect(sql.observed).toBe(false);
    sql.next({ names: 'all' });
    await clock.advance(120_000);
    expect(counts()).toEqual([1, 1, 1]);
  });
});

describe('stopping', () => {
  test('ends every actor at once, and waits until all have let go', async () => {
    const ends: string[] = [];
    const letGo = Promise.withResolvers<never>();
    const { supervisor, clock, actorOf } = supervised([
      featureNamed('well', well),
      featureNamed('slow', () => letGo.promise),
    ]);
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

  test('is not held up for ever by a load that never settles', async () => {
    const hanging: Load = () => new Promise(() => {});
    const { supervisor, clock } = supervised([featureNamed('hanging', hanging), featureNamed('well', well)]);
    supervisor.start();
    await clock.settle();
    const stopped = watch(supervisor.stop().then(() => 'stopped'));
    await clock.advance(1_000);
    expect(stopped.results).toEqual(['stopped']);
  });
});
