import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { compareText, mostFirst } from '../../../src/core/figures/ordering.ts';

describe('text', () => {
  test('is in code-unit order, whatever the locale', () => {
    expect(['b', 'a', 'É', 'B', '', 'á', 'Z', 'a b', '10', '9'].sort(compareText)).toEqual([
      '',
      '10',
      '9',
      'B',
      'Z',
      'a',
      'a b',
      'b',
      'É',
      'á',
    ]);
  });

  test('compares as an order does', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        expect(Math.sign(compareText(left, right)) + Math.sign(compareText(right, left))).toBe(0);
        expect(compareText(left, right) === 0).toBe(left === right);
      }),
    );
  });
});

describe('most first', () => {
  test('puts the largest first, ties by name ascending', () => {
    const rows = [
      { name: 'b', amount: 2 },
      { name: 'a', amount: 2 },
      { name: 'c', amount: 10 },
      { name: 'd', amount: -1 },
    ];
    const order = mostFirst<(typeof rows)[number]>(
      ({ amount }) => amount,
      ({ name }) => name,
    );
    expect(rows.sort(order).map(({ name }) => name)).toEqual(['c', 'a', 'b', 'd']);
  });
});
