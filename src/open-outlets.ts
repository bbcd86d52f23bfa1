import type { Config } from './config/config.ts';
import { isoInstant } from './core/figures/calendar.ts';
import { createCalendar } from './core/figures/zone.ts';
import type { Journal } from './core/notifications/journal.ts';
import type { Log } from './core/observe/log.ts';
import type { Outlet } from './core/outlets/outlet.ts';
import type { OutletActor } from './core/outlets/outlet-actor.ts';
import type { OutletStore } from './core/outlets/outlet-memory.ts';
import { type Outlets, runOutlets } from './core/outlets/outlets.ts';
import type { Clock } from './core/runtime/clock.ts';
import type { Feature } from './core/runtime/define-feature.ts';
import type { RunningFeature } from './core/runtime/supervisor.ts';

export interface ConfiguredOutletsOptions {
  readonly config: Config;
  readonly features: readonly Feature[];
  readonly clock: Clock;
  /** Receives what an administrator should know of, such as a notification that cannot be delivered. */
  readonly onNotice?: (text: string) => void;
}

/** The outlets of one kind that are configured. Their code is loaded only then. */
type OutletKind = (options: ConfiguredOutletsOptions) => Promise<readonly Outlet[]>;

const KINDS: readonly OutletKind[] = [rows, notion, exportsOnSchedule, webhooks];

async function rows({ config, features, clock }: ConfiguredOutletsOptions): Promise<readonly Outlet[]> {
  if (config.rows === null) return [];
  const { createRowsOutlet } = await import('./features/rows/index.ts');
  return [createRowsOutlet(config.rows, { features, timeZone: config.timeZone, clock })];
}

async function notion({ config, features }: ConfiguredOutletsOptions): Promise<readonly Outlet[]> {
  if (config.notion === null) return [];
  const { createNotionOutlet } = await import('./features/notion/index.ts');
  return [createNotionOutlet(config.notion, { features })];
}

/** Its encoder is its own: a large pass must not delay downloads. */
async function exportsOnSchedule({ config, features, clock }: ConfiguredOutletsOptions): Promise<readonly Outlet[]> {
  const { schedule, dialect, directory } = config.exports;
  if (schedule === null) return [];
  const { createScheduledExports } = await import('./features/exports/outlet.ts');
  const chosen =
    schedule.features.length === 0 ? features : features.filter(({ name }) => schedule.features.includes(name));
  return [
    createScheduledExports({ ...schedule, dialect, directory, features: chosen, timeZone: config.timeZone, clock }),
  ];
}

async function webhooks({ config, clock, onNotice = () => {} }: ConfiguredOutletsOptions): Promise<readonly Outlet[]> {
  if (config.webhooks === null) return [];
  const { createWebhookOutlets } = await import('./features/webhooks/index.ts');
  return createWebhookOutlets(config.webhooks, { clock, onNotice });
}

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
  const configured = await configuredOutlets({ ...options, onNotice: (text) => log.warn(text) });
  const outlets = runOutlets({ ...options, calendar, outlets: configured });
  for (const outlet of outlets.all) logOutlet(log, outlet);
  return outlets;
}

/** Logs the first pass that ends well, and each change between working and failing after it. */
export function logOutlet(log: Log, actor: OutletActor): void {
  const { lastSuccess: before } = actor.status();
  let known: string | undefined;
  actor.statusChanges.subscribe(({ outlet, activity, failing, lastSuccess }) => {
    if (activity === 'delivering' || activity === 'stopped') return;
    // No pass has ended since the start.
    if (failing === null && lastSuccess === before) return;
    const next = failing === null ? 'works' : activity;
    if (next === known) return;
    known = next;
    if (failing === null) log.info({ outlet }, 'up to date');
    else log.warn({ outlet, activity, since: isoInstant(failing.since), reason: failing.reason }, 'outlet fails');
  });
}
