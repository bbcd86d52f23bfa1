import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { filter, firstValueFrom, Subject, VirtualTimeScheduler } from 'rxjs';
import { uncounted } from '../../../src/core/hubs/channel.ts';
import { FeatureTopic } from '../../../src/core/hubs/feature-topic.ts';
import { NotificationTopic } from '../../../src/core/hubs/notification-topic.ts';
import { createJournal } from '../../../src/core/notifications/journal.ts';
import type { FeatureStatus } from '../../../src/core/runtime/actor.ts';
import { schedulerClock } from '../../../src/core/runtime/clock.ts';
import type { Publication } from '../../../src/core/runtime/emission.ts';
import { encodeContent } from '../../../src/core/runtime/encode-content.ts';
import type { Snapshot } from '../../../src/core/runtime/snapshot.ts';
import { createVolatileStore } from '../../../src/core/store/volatile-store.ts';
import { scriptFeatures } from './scripted-features.ts';
import { type Item, type Kind, SimulatedClient } from './simulated-client.ts';

const INTERVAL_MS = 250;
const NAMES = ['claims', 'users'] as const;
type Name = (typeof NAMES)[number];
/** A page of notifications that a slow client missed, or the history of a new one. */
const MOST_NOTIFICATIONS_UNSENT = 200;

type Step =
  | { readonly do: 'refresh'; readonly name: Name; readonly changed: boolean; readonly manual: boolean }
  | { readonly do: 'pass'; readonly milliseconds: number }
  | { readonly do: 'fail'; readonly name: Name; readonly fails: boolean }
  | { readonly do: 'notify'; readonly count: number }
  | { readonly do: 'connect'; readonly kind: Kind; readonly reading: boolean }
  | { readonly do: 'stall' | 'take' | 'read-on' | 'ask-all' | 'ask-status' | 'close'; readonly client: number };

const name = fc.constantFrom(...NAMES);
const client = fc.nat(3);
const kind = fc.constantFrom<Kind>('plain socket', 'SignalR socket', 'polling');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('refresh'), name, changed: fc.boolean(), manual: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass'), milliseconds: fc.constantFrom(1, INTERVAL_MS) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fail'), name, fails: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('notify'), count: fc.constantFrom(1, 2, 60, 230) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('connect'),
      kind,
      reading: fc.boolean(),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('stall', 'take', 'read-on'), client }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('ask-all', 'ask-status', 'close'), client }) },
);

/** What a client is owed, from what has happened since it connected. */
interface Expected {
  readonly client: SimulatedClient;
  readonly notifications: Set<number>;
  /** Whether each notification comes once and in order: not for one that has asked for its history again. */
  once: boolean;
  hearsStatus: boolean;
  /** `seq` of the last emission of each feature since it connected. */
  readonly emitted: Map<Name, number>;
  /** Features whose status has changed since it connected, or asked for statuses. */
  readonly statuses: Set<Name>;
  /** How much had been sent at the last manual emission that no snapshot has followed. */
  readonly manual: Map<Name, number>;
}

/** A feature whose refreshes the test makes up. */
function scriptedActor(feature: Name, clock: { now(): number }) {
  const publications = new Subject<Publication>();
  const statusChanges = new Subject<FeatureStatus>();
  let snapshot: Snapshot | undefined;
  let failing: FeatureStatus['failing'] = null;
  const definition = scriptFeatures(feature).scripts[feature].feature;
  const figure = { target: 'Figure', schema: definition.schema, argument: figureEvent };
  const status = (): FeatureStatus => {
    const data = snapshot === undefined ? 'none' : failing === null ? 'live' : 'stale';
    return { feature, data, activity: 'idle', failing, lastRefreshMs: 0 };
  };
  const actor = { name: feature, publications, statusChanges, latest: () => snapshot, status };
  /** As actors have it: stale since refreshes fail. */
  const freshness = (): Snapshot['freshness'] =>
    failing === null ? { status: 'live' } : { status: 'stale', since: failing.since, reason: failing.reason };
  return {
    running: {
      feature: { ...definition, hub: { events: [figure] } },
      actor: {
        ...actor,
        start() {},
        changed() {},
        feedChanged() {},
        refresh: async () => ({ status: 'ok' }) as const,
        stop: async () => {},
      },
    },
    status,
    latest: () => snapshot,
    refresh(changed: boolean, manual: boolean) {
      const seq = (snapshot?.seq ?? 0) + (changed || snapshot === undefined ? 1 : 0);
      const content = { data: { hub: feature, seq }, unavailable: [], problems: [] };
      const generatedAt = clock.now();
      const encoded = encodeContent(content);
      snapshot = { ...content, feature, seq, generatedAt, freshness: freshness(), encoded };
      publications.next({ snapshot, manual });
    },
    fail(fails: boolean) {
      failing = fails ? { since: clock.now(), reason: 'the script says no', blame: 'source' } : null;
      if (snapshot !== undefined) snapshot = { ...snapshot, freshness: freshness() };
      statusChanges.next(status());
    },
  };
}

