import { describe, expect, test } from 'bun:test';
import { burnInShift, turnAt, wallSettings } from '../../src/web/wall/wall-settings.ts';

describe('the address of a wall', () => {
  test('asks for none where it does not say so', () => {
    expect(wallSettings('')).toBeUndefined();
    expect(wallSettings('?wall=0&views=claims')).toBeUndefined();
  });

  test('names views, the seconds of each, and the theme', () => {
    expect(wallSettings('?wall=1&rotate=30&views=overview,financial&theme=light')).toEqual({
      views: ['overview', 'financial'],
      rotateMs: 30_000,
      theme: 'light',
    });
  });

  test('names the period of comparisons, if it is one that there is', () => {
    expect(wallSettings('?wall=1&range=30d')?.range).toBe('30d');
    expect(wallSettings('?wall=1&range=1y')?.range).toBeUndefined();
  });

  test('gives way to what makes sense', () => {
    const settings = wallSettings('?wall=1&rotate=soon&views=nonsense, Claims ');
    expect(settings?.views).toEqual(['claims']);
    expect(settings?.rotateMs).toBe(20_000);
    expect(settings?.theme).toBe('dark');
    expect(wallSettings('?wall=1&views=nonsense')?.views).toHaveLength(8);
    expect(wallSettings('?wall=1&rotate=0.1')?.rotateMs).toBe(3000);
    expect(wallSettings('?wall=1&rotate=-5')?.rotateMs).toBe(20_000);
    expect(wallSettings('?wall=1&rotate=Infinity')?.rotateMs).toBe(3_600_000);
  });
});

describe('the view that is on', () => {
  const settings = { views: ['overview', 'claims', 'users'], rotateMs: 20_000, theme: 'dark' } as const;

  test('follows from the clock, so that a reload changes nothing', () => {
    const seen = [0, 19_999, 20_000, 40_000, 60_000].map((now) => turnAt(now, settings).view);
    expect(seen).toEqual(['overview', 'overview', 'claims', 'users', 'overview']);
    expect(turnAt(25_000, settings).untilMs).toBe(15_000);
  });

  test('is the right one after a night of sleep', () => {
    const night = 9 * 3_600_000;
    expect(turnAt(night, settings).view).toBe(turnAt(night + 60_000, settings).view);
  });
});

test('everything is shifted by a pixel now and then, and comes back', () => {
  const shifts = [0, 60_000, 120_000, 180_000, 240_000].map((now) => burnInShift(now).join());
  expect(shifts).toEqual(['0,0', '1,0', '1,1', '0,1', '0,0']);
});
