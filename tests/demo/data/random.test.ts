import { describe, expect, test } from 'bun:test';
import { type Random, randomStream, weighted, weightedByAge } from '../../../src/demo/data/random.ts';

function draws(random: Random, count = 50): number[] {
  return Array.from({ length: count }, () => random.next());
}

describe('a stream of random numbers', () => {
  test('is the same for a seed and a purpose, for ever', () => {
    expect(draws(randomStream(1, 'Payments'))).toEqual(draws(randomStream(1, 'Payments')));
    // Written down once: another machine, another version of the engine, the same numbers.
    expect(draws(randomStream(1, 'Payments'), 4)).toEqual([4_222_919_060, 99_169_568, 4_177_880_875, 1_156_692_916]);
  });

  test('is another one for another seed or another purpose', () => {
    const streams = [
      [1, 'Payments'],
      [2, 'Payments'],
      [-1, 'Payments'],
      [2 ** 32 + 1, 'Payments'],
      [1, 'Claims'],
    ] as const;
    const first = streams.map(([seed, purpose]) => draws(randomStream(seed, purpose)).join());
    expect(new Set(first).size).toBe(streams.length);
  });

  test('spreads evenly over its range', () => {
    const random = randomStream(7, 'spread');
    const counts = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw++) {
      const tenth = random.below(10);
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  test('stays within its limits', () => {
    const random = randomStream(7, 'limits');
    const drawn = Array.from({ length: 10_000 }, () => random.between(3, 6));
    expect(new Set(drawn)).toEqual(new Set([3, 4, 5, 6]));
    expect(draws(random, 1000).every((value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32)).toBe(true);
  });
});

describe('weights', () => {
  test('are how often an item is drawn in relation to the rest', () => {
    const random = randomStream(3, 'weights');
    const method = weighted([
      ['pix', 3],
      ['never', 0],
      ['boleto', 1],
    ]);
    const drawn = Array.from({ length: 40_000 }, () => method(random));
    expect(drawn.filter((item) => item === 'pix').length / drawn.length).toBeCloseTo(0.75, 1);
    expect(drawn).not.toContain('never');
  });

  test('go by age, the last ones beyond all limits', () => {
    const random = randomStream(3, 'ages');
    const status = weightedByAge([
      [1, [['new', 1]]],
      [10, [['old', 1]]],
    ]);
    expect([0, 0.99, 1, 9.9, 10, 1_000].map((age) => status(random, age))).toEqual([
      'new',
      'new',
      'old',
      'old',
      'old',
      'old',
    ]);
  });

  test('over nothing are refused', () => {
    expect(() => weighted([])).toThrow(RangeError);
    expect(() => weightedByAge([])).toThrow(RangeError);
    expect(() => randomStream(1, 'nothing').pick([])).toThrow(RangeError);
  });
});
