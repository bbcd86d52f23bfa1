import { describe, expect, test } from 'bun:test';
import { support } from '../../../src/features/support/index.ts';
import type { SupportData } from '../../../src/features/support/schemas.ts';
import { findings, ruleOf } from '../../support/rule-of.ts';

function dataOf(OldestOpenDays: number | null): SupportData {
  const summary = { TotalTickets: 9, OpenTickets: 3, InProgressTickets: 2, ClosedTickets: 4, ResolutionRate: 44.44 };
  return { summary: { ...summary, OldestOpenDays }, list: [], byContext: [], byDay: [], logs: null };
}

const found = (...days: readonly (number | null)[]) => findings(ruleOf(support), days.map(dataOf));
const counts = (...days: readonly (number | null)[]) => found(...days).map((occurrences) => occurrences.length);

describe('the oldest open ticket passes 7 days', () => {
  test('says how old it is, and how many are open', () => {
    expect(found(6, 7)[1]).toEqual([
      {
        key: '2',
        severity: 'warning',
        title: 'The oldest open ticket has passed 7 days',
        message: 'It was opened 7 days ago; 5 open or in progress in all',
        data: { OldestOpenDays: 7, OpenTickets: 3, InProgressTickets: 2 },
      },
    ]);
  });

  test.each<[(number | null)[], number[]]>([
    [
      [5, 6, 7, 8, 9],
      [0, 0, 1, 0, 0],
    ],
    [
      [null, 7],
      [0, 1],
    ],
    [
      [0, 30],
      [0, 1],
    ],
    // An older one is closed, and the next is past 7 days too.
    [
      [12, 9, 8],
      [0, 0, 0],
    ],
    [
      [12, 3, 7],
      [0, 0, 1],
    ],
    [
      [12, null, 7],
      [0, 0, 1],
    ],
    [
      [7, 7],
      [0, 0],
    ],
    [
      [null, null],
      [0, 0],
    ],
  ])('%j → %j', (days, expected) => {
    expect(counts(...days)).toEqual(expected);
  });
});
