import type { Journal } from '../notifications/journal.ts';
import { ALL_HUBS } from '../notifications/notification.ts';
import type { Outlet } from './outlet.ts';
import { type OutletActor, runOutlet } from './outlet-actor.ts';
import type { OutletOptions } from './outlet-options.ts';
import { compareOutlet, OUTLET_WORKS } from './outlet-rule.ts';
import type { OutletStatus } from './outlet-status.ts';

/** The outlets of a server. */
export interface Outlets {
  readonly all: readonly OutletActor[];
  statuses(): OutletStatus[];
  find(name: string): OutletActor | undefined;
  start(): void;
  /** Cancels the passes in flight, and waits up to a second for them. Never rejects. */
  stop(): Promise<void>;
}

export interface OutletsOptions extends Omit<OutletOptions, 'outlet' | 'journal'> {
  readonly outlets: readonly Outlet[];
  readonly journal: Journal;
}

/** One actor per outlet, so none can delay or break another, and a notification when one breaks or is back. */
export function runOutlets({ outlets, ...options }: OutletsOptions): Outlets {
  const all = outlets.map((outlet) => runOutlet({ ...options, outlet }));
  for (const { outlet, statusChanges } of all) {
    const rule = `outlet ${outlet.name}, ${outlet.target}`;
    const { journal, clock } = options;
    statusChanges.subscribe((status) => {
      const comparison = compareOutlet(journal.memory(rule) ?? OUTLET_WORKS, status, clock.now());
      journal.note({ hub: ALL_HUBS, rule, ...comparison });
    });
  }
  return {
    all,
    statuses: () => all.map((each) => each.status()),
    find: (name) => all.find(({ outlet }) => outlet.name === name),
    start() {
      for (const each of all) each.start();
    },
    async stop() {
      await Promise.allSettled(all.map((each) => each.stop()));
    },
  };
}
