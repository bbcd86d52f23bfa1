import { describe, expect, test } from 'bun:test';
import { changeRatio, compareWindows, largestShares, trailingMean } from '../../src/web/charts/series.ts';

describe('the mean over a week', () => {
  test('begins with the seventh day', () => {
    const mean = trailingMean([7, 0, 0, 0, 0, 0, 0, 7], 7, false);
    expect(mean).toEqual([null, null, null, null, null, null, 1, 1]);
  });

  test('leaves out the day that is not over', () => {
    expect(trailingMean([1, 1, 1, 1, 1, 1, 1, 900], 7, true).at(-1)).toBeNull();
  });

  test('is of the known days where some are not', () => {
    expect(trailingMean([null, 2, 4], 3, false).at(-1)).toBe(3);
    expect(trailingMean([null, null, null], 3, false).at(-1)).toBeNull();
  });
});

describe('the time before', () => {
  test('is as long, and neither has the day that is not over', () => {
    expect(compareWindows([1, 2, 3, 4, 1000], 2, true)).toEqual({ current: 7, before: 3 });
  });

  test('is not there where the series is too short', () => {
    expect(compareWindows([1, 2, 3, 4], 2, true)).toBeUndefined();
  });

  test('gives no ratio from zero', () => {
    expect(changeRatio({ current: 5, before: 0 })).toBeUndefined();
    expect(changeRatio({ current: 3, before: 4 })).toBe(-0.25);
  });
});

describe('shares', () => {
  const shares = [
    { title: 'a', value: 1 },
    { title: 'b', value: 5 },
    { title: 'c', value: 3 },
    { title: 'd', value: 2 },
  ];

  test('stand largest first', () => {
    expect(largestShares(shares, 9, 'rest').map(({ title }) => title)).toEqual(['b', 'c', 'd', 'a']);
  });

  test('beyond the most are one, and nothing is lost', () => {
    expect(largestShares(shares, 3, 'rest')).toEqual([
      { title: 'b', value: 5 },
      { title: 'c', value: 3 },
      { title: 'rest', value: 3 },
    ]);
  });
});
