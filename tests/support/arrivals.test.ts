import { describe, expect, test } from 'bun:test';
import { createArrivals } from './arrivals.ts';

const even = (item: number) => item % 2 === 0;

describe('arrivals', () => {
  test('are taken once each, the earliest that fits first', async () => {
    const arrivals = createArrivals<number>(1_000, (item) => item);
    for (const item of [1, 2, 4]) arrivals.add(item);
    expect(await arrivals.take(even)).toBe(2);
    expect(await arrivals.take(even)).toBe(4);
    expect(await arrivals.take(() => true)).toBe(1);
    expect(await arrivals.find(even)).toBe(2);
    expect(arrivals.all).toEqual([1, 2, 4]);
  });

  test('before one that is taken can be skipped', async () => {
    const arrivals = createArrivals<number>(1_000, (item) => item);
    for (const item of [1, 2, 3]) arrivals.add(item);
    expect(await arrivals.take(even, { skip: true })).toBe(2);
    expect(await arrivals.take(() => true)).toBe(3);
  });

  test('are waited for', async () => {
    const arrivals = createArrivals<number>(1_000, (item) => item);
    const taken = arrivals.take(even);
    arrivals.add(1);
    arrivals.add(6);
    expect(await taken).toBe(6);
  });

  test('fail a wait at their end, or when they take too long', async () => {
    const arrivals = createArrivals<number>(1, (item) => item);
    arrivals.add(7);
    await expect(arrivals.take(even)).rejects.toThrow('It did not come in time; 1 came, the last were [7]');
    const found = arrivals.find(even);
    arrivals.end('Closed with 1001');
    await expect(found).rejects.toThrow('Closed with 1001; 1 came');
    await expect(arrivals.take(even)).rejects.toThrow('Closed with 1001');
    expect(await arrivals.take(() => true)).toBe(7);
  });
});
