import { expect, test } from 'bun:test';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import { createJournal } from '../../../src/core/notifications/journal.ts';
import { type OutletActor, runOutlet } from '../../../src/core/outlets/outlet-actor.ts';
import { randomStream } from '../../../src/demo/data/random.ts';
import { features } from '../../../src/features/index.ts';
import { createRowsOutlet } from '../../../src/features/rows/index.ts';
import { ANCHOR } from '../../demo/company.ts';
import { type DemoFeatures, demoFeatures } from '../../support/demo-features.ts';
import { keptNotifications } from '../../support/kept-notifications.ts';
import { keptOutlets } from '../../support/kept-outlets.ts';
import { createRowsService, type RowsFault, type RowsService } from '../../support/rows-service.ts';
import { rowsSettings } from '../../support/rows-settings.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';
import { expectedDashboard, expectedSheets } from './oracle.ts';

/** A day of 3,000 requests takes some 10 s. */
const WITHIN_MS = 240_000;

const HOURS = 24;
const HOUR_MS = 3_600_000;
const REFRESHES_AN_HOUR = 4;
const STEP_MS = 250;
const TIME_ZONE = 'America/Sao_Paulo';
/** The plan Plus. */
const MANY_REQUESTS = 50_000;
/** A day of the company needs more. */
const FEW_REQUESTS = 200;
/** From 24 November into December. */
const DAYS = 8;
const FAILURE_RATE = 0.2;

const FAULTS: readonly RowsFault[] = [
  ...([408, 500, 503, 529] as const).flatMap((answer) => [{ answer }, { answer, isDone: true }]),
  { answer: 429, retryAfter: '7' },
  { answer: 'slow' },
  { answer: 'slow', isDone: true },
  { answer: 'cut' },
  { answer: 'cut', isDone: true },
  { answer: 'garbage' },
];

interface Simulation {
  readonly clock: VirtualClock;
  readonly service: RowsService;
  readonly demo: DemoFeatures;
  readonly errors: readonly unknown[];
  /** From now on, no request fails. */
  repair(): void;
  start(): OutletActor;
}

/** @param changesAnHour of the company */
function simulation(monthlyRequests: number, changesAnHour: number): Simulation {
  const clock = createVirtualClock(ANCHOR);
  const stream = randomStream(7, 'faults');
  const random = () => stream.fraction();
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  let failureRate = FAILURE_RATE;
  const service = createRowsService({
    ...{ now: clock.now, monthlyRequests },
    writtenAfterMs: () => random() * 3_000,
    fault: () => (random() < failureRate ? FAULTS[Math.floor(random() * FAULTS.length)] : undefined),
  });
  const demo = demoFeatures(clock, changesAnHour / 3_600);
  const kept = keptOutlets();
  const journal = createJournal({ store: keptNotifications().open(), clock, onError });
  return {
    ...{ clock, service, demo, errors },
    repair() {
      failureRate = 0;
    },
    start() {
      const outlet = createRowsOutlet(rowsSettings({ monthlyRequests }), {
        ...{ features, timeZone: TIME_ZONE, clock },
      });
      const actor = runOutlet({
        ...{ outlet, running: demo.running, journal, store: kept.open(), clock, random, onError },
        calendar: createCalendar(TIME_ZONE),
        send: (url, init) => service.handle(new Request(url, init)),
      });
      actor.start();
      return actor;
    },
  };
}

/** During a pass no time passes while an answer is made. */
async function advance({ clock }: Simulation, milliseconds: number, actor: OutletActor): Promise<void> {
  const end = clock.elapsed() + milliseconds;
  while (clock.elapsed() < end) {
    const step = actor.status().activity === 'delivering' ? STEP_MS : milliseconds;
    await clock.advance(Math.min(step, end - clock.elapsed()));
  }
}

/** With a restart every hour. */
async function liveThrough(day: Simulation, hours: number, first: OutletActor): Promise<OutletActor> {
  let actor = first;
  for (let hour = 0; hour < hours; hour++) {
    for (let refresh = 0; refresh < REFRESHES_AN_HOUR; refresh++) {
      await day.demo.refresh();
      await advance(day, HOUR_MS / REFRESHES_AN_HOUR, actor);
    }
    await actor.stop();
    actor = day.start();
  }
  return actor;
}

test(
  'after a day of changes, failures and restarts the spreadsheet holds the newest figures, within the budget',
  async () => {
    const day = simulation(MANY_REQUESTS, 60);
    const { service, demo } = day;
    demo.company.start();
    let actor = day.start();
    actor = await liveThrough(day, HOURS, actor);
    demo.company.stop();
    day.repair();
    const snapshots = await demo.refresh();
    await advance(day, HOUR_MS, actor);
    expect(actor.status()).toMatchObject({ activity: 'idle', failing: null, waiting: 0 });
    await actor.stop();

    expect(service.violations).toEqual([]);
    for (const [name, rows] of Object.entries(expectedSheets(snapshots))) {
      const cells = (service.workspace.cells(name) ?? []).map((row) => filled(row, rows[0]?.length ?? 0));
      expect({ name, rows: cells }).toEqual({ name, rows: rows.map((row) => [...row]) });
    }
    const dashboard = service.workspace.cells('Dashboard') ?? [];
    expect(dashboard.map((row) => row.slice(0, 4))).toEqual(expectedDashboard(snapshots));
    expect(service.workspace.tableNames).toHaveLength(15);
    expect([...day.errors, ...demo.errors]).toEqual([]);
    await demo.stop();
  },
  WITHIN_MS,
);

test(
  'no month has more requests than it may, though the company would need more',
  async () => {
    const day = simulation(FEW_REQUESTS, 4);
    day.demo.company.start();
    let actor = day.start();
    for (let quarter = 0; quarter < 4 * DAYS; quarter++) {
      await day.demo.refresh();
      await advance(day, 6 * HOUR_MS, actor);
      await actor.stop();
      actor = day.start();
    }
    await actor.stop();
    expect(day.service.violations).toEqual([]);
    expect(day.service.requests.length).toBeGreaterThan(FEW_REQUESTS / 2);
    // Spread over the days, and not spent on the first.
    const first = day.service.requests[0]?.at ?? 0;
    const onFirstDay = day.service.requests.filter(({ at }) => at < first + 24 * HOUR_MS);
    expect(onFirstDay.length).toBeLessThan(FEW_REQUESTS / 2);
    await day.demo.stop();
  },
  WITHIN_MS,
);

function filled(row: readonly string[], columns: number): string[] {
  return [...row, ...Array<string>(Math.max(0, columns - row.length)).fill('')];
}
