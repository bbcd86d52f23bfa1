import type { Instant } from '../figures/calendar.ts';
import type { Title } from '../figures/catalogue.ts';
import type { FailingPasses } from './outlet-state.ts';

/** The status of an outlet, for `/ws/status`, the doctor, notifications and the log. */
export interface OutletStatus {
  readonly outlet: string;
  readonly title: Title;
  /** `waiting`: something is to be delivered at `nextPass`. */
  readonly activity: 'idle' | 'waiting' | 'delivering' | 'backing-off' | 'refused' | 'budget-spent' | 'stopped';
  readonly lastSuccess: Instant | null;
  /** Features or notifications that the target does not have yet. */
  readonly waiting: number;
  readonly failing: FailingPasses | null;
  /** When the next pass starts if nothing else happens; null if none does. */
  readonly nextPass: Instant | null;
  readonly requestsThisHour: number;
  readonly requestsThisMonth: number;
  /** Null for no limit. */
  readonly monthlyRequests: number | null;
}
