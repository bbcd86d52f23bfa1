import type { Outlet, Pass } from '../../src/core/outlets/outlet.ts';

/** An outlet with a wide budget and hardly a pause, whose transport is the test's. */
export function simpleOutlet(deliver: (pass: Pass) => Promise<void>, changes: Partial<Outlet> = {}): Outlet {
  return {
    ...{ name: 'rows', title: { en: 'Rows.com', pt: 'Rows.com' }, target: 'spreadsheet 1', watches: 'snapshots' },
    budget: { rate: { requests: 1_000, withinMs: 1_000 }, perMonth: 500, requestWithinMs: 20_000 },
    passWithinMs: 60_000,
    nextPass: (now) => now + 10,
    deliver,
    ...changes,
  };
}
