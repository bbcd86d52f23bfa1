import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { FeedStatus } from '../../../src/core/feeds/feed-status.ts';
import { compareFeed, SOURCE_AVAILABLE } from '../../../src/core/notifications/feed-rule.ts';
import type { Occurrence } from '../../../src/core/runtime/notification-rule.ts';

const NOW = Date.UTC(2026, 2, 31, 12);
const NAMES = ['claims', 'users', 'storage'];
const LOST_AT = NOW - 5_000;

type Failing = NonNullable<FeedStatus['failing']>;

const LOST: Failing = { since: LOST_AT, reason: 'connection refused', blame: 'source' };

function statusOf(activity: FeedStatus['activity'], failing: FeedStatus['failing'] = null): FeedStatus {
  return {
    ...{ source: 'sql', description: 'test database', activity, isLoaded: true, mode: 'told', reason: null },
    ...{ position: null, lastSync: null, rowsRead: 0, reconciled: null, failing },
  };
}

const compare = (memory: string, status: FeedStatus, now = NOW) => compareFeed(memory, status, NAMES, now);
const keysOf = (occurrences: readonly Occurrence[]) => occurrences.map(({ key }) => key);

describe('a source is lost', () => {
  test('when its feed fails; the feed tells since when and why', () => {
    const { memory, occurrences } = compare(SOURCE_AVAILABLE, statusOf('backing-off', LOST));
    expect(memory).toBe(`${LOST_AT}`);
    expect(occurrences).toEqual([
      {
        key: `lost ${LOST_AT}`,
        severity: 'critical',
        title: 'The SQL database is lost',
        message: 'connection refused; until it is back, these stay as they are: claims, users, storage',
        data: { source: 'sql', features: NAMES, reason: 'connection refused', lostAt: '2026-03-31T11:59:55.000Z' },
      },
    ]);
  });

  test.each(['source', 'silence', 'feature'] as const)('whatever is to blame for that: %s', (blame) => {
    expect(compare(SOURCE_AVAILABLE, statusOf('backing-off', { ...LOST, blame })).occurrences).toHaveLength(1);
  });

  test('under the name that people know it by', () => {
    const status: FeedStatus = { ...statusOf('backing-off', LOST), source: 'documents' };
    expect(compare(SOURCE_AVAILABLE, status).occurrences[0]?.title).toBe('The document database is lost');
  });

  test.each(['opening', 'loading', 'following', 'backing-off', 'stopped', 'none'] as const)(
    'not when its feed does not fail: %s',
    (activity) => {
      expect(compare(SOURCE_AVAILABLE, statusOf(activity))).toEqual({ memory: SOURCE_AVAILABLE, occurrences: [] });
    },
  );

  test('once, however often it is tried and whatever else it fails of meanwhile', () => {
    const { memory } = compare(SOURCE_AVAILABLE, statusOf('backing-off', LOST));
    for (const status of [
      statusOf('backing-off', LOST),
      statusOf('opening', LOST),
      statusOf('loading', { ...LOST, reason: 'login failed', blame: 'feature' }),
      statusOf('backing-off', { ...LOST, since: NOW }),
      statusOf('stopped', LOST),
    ]) {
      expect(compare(memory, status)).toEqual({ memory, occurrences: [] });
    }
  });
});

describe('a source is back', () => {
  const lostAt = `${NOW - 200_000}`;

  test('when its feed follows it and does not fail', () => {
    const { memory, occurrences } = compare(lostAt, statusOf('following'));
    expect(memory).toBe(SOURCE_AVAILABLE);
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

  test.each([
    ['it still fails', statusOf('following', LOST)],
    ['a restarted server looks at it', statusOf('opening')],
    ['a restarted server loads it', statusOf('loading')],
    ['the server stops', statusOf('stopped')],
    ['it is not configured any more', statusOf('none')],
  ])('not while %s', (_what, status) => {
    expect(compare(lostAt, status)).toEqual({ memory: lostAt, occurrences: [] });
  });

  test.each([
    [0, '0 s'],
    [119, '119 s'],
    [7_000, '117 min'],
    [7_200, '2 h'],
    [-60, '0 s'],
  ])('after %d s it was lost for %s', (seconds, words) => {
    const { occurrences } = compare(`${NOW - seconds * 1000}`, statusOf('following'));
    expect(occurrences[0]?.message).toBe(`It was lost for ${words}`);
  });
});

test('lost and back take turns, whatever becomes of the feed', () => {
  const activities = fc.constantFrom<FeedStatus['activity']>('opening', 'loading', 'following', 'backing-off');
  const moments = fc.array(fc.tuple(activities, fc.boolean()), { maxLength: 30 });
  fc.assert(
    fc.property(moments, (all) => {
      let memory = SOURCE_AVAILABLE;
      const keys = all.flatMap(([activity, fails], index) => {
        const now = NOW + index * 10;
        const comparison = compare(memory, statusOf(activity, fails ? { ...LOST, since: now } : null), now);
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
