import type { Config } from './config/config.ts';
import { createCalendar } from './core/figures/zone.ts';
import type { Journal } from './core/notifications/journal.ts';
import type { Log } from './core/observe/log.ts';
import type { Outlet } from './core/outlets/outlet.ts';
import type { OutletStore } from './core/outlets/outlet-memory.ts';
import type { OutletStatus } from './core/outlets/outlet-status.ts';
import { type Outlets, runOutlets } from './core/outlets/outlets.ts';
import type { Clock } from './core/runtime/clock.ts';
import type { Feature } from './core/runtime/define-feature.ts';
import type { RunningFeature } from './core/runtime/supervisor.ts';

export interface ConfiguredOutletsOptions {
  readonly config: Config;
  readonly features: readonly Feature[];
  readonly clock: Clock;
}

/**
 * The outlets of one kind that are configured. Its code is loaded only then:
 *
 *     async ({ config, features, clock }) => {
 *       if (config.rows === null) return [];
 *       const { createRowsOutlet } = await import('./features/rows/index.ts');
 *       return [createRowsOutlet(config.rows, { features, timeZone: config.timeZone, clock })];
 *     },
 */
type OutletKind = (options: ConfiguredOutletsOptions) => Promise<readonly Outlet[]>;

const KINDS: readonly OutletKind[] = [
  async ({ config, features, clock }) => {
    if (config.rows === null) return [];
    const { createRowsOutlet } = await import('./features/rows/index.ts');
    return [createRowsOutlet(config.rows, { features, timeZone: config.timeZone, clock })];
  },
];

/** Every outlet that is configured. */
export async function configuredOutlets(options: ConfiguredOutletsOptions): Promise<Outlet[]> {
  return (await Promise.all(KINDS.map((open) => open(options)))).flat();
}

export interface OpenOutletsOptions extends ConfiguredOutletsOptions {
  readonly running: readonly RunningFeature[];
  readonly journal: Journal;
  readonly store: OutletStore;
  readonly log: Log;
  readonly random: () => number;
  readonly onError: (error: unknown) => void;
}

/** The configured outlets with their actors, not started yet. Logs when one begins to fail, is refused, or works again. */
export async function openOutlets(options: OpenOutletsOptions): Promise<Outlets> {
  const { config, log } = options;
  const calendar = createCalendar(config.timeZone);
  const outlets = runOutlets({ ...options, calendar, outlets: await configuredOutlets(options) });
  for (const { statusChanges } of outlets.all) {
    let known: string | undefined;
    statusChanges.subscribe((status) => {
      if (status.activity === 'delivering') return;
      const next = status.failing === null ? 'works' : status.activity;
      if (next !== known) logStatus(log, status);
      known = next;
    });
  }
  return outlets;
}

function logStatus(log: Log, { outlet, activity, failing }: OutletStatus): void {
  if (failing === null) log.info({ outlet }, 'up to date');
  else log.warn({ outlet, activity, since: failing.since, reason: failing.reason }, 'outlet fails');
}
