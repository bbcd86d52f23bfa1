import { expect, test } from 'bun:test';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import { createJournal } from '../../../src/core/notifications/journal.ts';
import { type OutletActor, runOutlet } from '../../../src/core/outlets/outlet-actor.ts';
import type { Send } from '../../../src/core/outlets/outlet-fetch.ts';
import type { Clock } from '../../../src/core/runtime/clock.ts';
import type { Random } from '../../../src/demo/data/random.ts';
import { features } from '../../../src/features/index.ts';
import { createNotionOutlet } from '../../../src/features/notion/index.ts';
import { keptNotifications } from '../../support/kept-notifications.ts';
import { type KeptOutlets, keptOutlets } from '../../support/kept-outlets.ts';
import { createNotionServer, type Fault, type NotionServer } from '../../support/notion/notion-server.ts';
import { titleOf } from '../../support/notion/workspace.ts';
import { seededRandom } from '../../support/test-seed.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import { companySnapshots, figuresIn } from './company-snapshots.ts';
import { SETTINGS } from './passes.ts';
import { type PublishedFeatures, publishedFeatures } from './published-features.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const FAILING_SHARE = 0.2;

const FAULTS: readonly Fault[] = [
  { status: 409, code: 'conflict_error' },
  { status: 429, code: 'rate_limited', retryAfter: '90' },
  { status: 500, code: 'internal_server_error' },
  { status: 502 },
  { status: 503, code: 'service_unavailable' },
  { status: 529, code: 'service_overload', retryAfter: '120' },
  ...(['lost', 'lost answer', 'garbage', 'wrong form', 'cut answer', 'no answer'] as const),
];

interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly server: NotionServer;
  readonly published: PublishedFeatures;
  readonly kept: KeptOutlets;
  readonly errors: unknown[];
}

/** A process with the outlet in the real runtime. What it sends takes a while, and arrives even if the process is gone. */
interface Process {
  readonly actor: OutletActor;
  stop(): Promise<void>;
  /** Nothing that it does from now on reaches the disk, and no answer reaches it. */
  kill(): void;
}

function startProcess({ clock, random, server, published, kept, errors }: World): Process {
  let isAlive = true;
  /** Of a process that is gone, nothing comes. */
  const after = (milliseconds: number) => new Promise<void>((resolve) => clock.schedule(milliseconds, resolve));
  const ifAlive = () => (isAlive ? Promise.resolve() : new Promise<never>(() => {}));
  const send: Send = async (url, init) => {
    await ifAlive();
    await after(random.between(50, 400));
    const response = await server.fetch(url, init);
    await after(random.between(50, 400));
    await ifAlive();
    return response;
  };
  const { past, keep } = kept.open();
  const onError = (error: unknown) => errors.push(error);
  const actor = runOutlet({
    outlet: createNotionOutlet(SETTINGS, { features }),
    running: published.running,
    journal: createJournal({ store: keptNotifications().open(), clock, onError }),
    store: {
      past,
      async keep(outlet, changes) {
        await after(random.between(1, 50));
        await ifAlive();
        await keep(outlet, changes);
      },
    },
    calendar: createCalendar('America/Sao_Paulo'),
    ...{ clock, onError, send, random: () => random.fraction() },
  });
  actor.start();
  return {
    actor,
    stop: () => actor.stop(),
    kill() {
      isAlive = false;
      actor.stop().catch(onError);
    },
  };
}

test('a day with a fifth of the requests failing and a restart an hour ends up to date, with no page made twice', async () => {
  const virtual = createVirtualClock();
  // Timers may end between two milliseconds, and a wall clock has whole ones.
  const clock = { ...virtual, now: () => Math.floor(virtual.now()) };
  const random = seededRandom('a day of Notion');
  const server = createNotionServer({ now: clock.elapsed });
  const published = publishedFeatures();
  const world: World = { clock, random, server, published, kept: keptOutlets(), errors: [] };
  server.setFault(() => (random.chance(FAILING_SHARE) ? random.pick(FAULTS) : undefined));
  const publish = (number: number) => {
    for (const snapshot of companySnapshots(number).values()) {
      if (number === 0 || random.chance(0.3)) published.publish(snapshot);
    }
  };
  publish(0);
  let process = startProcess(world);
  const keys = figuresIn(published.snapshots).size;
  for (let minute = 5; minute <= 24 * 60; minute += 5) {
    await clock.advance(random.between(0, 5 * MINUTE_MS));
    publish(minute);
    if (minute % 60 !== 0) continue;
    if (random.chance(0.5)) process.kill();
    else await Promise.all([process.stop(), clock.advance(2_000)]);
    await clock.advance(5_000);
    process = startProcess(world);
    expect(server.workspace.pages.size).toBeLessThanOrEqual(keys);
  }
  await clock.advance(4 * HOUR_MS);

  expect(world.errors).toEqual([]);
  expect(process.actor.status()).toMatchObject({ activity: 'idle', failing: null, waiting: 0 });
  const pages = [...server.workspace.pages.values()];
  const shown = new Map(pages.map(({ properties }) => [titleOf(properties), properties.Value?.number]));
  expect(shown).toEqual(figuresIn(published.snapshots));
  expect(pages).toHaveLength(keys);
  expect(server.workspace).toMatchObject({ databases: [{ title: 'Greg BI' }], blocksMade: keys + 1 });
  expect(server.violations).toEqual([]);
  const calls = server.calls.length;
  process.kill();
  process = startProcess(world);
  await clock.advance(HOUR_MS);
  expect(server.calls.length).toBe(calls);
  await process.stop();
});
