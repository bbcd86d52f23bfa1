import { describe, expect, test } from 'bun:test';
import { compareOutlet, OUTLET_WORKS } from '../../../src/core/outlets/outlet-rule.ts';
import type { OutletStatus } from '../../../src/core/outlets/outlet-status.ts';

const NOW = Date.UTC(2026, 2, 31, 12);
const SINCE = NOW - 600_000;

function statusOf(changes: Partial<OutletStatus>): OutletStatus {
  return {
    ...{ outlet: 'rows', title: { en: 'Rows.com', pt: 'Rows.com' }, activity: 'idle', lastSuccess: null, waiting: 0 },
    ...{ failing: null, nextPass: null, requestsThisHour: 0, requestsThisMonth: 0, monthlyRequests: null },
    ...changes,
  };
}

const failing = (passes: number) => ({ since: SINCE, reason: 'no', passes });
const compare = (memory: string, changes: Partial<OutletStatus>) => compareOutlet(memory, statusOf(changes), NOW);

describe('an outlet breaks', () => {
  test.each([
    ['refused', 1, 'critical'],
    ['budget-spent', 1, 'warning'],
    ['backing-off', 3, 'warning'],
    ['delivering', 3, 'warning'],
  ] as const)('when it is %s after %i failed passes', (activity, passes, severity) => {
    const { memory, occurrences } = compare(OUTLET_WORKS, { activity, failing: failing(passes) });
    expect(memory).toBe(`${SINCE}`);
    expect(occurrences).toMatchObject([
      {
        key: `broken ${SINCE}`,
        severity,
        title: 'Rows.com is not kept up to date',
        data: { outlet: 'rows', reason: 'no' },
      },
    ]);
  });

  test.each([
    ['refused', 'no. It is not tried again: correct that, then POST /api/outlets/rows/sync, or start the server again'],
    ['budget-spent', 'no. It goes on with the next month, or when the server is started with a higher limit'],
    ['backing-off', 'no'],
  ] as const)('and says what to do if it is %s', (activity, message) => {
    const [occurrence] = compare(OUTLET_WORKS, { activity, failing: failing(3) }).occurrences;
    expect(occurrence?.message).toBe(message);
  });

  test.each([1, 2])('not when %i passes have failed', (passes) => {
    const untold = { memory: OUTLET_WORKS, occurrences: [] };
    expect(compare(OUTLET_WORKS, { activity: 'backing-off', failing: failing(passes) })).toEqual(untold);
  });

  test('once, whatever it fails of later, and across a restart', () => {
    for (const status of [
      { activity: 'refused', failing: failing(9) },
      { activity: 'refused', failing: { ...failing(1), since: NOW } },
      { activity: 'idle', failing: null, lastSuccess: SINCE - 1 },
      { activity: 'waiting', failing: null, lastSuccess: null },
    ] as const) {
      expect(compare(`${SINCE}`, status)).toEqual({ memory: `${SINCE}`, occurrences: [] });
    }
  });
});

test('an outlet is back when a pass succeeds', () => {
  const { memory, occurrences } = compare(`${SINCE}`, { lastSuccess: NOW });
  expect(memory).toBe(OUTLET_WORKS);
  expect(occurrences).toMatchObject([
    {
      ...{ key: `back ${SINCE}`, severity: 'info', title: 'Rows.com is up to date again' },
      message: 'It was behind for 10 min',
      data: { seconds: 600 },
    },
  ]);
});
