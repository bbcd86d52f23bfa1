import { describe, expect, test } from 'bun:test';
import type { History } from '../../src/client/index.ts';
import { isAlone, levelBounds } from '../../src/web/charts/series.ts';
import { baselineOf, headlineHistory } from '../../src/web/history/headline-history.ts';

const start = (index: number) => new Date(Date.UTC(2026, 2, 1, index)).toISOString();

function answer(values: readonly (number | null)[], previous?: readonly (number | null)[]): History {
  const points = (list: readonly (number | null)[]) =>
    list.map((value, index): [string, number | null] => [start(index), value]);
  return {
    ...{ feature: 'claims', from: start(0), to: start(values.length), step: 'hour', timeZone: 'UTC' },
    series: [{ figure: 'a', unit: 'count', points: points(values), ...(previous && { previous: points(previous) }) }],
  };
}

describe('the history of a headline', () => {
  test('is the two series, and no more where the period before is known', () => {
    expect(headlineHistory('24h', answer([1, null, 3], [null, null, 5]), 'a')).toEqual({
      range: '24h',
      step: 'hour',
      starts: [start(0), start(1), start(2)],
      values: [1, null, 3],
      before: [null, null, 5],
      since: null,
      isTelling: true,
    });
  });

  test('begins with its first value where nothing is older', () => {
    expect(headlineHistory('24h', answer([null, 2, 3], [null, null, null]), 'a')?.since).toBe(start(1));
    expect(headlineHistory('24h', answer([1, 2, 3]), 'a')?.since).toBeNull();
  });

  test('is none where nothing was recorded, or of no such figure', () => {
    expect(headlineHistory('24h', answer([null, null], [1, 2]), 'a')).toBeUndefined();
    expect(headlineHistory('24h', answer([1, 2]), 'b')).toBeUndefined();
  });

  test('tells something from an eighth of the range on, and from two values', () => {
    const last = (known: number) => [
      ...Array.from({ length: 32 - known }, () => null),
      ...Array.from({ length: known }, () => 1),
    ];
    expect([1, 3, 4, 32].map((known) => headlineHistory('24h', answer(last(known)), 'a')?.isTelling)).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(headlineHistory('24h', answer([1, ...last(0)]), 'a')?.isTelling).toBe(false);
  });
});

describe('what the current value is compared with', () => {
  const baseline = (values: readonly (number | null)[], before: readonly (number | null)[]) => {
    const history = headlineHistory('24h', answer(values, before), 'a');
    return history && baselineOf(history);
  };

  test('is the value one range ago', () => {
    expect(baseline([1, 2], [3, 4])).toEqual({ range: '24h', value: 4, since: null });
  });

  test('is the first value where none was recorded then', () => {
    expect(baseline([null, 2, 3], [4, 4, null])).toEqual({ range: '24h', value: 2, since: start(1) });
  });

  test('is nothing while the history is too short to tell', () => {
    expect(baseline([null, null, 2], [null, null, null])).toBeUndefined();
  });
});

test('a value is alone where both neighbours are gaps', () => {
  const values = [1, null, 3, null, 5, 6, null];
  expect(values.map((_, index) => isAlone(values, index))).toEqual([true, false, true, false, false, false, false]);
});

test('the bounds of a level leave room for its line, and do not make much of little', () => {
  expect(levelBounds([10, null, 20])).toEqual({ min: 9.5, max: 20.5 });
  const { min, max } = levelBounds([1_000, 1_001]);
  expect(max - min).toBeCloseTo(1_001 * 0.05 * 1.1);
  expect((min + max) / 2).toBe(1_000.5);
  expect(levelBounds([0, 0])).toEqual({ min: -0.55, max: 0.55 });
  expect(levelBounds([null])).toEqual({ min: -0.55, max: 0.55 });
});
