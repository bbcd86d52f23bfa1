import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { compareSource, SOURCE_IS_THERE } from '../../../src/core/notifications/source-rule.ts';
import type { FeatureStatus } from '../../../src/core/runtime/actor.ts';
import type { Blame } from '../../../src/core/runtime/failure.ts';
import type { Occurrence } from '../../../src/core/runtime/notification-rule.ts';

const NOW = Date.UTC(2026, 2, 31, 12);
const NAMES = ['claims', 'users', 'storage'];

type State = Blame | 'none' | 'live';

function statusesOf(states: readonly State[], since = NOW - 5_000): FeatureStatus[] {
  return states.map((state, index) => {
    const works = state === 'live' || state === 'none';
    return {
      feature: NAMES[index] ?? `feature ${index}`,
      data: works ? state : 'stale',
      activity: 'idle',
      failing: works ? null : { since: since + index, reason: `${state} fails`, blame: state },
      lastRefreshMs: 1,
    };
  });
}

const compare = (memory: string, states: readonly State[]) => compareSource('sql', memory, statusesOf(states), NOW);
const keysOf = (occurrences: readonly Occurrence[]) => occurrences.map(({ key }) => key);

describe('a source is lost', () => {
  test('when it refuses a single feature; who noticed first tells since when and why', () => {
    const { memory, occurrences } = compare(SOURCE_IS_THERE, ['live', 'source', 'source']);
    expect(memory).toBe(`${NOW - 4_999}`);
    expect(occurrences).toEqual([
      {
        key: `lost ${NOW - 4_999}`,
        severity: 'critical',
        title: 'The SQL database is lost',
        message: 'source fails; until it is back, these stay as they are: claims, users, storage',
        data: { source: 'sql', features: NAMES, reason: 'source fails', lostAt: '2026-03-31T11:59:55.001Z' },
      },
    ]);
  });

  test.each<[State[]]>([[['silence', 'silence', 'silence']], [['silence', 'source', 'feature']], [['source']]])(
    'when it leaves nobody an answer: %p',
    (states) => {
      expect(compare(SOURCE_IS_THERE, states).occurrences).toHaveLength(1);
    },
  );

  test.each<[State[]]>([
    [['live', 'live', 'live']],
    [['none', 'none', 'none']],
    [['silence', 'live', 'silence']],
    [['silence', 'silence', 'none']],
    [['feature', 'feature', 'feature']],
    [['feature', 'silence', 'silence']],
  ])('not when one query is slow or something in it is missing: %p', (states) => {
    expect(compare(SOURCE_IS_THERE, states)).toEqual({ memory: SOURCE_IS_THERE, occurrences: [] });
  });

  test('once, however many features notice', () => {
    const { memory } = compare(SOURCE_IS_THERE, ['source', 'live', 'live']);
    for (const states of [
      ['source', 'source', 'live'],
      ['source', 'source', 'source'],
      ['live', 'source', 'source'],
    ] as const) {
      expect(compare(memory, states)).toEqual({ memory, occurrences: [] });
    }
  });
});

describe('a source is back', () => {
  const lostAt = `${NOW - 200_000}`;

  test('when everyone has asked it, and it refuses nobody', () => {
    const { memory, occurrences } = compare(lostAt, ['live', 'silence', 'feature']);
    expect(memory).toBe(SOURCE_IS_THERE);
    expect(occurrences).toEqual([
      {
        key: `back ${lostAt}`,
        severity: 'info',
        title: 'The SQL database is back',
        message: 'It was lost for 3 min',
        data: { source: 'sql', features: NAMES, lostAt: '2026-03-31T11:56:40.000Z', seconds: 200 },
      },
    ]);
  });

  test.each<[State[]]>([
    [['live', 'live', 'source']],
    [['live', 'live', 'none']],
    [['none', 'none', 'none']],
    [['feature', 'silence', 'feature']],
  ])('not before: %p', (states) => {
    expect(compare(lostAt, states)).toEqual({ memory: lostAt, occurrences: [] });
  });

  test.each([
    [0, '0 s'],
    [119, '119 s'],
    [7_000, '117 min'],
    [7_200, '2 h'],
    [-60, '0 s'],
  ])('after %d s it was lost for %s', (seconds, words) => {
    const { occurrences } = compare(`${NOW - seconds * 1000}`, ['live']);
    expect(occurrences[0]?.message).toBe(`It was lost for ${words}`);
  });
});

test('lost and back take turns, whatever becomes of the features', () => {
  const states = fc.constantFrom<State>('none', 'live', 'feature', 'silence', 'source');
  const moments = fc.array(fc.array(states, { minLength: 3, maxLength: 3 }), { maxLength: 30 });
  fc.assert(
    fc.property(moments, (all) => {
      let memory = SOURCE_IS_THERE;
      const keys = all.flatMap((moment, index) => {
        const statuses = statusesOf(moment, NOW + index * 10);
        const comparison = compareSource('documents', memory, statuses, NOW + index * 10);
        memory = comparison.memory;
        return keysOf(comparison.occurrences);
      });
      keys.forEach((key, index) => {
        expect(key).toStartWith(index % 2 === 0 ? 'lost ' : 'back ');
        if (index % 2 === 1) expect(key.slice(5)).toBe(String(keys[index - 1]).slice(5));
      });
      expect(new Set(keys).size).toBe(keys.length);
    }),
  );
});
