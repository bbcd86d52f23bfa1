import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { SessionOutdatedError } from '../../../src/core/feeds/feed-source.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { type RunningFeed, runFeed } from './running-feed.ts';
import { payment } from './scripted-source.ts';

const cut = () => Promise.reject(new SourceError('The connection was cut'));

/** What may happen to the next step of a source. */
const faults = {
  'open fails': ({ source }: RunningFeed) => void source.once.open.push(cut),
  'open hangs': ({ source }: RunningFeed) => void source.once.open.push(() => new Promise<never>(() => {})),
  'position unknown': ({ source }: RunningFeed) => void source.once.canFollow.push(async () => false),
  'poll fails': ({ source }: RunningFeed) => void source.once.poll.push(cut),
  'poll outdated': ({ source }: RunningFeed) =>
    void source.once.poll.push(() => Promise.reject(new SessionOutdatedError('changed', false))),
  'poll outdated, rows wrong': ({ source }: RunningFeed) =>
    void source.once.poll.push(() => Promise.reject(new SessionOutdatedError('restored', true))),
  'cut in a load': ({ source }: RunningFeed) =>
    void source.once.load.push(async (_usual, sink) => {
      await sink.rows('Payments', [payment('half'), ...source.rows().slice(1)]);
      return cut();
    }),
  'cut after rows were handed over': ({ source }: RunningFeed) =>
    void source.once.poll.push(async (usual, ...args) => {
      await usual(...args);
      return cut();
    }),
  'cut in a whole table': ({ source }: RunningFeed) =>
    void source.once.poll.push(async (_usual, _position, sink) => {
      await sink.whole('Payments');
      await sink.rows('Payments', [payment('half')]);
      return cut();
    }),
  'silent after rows, and late': ({ source, clock }: RunningFeed) =>
    void source.once.poll.push(async (usual, position, sink, ...rest) => {
      const next = await usual(position, sink, ...rest);
      await new Promise<void>((resolve) => clock.schedule(17_000, resolve));
      await sink.rows('Payments', [payment('late')]);
      await sink.deleted('Payments', ['a', 'b']);
      return next;
    }),
  'told twice': ({ source }: RunningFeed) =>
    void source.once.poll.push(async (usual, ...args) => {
      await usual(...args);
      return usual(...args);
    }),
  'told from the beginning': ({ source }: RunningFeed) =>
    void source.once.poll.push((usual, _position, ...rest) => usual('0', ...rest)),
} satisfies Record<string, (running: RunningFeed) => void>;
type Fault = keyof typeof faults;
const isFault = (name: string): name is Fault => name in faults;
const faultNames = Object.keys(faults).filter(isFault);

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const event = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      put: fc.array(fc.tuple(key, fc.integer({ min: 0, max: 9 })), { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ remove: fc.array(key, { minLength: 1, maxLength: 2 }) }) },
  { weight: 4, arbitrary: fc.record({ fault: fc.constantFrom(...faultNames) }) },
  { weight: 4, arbitrary: fc.record({ wait: fc.integer({ min: 0, max: 25_000 }) }) },
  { weight: 1, arbitrary: fc.constant({ sync: true } as const) },
  { weight: 1, arbitrary: fc.constant({ restart: true } as const) },
  { weight: 1, arbitrary: fc.constant({ unwritable: true } as const) },
  { weight: 2, arbitrary: fc.constant({ quiet: true } as const) },
);
type Event = typeof event extends fc.Arbitrary<infer Drawn> ? Drawn : never;

/** Longer than any back-off, on top of any silence. */
const QUIET_MS = 90_000;

/** A feed whose mirror refuses so many of the next commits. */
function begin(earlier?: RunningFeed) {
  const refusals = { left: 0 };
  const running = runFeed({
    ...(earlier === undefined ? {} : { clock: earlier.clock, source: earlier.source, opened: earlier.opened }),
    mirror: (writer) => ({
      commit: (position) =>
        refusals.left-- > 0 ? Promise.reject(new SourceError('The disk is full')) : writer.commit(position),
    }),
  });
  running.feed.start();
  return { running, refusals };
}

async function expectSame(running: RunningFeed) {
  for (const left of Object.values(running.source.once)) left.splice(0);
  await running.clock.advance(QUIET_MS);
  expect(running.feed.status()).toMatchObject({ activity: 'following', failing: null });
  const [mirror, source] = await running.compare();
  expect(mirror).toEqual(source);
}

type State = ReturnType<typeof begin>;

/** @returns the feed that runs afterwards */
async function happen({ running, refusals }: State, next: Event): Promise<State> {
  const { source, clock, feed } = running;
  if ('restart' in next) {
    await running[Symbol.asyncDispose]();
    return begin(running);
  }
  if ('put' in next) source.put(...next.put.map(([id, amount]) => payment(id, amount)));
  if ('remove' in next) source.remove(...next.remove);
  if ('fault' in next) faults[next.fault](running);
  if ('wait' in next) await clock.advance(next.wait);
  if ('unwritable' in next) refusals.left = 2;
  if ('sync' in next) feed.sync().catch(() => {});
  if ('quiet' in next) await expectSame(running);
  return { running, refusals };
}

test('through any faults, at quiet times the mirror equals the source', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 14 }), async (events) => {
      let state = begin();
      for (const next of events) state = await happen(state, next);
      await expectSame(state.running);
      await state.running[Symbol.asyncDispose]();
      expect(state.running.clock.waiting).toBe(0);
      expect(state.running.source.openSessions).toBe(0);
    }),
    { numRuns: 200 },
  );
}, 60_000);

test('a sync that resolves has seen everything that was there when it was called', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(key, fc.option(fc.constantFrom(...faultNames)), fc.integer({ min: 0, max: 3_000 })), {
        maxLength: 8,
      }),
      async (rounds) => {
        const { running } = begin();
        const { source, clock, feed, opened } = running;
        for (const [index, [id, fault, wait]] of rounds.entries()) {
          if (fault !== null) faults[fault](running);
          source.put(payment(id, index + 1));
          const version = index + 1;
          const held: number[] = [];
          feed.sync().then(
            () => void held.push(Number(opened.mirror.state()?.position)),
            () => {},
          );
          await clock.advance(wait);
          for (const position of held) expect(position).toBeGreaterThanOrEqual(version);
        }
        await expectSame(running);
        await running[Symbol.asyncDispose]();
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);
