/** How many requests an outlet may send. */
export interface RequestBudget {
  /** At most `requests` in any `withinMs` milliseconds. */
  readonly rate: { readonly requests: number; readonly withinMs: number };
  /** At most this many in a calendar month; null for no limit. */
  readonly perMonth: number | null;
  /** A request that takes longer has failed, ms. */
  readonly requestWithinMs: number;
}
