import { describe, expect, test } from 'bun:test';
import { featureState, isSettling } from '../../src/web/live/feature-state.ts';

const AT = '2026-11-27T12:00:00.000Z';
const NOW = Date.parse('2026-11-27T12:05:00.000Z');
const open = { name: 'open', since: NOW - 60_000, attempt: 1 } as const;

describe('how far figures can be trusted', () => {
  test('they are awaited at first, and after a while there is no source', () => {
    expect(featureState(undefined, undefined, { ...open, since: NOW - 1000 }, NOW)).toEqual({ kind: 'waiting' });
    expect(featureState(undefined, undefined, { ...open, name: 'connecting' }, NOW)).toEqual({ kind: 'waiting' });
    expect(featureState(undefined, undefined, open, NOW)).toEqual({
      kind: 'no-source',
      since: open.since,
      reason: null,
    });
  });

  test('there is no source as soon as the server gives a reason, even while it connects anew', () => {
    const status = { status: 'none', since: AT, reason: 'The table Claims does not exist' } as const;
    const expected = { kind: 'no-source', since: Date.parse(AT), reason: status.reason } as const;
    expect(featureState(undefined, status, { ...open, since: NOW }, NOW)).toEqual(expected);
    expect(featureState(undefined, status, { ...open, name: 'connecting' }, NOW)).toEqual(expected);
  });

  test('they are live from the instant of their snapshot', () => {
    expect(featureState({ at: AT, status: 'live' }, undefined, open, NOW)).toEqual({
      kind: 'live',
      at: Date.parse(AT),
    });
  });

  test('they are stale since the source failed, and why', () => {
    const since = '2026-11-27T12:03:00.000Z';
    const status = { status: 'stale', since, reason: 'the SQL database does not answer' } as const;
    expect(featureState({ at: AT, status: 'live' }, status, open, NOW)).toEqual({
      kind: 'stale',
      since: Date.parse(since),
      reason: status.reason,
    });
  });

  test('a stale snapshot is stale before its status is known, and live again once the status says so', () => {
    const stale = { at: AT, status: 'stale' } as const;
    expect(featureState(stale, undefined, open, NOW).kind).toBe('stale');
    expect(featureState(stale, { status: 'live', since: null, reason: null }, open, NOW).kind).toBe('live');
  });
});

test('a stale feature is news only once the connection has settled: a server that restarts is stale for a moment', () => {
  expect(isSettling({ ...open, since: NOW - 1_000 }, NOW)).toBe(true);
  expect(isSettling({ ...open, since: NOW - 5_000 }, NOW)).toBe(false);
  expect(isSettling({ name: 'waiting', since: NOW - 1_000 }, NOW)).toBe(false);
});
