import { isoInstant } from '../../core/figures/calendar.ts';
import type { Cancel, Clock } from '../../core/runtime/clock.ts';
import { type Random, weighted } from '../data/random.ts';
import type { Change, LifeColumns, LifeMoment, LifeSources } from './change.ts';
import { changesWith } from './changes.ts';
import { hasAll } from './statements.ts';

/** Changes the demo data at a steady rate, as the business of a real company would. */
export interface DemoCompany {
  start(): void;
  /** Makes no further changes. A change in progress completes. */
  stop(): void;
}

export interface DemoCompanyOptions extends LifeSources {
  /** Changes per second, also fractions; 0 for none. */
  readonly rate: number;
  readonly random: Random;
  readonly clock: Clock;
  /** Whether to write log lines: only where old ones are dropped too. */
  readonly writesLogs: boolean;
  /** Called with the first failure of each kind of change. Nothing is thrown. */
  readonly onError: (error: unknown) => void;
}

/** Changes that are due within this time are made together. */
const MIN_WAIT_MS = 50;
/** The backlog of a slow source; further changes are dropped. */
const MAX_DUE = 200;
/** Compensates for rounding when fractions are added up. */
const ROUNDING = 1e-6;

export function createDemoCompany(options: DemoCompanyOptions): DemoCompany {
  const { rate, random, clock, database, collections, onError } = options;
  const changes = changesWith(options.writesLogs);
  const failed = new Set<string>();
  let cancel: Cancel | undefined;
  let due = 0;
  let last = 0;
  let isBusy = false;

  const report = (what: string, error: unknown) => {
    if (cancel === undefined || failed.has(what)) return;
    failed.add(what);
    onError(new Error(`The demo company could not make a change (${what})`, { cause: error }));
  };

  const makeChange = async (): Promise<void> => {
    let name = 'reading the schema';
    try {
      const columns = database.columns();
      const possible = changes.filter((change) => isPossible(change, columns, collections.names));
      if (possible.length === 0) return;
      const change = weighted(possible.map((candidate) => [candidate, candidate.weight]))(random);
      name = change.name;
      const now = clock.now();
      const moment: LifeMoment = { now, at: isoInstant(now), random, columns };
      if (change.kind === 'tables') await database.write(change.statements(moment));
      else change.make(moment, { database, collections });
    } catch (error) {
      report(name, error);
    }
  };

  const catchUp = async (): Promise<void> => {
    isBusy = true;
    while (due >= 1 && cancel !== undefined) {
      due -= 1;
      await makeChange();
    }
    isBusy = false;
  };

  const waitMs = Math.max(MIN_WAIT_MS, 1000 / rate);
  const tick = () => {
    cancel = clock.schedule(waitMs, tick);
    const elapsed = clock.elapsed();
    due = Math.min(MAX_DUE, due + ((elapsed - last) * rate) / 1000 + ROUNDING);
    last = elapsed;
    if (!isBusy) void catchUp();
  };

  return {
    start() {
      if (rate <= 0 || cancel !== undefined) return;
      last = clock.elapsed();
      cancel = clock.schedule(waitMs, tick);
    },
    stop() {
      cancel?.();
      cancel = undefined;
    },
  };
}

/** Whether the data have what a change needs; a user's own data may not. */
function isPossible(change: Change, columns: LifeColumns, collections: readonly string[]): boolean {
  return change.kind === 'tables' ? hasAll(columns, change.needs) : collections.includes(change.collection);
}
