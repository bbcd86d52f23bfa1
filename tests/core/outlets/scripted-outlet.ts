import { createCalendar } from '../../../src/core/figures/zone.ts';
import type { Journal } from '../../../src/core/notifications/journal.ts';
import { createJournal } from '../../../src/core/notifications/journal.ts';
import type { Outlet, Pass } from '../../../src/core/outlets/outlet.ts';
import { type OutletActor, runOutlet } from '../../../src/core/outlets/outlet-actor.ts';
import type { Send } from '../../../src/core/outlets/outlet-fetch.ts';
import type { OutletStatus } from '../../../src/core/outlets/outlet-status.ts';
import type { RequestBudget } from '../../../src/core/outlets/request-budget.ts';
import { keptNotifications } from '../../support/kept-notifications.ts';
import { type KeptOutlets, keptOutlets } from '../../support/kept-outlets.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';
import { type ScriptedFeatures, scriptedFeatures } from './scripted-features.ts';

export const MINUTE_MS = 60_000;
/** The pause between passes. */
export const INTERVAL_MS = 15 * MINUTE_MS;
export const PASS_WITHIN_MS = 5 * MINUTE_MS;

/** A pass in flight, which ends when the test says so. */
export interface ScriptedPass extends Pass {
  /** The data of each feature that it has. */
  readonly contents: Readonly<Record<string, unknown>>;
  succeed(): Promise<void>;
  fail(error: unknown): Promise<void>;
}

export interface ScriptedOutletOptions {
  readonly features?: ScriptedFeatures;
  readonly clock?: VirtualClock;
  readonly kept?: KeptOutlets;
  readonly journal?: Journal;
  readonly outlet?: Partial<Outlet>;
  readonly budget?: Partial<RequestBudget>;
  readonly random?: () => number;
  readonly send?: Send;
}

/** An outlet on a virtual clock, and everything that it did. */
export interface ScriptedOutlet {
  readonly actor: OutletActor;
  readonly clock: VirtualClock;
  readonly features: ScriptedFeatures;
  readonly journal: Journal;
  /** Every pass that was started, oldest first. */
  readonly passes: readonly ScriptedPass[];
  readonly statuses: readonly OutletStatus[];
  /** Unexpected errors. */
  readonly errors: readonly unknown[];
  /** The newest pass. */
  pass(): ScriptedPass;
  /** Stops it, and starts it again with what it remembered. */
  restart(changes?: ScriptedOutletOptions): Promise<ScriptedOutlet>;
}

/** A started outlet. Its jitter is the longest wait unless given. */
export function scriptedOutlet(options: ScriptedOutletOptions = {}): ScriptedOutlet {
  const {
    clock = createVirtualClock(),
    features = scriptedFeatures(),
    kept = keptOutlets(),
    random = () => 1,
  } = options;
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const { journal = createJournal({ store: keptNotifications().open(), clock, onError }) } = options;
  const passes: ScriptedPass[] = [];
  const statuses: OutletStatus[] = [];
  const outlet: Outlet = {
    ...{ name: 'rows', title: { en: 'Rows.com', pt: 'Rows.com' }, target: 'spreadsheet 1', watches: 'snapshots' },
    budget: { rate: { requests: 60, withinMs: MINUTE_MS }, perMonth: null, requestWithinMs: 30_000, ...options.budget },
    passWithinMs: PASS_WITHIN_MS,
    nextPass: (now) => now + INTERVAL_MS,
    deliver: (pass) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const settle = (end: () => void) => {
        end();
        return clock.settle();
      };
      const contents = Object.fromEntries([...pass.snapshots].map(([name, { data }]) => [name, data]));
      passes.push({ ...pass, contents, succeed: () => settle(resolve), fail: (error) => settle(() => reject(error)) });
      return promise;
    },
    ...options.outlet,
  };
  const calendar = createCalendar('America/Sao_Paulo');
  const { running } = features;
  const { send } = options;
  const actor = runOutlet({
    ...{ outlet, running, journal, store: kept.open(), calendar, clock, random, onError },
    ...(send === undefined ? {} : { send }),
  });
  actor.statusChanges.subscribe((status) => statuses.push(status));
  actor.start();
  return {
    ...{ actor, clock, features, journal, passes, statuses, errors },
    pass() {
      const newest = passes.at(-1);
      if (newest === undefined) throw new Error('No pass was started');
      return newest;
    },
    async restart(changes = {}) {
      const stopped = actor.stop();
      // The pass in flight notices that it was aborted.
      await passes.at(-1)?.fail(new Error('aborted'));
      await stopped;
      return scriptedOutlet({ ...options, clock, features, kept, journal, random, ...changes });
    },
  };
}

/** The same, after a first complete pass that took no time. */
export async function deliveredOutlet(options: ScriptedOutletOptions = {}): Promise<ScriptedOutlet> {
  const scripted = scriptedOutlet(options);
  scripted.features.publish('claims', 'claims 1');
  scripted.features.publish('users', 'users 1');
  await scripted.clock.settle();
  await scripted.pass().succeed();
  return scripted;
}
