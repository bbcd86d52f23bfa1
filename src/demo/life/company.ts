import { isoInstant } from '../../core/figures/calendar.ts';
import type { Cancel, Clock } from '../../core/runtime/clock.ts';
import { type Random, weighted } from '../data/random.ts';
import type { Change, LifeColumns, LifeMoment, LifeSources } from './change.ts';
import { changesWith } from './changes.ts';
import { hasAll } from './statements.ts';

/** A company that goes on living: at a steady rate, something happens that could happen at a real one. */
export interface DemoCompany {
  start(): void;
  /** What is under way ends by itself; nothing new begins. */
  stop(): void;
}

export interface DemoCompanyOptions extends LifeSources {
  /** Changes a second, fractions too; 0: nothing ever happens. */
  readonly rate: number;
  readonly random: Random;
  readonly clock: Clock;
  /** Whether log lines are written: only where old ones are dropped too. */
  readonly writesLogs: boolean;
  /** Receives the first failure of each kind of change. Nothing is ever thrown. */
  readonly onError: (error: unknown) => void;
}

/** Changes due sooner than this are made together. */
const SHORTEST_WAIT_MS = 50;
/** Changes that a slow source missed beyond this are dropped. */
const MOST_DUE = 200;
/** Makes up for what adding up fractions loses. */
const TINY = 1e-6;

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
    let name = 'looking at the sources';
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

  const waitMs = Math.max(SHORTEST_WAIT_MS, 1000 / rate);
  const tick = () => {
    cancel = clock.schedule(waitMs, tick);
    const elapsed = clock.elapsed();
    due = Math.min(MOST_DUE, due + ((elapsed - last) * rate) / 1000 + TINY);
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

/** Whether there is what a change happens to: the tables and files may be anybody's own. */
function isPossible(change: Change, columns: LifeColumns, collections: readonly string[]): boolean {
  return change.kind === 'tables' ? hasAll(columns, change.needs) : collections.includes(change.collection);
}
