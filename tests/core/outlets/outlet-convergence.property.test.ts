import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import type { Outlet, Pass } from '../../../src/core/outlets/outlet.ts';
import { errorOfAnswer } from '../../../src/core/outlets/outlet-errors.ts';
import { type KeptOutlets, keptOutlets } from '../../support/kept-outlets.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';
import { type FeatureName, type ScriptedFeatures, scriptedFeatures } from './scripted-features.ts';
import { MINUTE_MS, type ScriptedOutlet, scriptedOutlet } from './scripted-outlet.ts';

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const FEATURES = ['claims', 'users', 'storage'] as const;
const RATE = { requests: 3, withinMs: 10_000 };
const calendar = createCalendar('America/Sao_Paulo');

/** What the target does with a request. */
type Mood = 'well' | 'error' | 'busy' | 'silent' | 'lost' | 'refusing';

/** A target that keeps one text a feature, and notes when requests arrive. */
class Target {
  mood: Mood = 'well';
  readonly held = new Map<string, string>();
  readonly arrivals: number[] = [];

  constructor(readonly clock: VirtualClock) {}

  async receive(url: string, init: RequestInit): Promise<Response> {
    this.arrivals.push(this.clock.now());
    const hold = () => this.held.set(new URL(url).pathname.slice(1), String(init.body));
    switch (this.mood) {
      case 'well':
        hold();
        return new Response('ok');
      case 'error':
        return new Response('no', { status: 500 });
      case 'busy':
        return new Response('no', { status: 429, headers: { 'retry-after': '1800' } });
      case 'refusing':
        return new Response('no', { status: 403 });
      case 'lost':
        // It has it, and its answer is lost.
        hold();
        throw new Error('cut');
      case 'silent':
        return new Promise(() => {});
    }
  }
}

/** Sends one request for each feature that differs from what it remembers to have sent. */
async function deliver({ snapshots, memory, fetch, clock }: Pass & { readonly clock: VirtualClock }): Promise<void> {
  for (const [name, { encoded }] of snapshots) {
    if (memory.get(name) === encoded.hash) continue;
    await memory.save({ [name]: null });
    const { status, headers } = await fetch(`http://target.test/${name}`, { method: 'POST', body: encoded.data });
    if (status !== 200) throw errorOfAnswer({ status, headers, message: `answered ${status}` }, clock.now());
    await memory.save({ [name]: encoded.hash });
  }
}

interface Run {
  readonly target: Target;
  readonly jobs: string[];
  outlet: ScriptedOutlet;
  /** Ends the process without a stop, and starts another one with what was stored by then. */
  kill(): void;
}
type Step = (run: Run) => Promise<void>;

function named(name: string, step: Step): Step {
  return Object.assign((run: Run) => step(run), { [fc.toStringMethod]: () => name });
}

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom<FeatureName>(...FEATURES), fc.nat(3))
      .map(([feature, value]) =>
        named(`${feature} is ${value}`, async ({ outlet }) => outlet.features.publish(feature, value)),
      ),
  },
  {
    weight: 6,
    arbitrary: fc
      .oneof(fc.nat(20_000), fc.constantFrom(MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, DAY_MS))
      .map((wait) => named(`wait ${wait}`, ({ outlet }) => outlet.clock.advance(wait))),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Mood>('well', 'error', 'busy', 'silent', 'lost', 'refusing').map((mood) =>
      named(mood, async ({ target }) => {
        target.mood = mood;
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constant(named('sync', async ({ outlet, jobs }) => void jobs.push(outlet.actor.sync(null).id))),
  },
  {
    weight: 2,
    arbitrary: fc.constant(
      named('restart', async (run) => {
        run.outlet = await run.outlet.restart();
      }),
    ),
  },
  { weight: 2, arbitrary: fc.constant(named('kill', async (run) => run.kill())) },
);

interface World {
  readonly clock: VirtualClock;
  readonly features: ScriptedFeatures;
  readonly target: Target;
  readonly kept: KeptOutlets;
  readonly perMonth: number;
}

/** Starts an outlet in a process that can be killed: from then on it neither wakes, nor sends, nor stores anything. */
function startProcess({ clock, features, target, kept, perMonth }: World) {
  let isAlive = true;
  const outlet: Partial<Outlet> = { deliver: (pass) => deliver({ ...pass, clock }), passWithinMs: MINUTE_MS };
  const scripted = scriptedOutlet({
    ...{ features, outlet },
    clock: { ...clock, schedule: (delayMs, run) => clock.schedule(delayMs, () => isAlive && run()) },
    kept: {
      ...kept,
      open() {
        const { past, keep } = kept.open();
        return { past, keep: (name, changes) => (isAlive ? keep(name, changes) : new Promise(() => {})) };
      },
    },
    send: (url, init) => (isAlive ? target.receive(url, init) : new Promise(() => {})),
    budget: { rate: RATE, perMonth, requestWithinMs: 5_000 },
  });
  return {
    scripted,
    die() {
      isAlive = false;
    },
  };
}

async function live(life: readonly Step[], perMonth: number): Promise<Run> {
  const clock = createVirtualClock();
  const features = scriptedFeatures(FEATURES);
  const target = new Target(clock);
  const world = { clock, features, target, kept: keptOutlets(), perMonth };
  for (const name of FEATURES) features.publish(name, 0);
  let process = startProcess(world);
  const run: Run = {
    ...{ target, jobs: [], outlet: process.scripted },
    kill() {
      process.die();
      process = startProcess(world);
      this.outlet = process.scripted;
    },
  };
  for (const step of life) await step(run);
  target.mood = 'well';
  // Somebody corrects what was refused.
  run.outlet = await run.outlet.restart();
  await clock.advance(32 * DAY_MS);
  return run;
}

function expectBudgetKept({ arrivals }: Target, perMonth: number): void {
  for (const [index, arrival] of arrivals.entries()) {
    const earlier = arrivals[index - RATE.requests];
    if (earlier !== undefined) expect(arrival - earlier).toBeGreaterThanOrEqual(RATE.withinMs);
  }
  const months = Object.groupBy(arrivals, (arrival) => calendar.monthOf(arrival));
  for (const month of Object.values(months)) expect(month?.length ?? 0).toBeLessThanOrEqual(perMonth);
}

test('whatever happens, the target ends equal to the newest contents, and the budget is kept in every window', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 40 }), fc.integer({ min: 3, max: 60 }), async (life, perMonth) => {
      const { target, outlet, jobs } = await live(life, perMonth);
      const newest = outlet.features.running.map(
        ({ actor }) => [actor.name, actor.latest()?.encoded.data ?? 'none'] as const,
      );
      expect(Object.fromEntries(target.held)).toEqual(Object.fromEntries(newest));
      expect(outlet.actor.status()).toMatchObject({ activity: 'idle', waiting: 0, failing: null });
      for (const id of jobs) expect(['done', 'failed']).toContain(outlet.actor.job(id)?.status ?? 'unknown');
      expectBudgetKept(target, perMonth);

      const sent = target.arrivals.length;
      const again = await outlet.restart();
      await again.clock.advance(HOUR_MS);
      expect(target.arrivals).toHaveLength(sent);
    }),
    { numRuns: Number(process.env.OUTLET_RUNS ?? 300) },
  );
}, 120_000);
