import { beforeEach, describe, expect, test } from 'bun:test';
import type { Client, ClientEvents, ConnectionState, Notification, Snapshot } from '../../src/client/index.ts';
import { createLive, type Live } from '../../src/web/live/live.ts';

/** A client whose events the test emits. */
function createScriptedClient(): Client & {
  emit<Name extends keyof ClientEvents>(name: Name, value: ClientEvents[Name]): void;
} {
  const listeners: { [Name in keyof ClientEvents]: ((value: ClientEvents[Name]) => void)[] } = {
    snapshot: [],
    status: [],
    notification: [],
    state: [],
    about: [],
    version: [],
    clock: [],
  };
  return {
    state: { name: 'closed', since: 0, attempt: 0 },
    snapshots: {},
    about: undefined,
    connect() {},
    close() {},
    on(name, listener) {
      listeners[name].push(listener);
      return () => {};
    },
    forceUpdate: () => Promise.resolve({ status: 'ok' }),
    history: () => Promise.reject(new Error('Nothing is asked')),
    rest: () => Promise.reject(new Error('Nothing is asked')),
    emit(name, value) {
      for (const listener of listeners[name]) listener(value);
    },
  };
}

function content(seq: number, at: string, status: 'live' | 'stale' = 'live'): Snapshot<'content'> {
  const summary = {
    TotalCourses: seq,
    ActiveCourses: 0,
    TotalVideosLib: 0,
    AvgVideosPerCourse: 0,
    VideosAvailable: 0,
    VideosProcessing: 0,
    VideosError: 0,
    TotalMinutes: 0,
  };
  return {
    feature: 'content',
    seq,
    at,
    reason: 'Auto',
    status,
    unavailable: [],
    problems: [],
    data: { summary, list: [] },
  };
}

function notification(id: number, at: string): Notification {
  return { id, hub: 'claims', severity: 'info', title: '', message: '', at, data: {} };
}

function state(name: 'connecting' | 'open', since: number): ConnectionState {
  return { name, since, attempt: 1 };
}

let client: ReturnType<typeof createScriptedClient>;
let clock: number;
let live: Live;

beforeEach(() => {
  client = createScriptedClient();
  clock = Date.parse('2026-11-27T12:00:00.000Z');
  live = createLive(client, () => clock);
});

describe('snapshots', () => {
  test('the first one since the page opened is what changes are counted from', () => {
    client.emit('snapshot', content(1, '2026-11-27T12:00:00.000Z'));
    client.emit('snapshot', content(2, '2026-11-27T12:00:01.000Z'));
    expect(live.baselines.content.value?.seq).toBe(1);
    expect(live.snapshots.content.value?.seq).toBe(2);
  });

  test('one that is live ends what was said of a failed source', () => {
    client.emit('status', { feature: 'content', status: 'stale', since: '2026-11-27T12:00:00.000Z', reason: 'gone' });
    expect(live.statuses.content.value?.status).toBe('stale');
    client.emit('snapshot', content(3, '2026-11-27T12:00:02.000Z'));
    expect(live.statuses.content.value?.status).toBe('live');
  });
});

describe('the connection', () => {
  test('is lost from the first wait on, however many attempts follow', () => {
    client.emit('state', state('open', 1));
    expect(live.lostSince.value).toBeUndefined();
    client.emit('state', { name: 'waiting', since: 5, attempt: 1, nextAttemptAt: 6 });
    client.emit('state', state('connecting', 6));
    client.emit('state', { name: 'waiting', since: 7, attempt: 2, nextAttemptAt: 9 });
    expect(live.lostSince.value).toBe(5);
    client.emit('state', state('open', 9));
    expect(live.lostSince.value).toBeUndefined();
  });

  test('is refused through further attempts, until one opens', () => {
    client.emit('state', { name: 'refused', since: 1, attempt: 1, code: 401, words: 'No' });
    client.emit('state', state('connecting', 2));
    client.emit('state', { name: 'waiting', since: 3, attempt: 1, nextAttemptAt: 4 });
    expect(live.refused.value?.code).toBe(401);
    client.emit('state', state('open', 5));
    expect(live.refused.value).toBeUndefined();
  });

  test.each(['expired', 'revoked'] as const)('takes the figures away when the token is %s', (code) => {
    client.emit('snapshot', content(1, '2026-11-27T12:00:00.000Z'));
    client.emit('state', { name: 'refused', since: 1, attempt: 1, code, words: 'No' });
    expect(live.snapshots.content.value).toBeUndefined();
    client.emit('snapshot', content(1, '2026-11-27T12:00:00.000Z'));
    expect(live.snapshots.content.value?.seq).toBe(1);
  });

  test('is not lost while the first attempt is under way', () => {
    client.emit('state', state('connecting', 1));
    expect(live.lostSince.value).toBeUndefined();
  });
});

describe('notifications', () => {
  test('what comes with the connection is history, and what happens later arrives', () => {
    client.emit('state', state('open', clock));
    client.emit('snapshot', content(1, '2026-11-27T11:59:59.000Z'));
    client.emit('notification', notification(1, '2026-11-27T11:00:00.000Z'));
    clock += 10_000;
    client.emit('notification', notification(2, '2026-11-27T12:00:09.000Z'));
    expect(live.notifications.value.map(({ id }) => id)).toEqual([2, 1]);
    expect(live.arrivals.value.map(({ id }) => id)).toEqual([2]);
    live.dismiss(notification(2, '2026-11-27T12:00:09.000Z'));
    expect(live.arrivals.value).toEqual([]);
    expect(live.notifications.value).toHaveLength(2);
  });

  test('one is dismissed, and not another with the same id from a server that lost its state', () => {
    client.emit('state', state('open', clock));
    client.emit('snapshot', content(1, '2026-11-27T11:59:59.000Z'));
    clock += 10_000;
    client.emit('notification', notification(1, '2026-11-27T12:00:09.000Z'));
    client.emit('notification', notification(1, '2026-11-27T12:00:10.000Z'));
    live.dismiss(notification(1, '2026-11-27T12:00:09.000Z'));
    expect(live.arrivals.value.map(({ at }) => at)).toEqual(['2026-11-27T12:00:10.000Z']);
  });

  test('history that a slow browser reads late is still history', () => {
    client.emit('state', state('open', clock));
    client.emit('snapshot', content(1, '2026-11-27T11:59:59.000Z'));
    clock += 10_000;
    client.emit('notification', notification(1, '2026-11-27T11:00:00.000Z'));
    expect(live.arrivals.value).toEqual([]);
  });

  test('are kept newest first, and no more than fifty', () => {
    for (let id = 1; id <= 60; id += 1) client.emit('notification', notification(id, '2026-11-27T11:00:00.000Z'));
    expect(live.notifications.value).toHaveLength(50);
    expect(live.notifications.value[0]?.id).toBe(60);
  });
});