const figureEvent = (data: unknown, type: string) => ({ ...(typeof data === 'object' ? data : {}), type });

/** Two features and the notifications, as many clients see them. */
class World {
  readonly scheduler = new VirtualTimeScheduler(undefined, 0);
  readonly clock = schedulerClock(this.scheduler);
  readonly journal = createJournal({
    store: createVolatileStore(0).notifications,
    clock: this.clock,
    onError: (error) => {
      throw error;
    },
  });
  readonly actors = { claims: scriptedActor('claims', this.clock), users: scriptedActor('users', this.clock) };
  clients: Expected[] = [];
  #noted = 0;
  readonly #server = {
    publish: (topic: string, data: string | Bun.BufferSource) => {
      if (typeof data !== 'string') throw new TypeError('JSON is text');
      for (const { client } of this.clients) if (client.topics.has(topic)) client.publish(uncounted(data));
      return data.length;
    },
  };
  readonly features = NAMES.map(
    (each) =>
      new FeatureTopic({
        running: this.actors[each].running,
        emission: { intervalMs: INTERVAL_MS, unchanged: false, scheduler: this.scheduler },
        clock: this.clock,
        server: () => this.#server,
      }),
  );
  readonly topics = [
    ...this.features,
    new NotificationTopic({ journal: this.journal, clock: this.clock, server: () => this.#server }),
  ];

  constructor() {
    for (const [index, each] of NAMES.entries()) {
      this.features[index]?.content.published.subscribe(() => this.#emitted(each));
    }
    this.journal.published.subscribe(({ id }) => {
      for (const { notifications } of this.clients) notifications.add(id);
    });
  }

  async run(step: Step): Promise<void> {
    switch (step.do) {
      case 'refresh': {
        if (step.manual) for (const each of this.clients) each.manual.set(step.name, each.client.sent.length);
        this.actors[step.name].refresh(step.changed, step.manual);
        break;
      }
      case 'pass':
        this.scheduler.maxFrames = this.scheduler.frame + step.milliseconds;
        this.scheduler.flush();
        this.scheduler.frame = this.scheduler.maxFrames;
        break;
      case 'fail':
        for (const { statuses } of this.clients) statuses.add(step.name);
        this.actors[step.name].fail(step.fails);
        break;
      case 'notify':
        await this.#notify(step.count);
        break;
      case 'connect':
        this.#connect(step.kind, step.reading);
        break;
      default:
        this.#act(step.do, this.clients[step.client]);
    }
    for (const { client } of this.clients) client.readOn();
  }

  #emitted(feature: Name): void {
    for (const { emitted } of this.clients) emitted.set(feature, this.actors[feature].latest()?.seq ?? -1);
  }

  async #notify(count: number): Promise<void> {
    const occurrences = Array.from({ length: count }, () => {
      const key = String(this.#noted++);
      return { key, severity: 'info' as const, title: key, message: '', data: {} };
    });
    const last = firstValueFrom(this.journal.published.pipe(filter(({ title }) => title === String(this.#noted - 1))));
    this.journal.note({ hub: 'claims', rule: 'script', memory: String(this.#noted), occurrences });
    await last;
  }

  #connect(kind: Kind, reading: boolean): void {
    const client = new SimulatedClient(kind, this.topics, reading);
    const hearsStatus = kind === 'plain socket';
    this.clients.push({
      client,
      hearsStatus,
      once: reading,
      notifications: new Set(),
      emitted: new Map(),
      statuses: new Set(),
      manual: new Map(),
    });
  }

  #act(what: string, expected: Expected | undefined): void {
    if (expected === undefined) return;
    const { client, statuses } = expected;
    if (what === 'stall') client.reading = false;
    if (what === 'take') client.takeSome();
    if (what === 'read-on') client.reading = true;
    if (what === 'ask-all') {
      expected.once = false;
      expected.manual.clear();
      client.connection.sendInitialData();
    }
    if (what === 'ask-status' && !expected.hearsStatus) {
      expected.hearsStatus = true;
      statuses.clear();
      client.connection.followStatus();
    }
    if (what === 'close') {
      client.connection.leave();
      this.clients = this.clients.filter((each) => each !== expected);
      expect(client.topics.size).toBe(0);
    }
  }

  check(): void {
    for (const expected of this.clients) {
      this.#checkOrder(expected);
      if (expected.client.reading) this.#checkNewest(expected);
    }
  }

  #checkOrder({ client, notifications, once, manual }: Expected): void {
    for (const feature of NAMES) {
      const snapshots = client.sent.filter(({ kind, hub }) => kind === 'snapshot' && hub === feature);
      const numbers = snapshots.map(({ number }) => number);
      expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
      const since = manual.get(feature);
      if (since !== undefined) {
        const next = client.sent.slice(since).find(({ kind, hub }) => kind === 'snapshot' && hub === feature);
        expect([undefined, 'Manual', 'Initial']).toContain(next?.reason);
        if (next !== undefined) manual.delete(feature);
      }
    }
    const unsent = (kind: Item['kind']) => client.unsent.filter((item) => item.kind === kind).length;
    expect(unsent('snapshot')).toBeLessThanOrEqual(1);
    expect(unsent('notification')).toBeLessThanOrEqual(MOST_NOTIFICATIONS_UNSENT);
    const seen = client.sent.filter(({ kind, number }) => kind === 'notification' && notifications.has(number));
    if (once) expect(seen.map(({ number }) => number)).toEqual([...notifications].slice(0, seen.length));
  }

  /** A client that reads has the newest of everything. */
  #checkNewest({ client, notifications, emitted, hearsStatus, statuses }: Expected): void {
    expect(client.unsentBytes()).toBe(0);
    expect(client.connection.behind).toBe(false);
    const last = (wanted: Item['kind'], feature: Name) =>
      client.received.findLast(({ kind, hub }) => kind === wanted && hub === feature);
    for (const feature of NAMES) {
      const actor = this.actors[feature];
      const emittedSeq = emitted.get(feature);
      if (emittedSeq !== undefined) {
        expect(last('snapshot', feature)?.number).toBeGreaterThanOrEqual(emittedSeq);
      }
      if (hearsStatus && statuses.has(feature)) {
        expect(last('status', feature)?.number).toBe(actor.status().failing?.since ?? -1);
      }
    }
    const received = new Set(client.received.filter(({ kind }) => kind === 'notification').map(({ number }) => number));
    expect(notifications.difference(received).size).toBe(0);
  }

  async end(): Promise<void> {
    await this.run({ do: 'pass', milliseconds: 2 * INTERVAL_MS });
    for (const { client } of this.clients) client.reading = true;
    for (const { client } of this.clients) client.readOn();
    this.check();
    for (const { content } of this.topics) {
      expect([content.following, content.behind]).toEqual([this.clients.length, 0]);
    }
    while (this.clients.length > 0) await this.run({ do: 'close', client: 0 });
    for (const { content } of this.topics) expect([content.following, content.behind]).toEqual([0, 0]);
  }
}

test.each([
  ['one client', 1],
  ['many clients', 4],
] as const)(
  '%s: seq grows, the newest arrives, notifications come, unsent bytes are bounded',
  async (_, most) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const world = new World();
        await world.run({ do: 'connect', kind: 'plain socket', reading: true });
        for (const each of steps) {
          if (each.do === 'connect' && world.clients.length >= most) continue;
          await world.run(each);
          world.check();
        }
        await world.end();
      }),
      { numRuns: 400 },
    );
  },
  60_000,
);
