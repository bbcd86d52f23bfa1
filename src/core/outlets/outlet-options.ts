import type { Calendar } from '../figures/zone.ts';
import type { Journal } from '../notifications/journal.ts';
import type { Clock } from '../runtime/clock.ts';
import type { RunningFeature } from '../runtime/supervisor.ts';
import type { Outlet } from './outlet.ts';
import type { Send } from './outlet-fetch.ts';
import type { OutletStore } from './outlet-memory.ts';

export interface OutletOptions {
  readonly outlet: Outlet;
  readonly running: readonly RunningFeature[];
  readonly journal: Pick<Journal, 'published' | 'lastId' | 'after'>;
  readonly store: OutletStore;
  readonly calendar: Calendar;
  readonly clock: Clock;
  /** From 0 to 1, for the jitter of back-off. */
  readonly random: () => number;
  /** Receives unexpected errors. The status only says that there was one. */
  readonly onError: (error: unknown) => void;
  /** In place of `fetch`. */
  readonly send?: Send;
}
