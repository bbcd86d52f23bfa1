import { beforeEach, describe, expect, test } from 'bun:test';
import type { Notification } from '../../src/client/index.ts';
import { NotificationFeed, PAGE } from '../../src/client/notification-feed.ts';

const notification = (id: number): Notification => ({
  id,
  hub: 'claims',
  severity: 'info',
  title: `Number ${id}`,
  message: '',
  at: '2026-03-01T12:00:00.000Z',
  data: {},
});
const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** What the server keeps. */
let kept: number[];
let handedOn: number[];
/** The ids that were asked from. */
let asked: number[];
let answer: (id: number) => Promise<readonly Notification[]>;
let feed: NotificationFeed;

beforeEach(() => {
  kept = [];
  handedOn = [];
  asked = [];
  answer = async (id) =>
    kept
      .filter((each) => each > id)
      .slice(0, PAGE)
      .map(notification);
  feed = new NotificationFeed({
    after(id) {
      asked.push(id);
      return answer(id);
    },
    onNotification: ({ id }) => handedOn.push(id),
  });
});

/** A connection opens, and the hub sends the last 50. */
async function open(): Promise<void> {
  const resumed = feed.resume();
  for (const id of kept.slice(-50)) feed.receive(notification(id));
  await resumed;
}

describe('notifications', () => {
  test('are handed on once each, those that a hub repeats left out', async () => {
    kept = range(1, 60);
    await open();
    feed.receive(notification(61));
    feed.receive(notification(61));
    feed.receive(notification(30));
    expect(handedOn).toEqual(range(11, 61));
    expect(asked).toEqual([]);
  });

  test('that were missed come after a reconnect, all of them and in their order', async () => {
    kept = range(1, 10);
    await open();
    kept = range(1, 1_700);
    await open();
    expect(handedOn).toEqual(range(1, 1_700));
    expect(asked).toHaveLength(4);
  });

  test('that came after the first connection found none are missed too', async () => {
    await open();
    kept = range(1, 200);
    await open();
    expect(handedOn).toEqual(range(1, 200));
  });

  test('that arrive while what was missed is read wait for it', async () => {
    kept = range(1, 10);
    await open();
    kept = range(1, 700);
    const resumed = feed.resume();
    feed.receive(notification(702));
    feed.receive(notification(701));
    await resumed;
    feed.receive(notification(703));
    expect(handedOn).toEqual(range(1, 703));
  });

  test('that could not be read are read at the next connection, and the new ones do not wait for them', async () => {
    kept = range(1, 10);
    await open();
    kept = range(1, 100);
    const works = answer;
    answer = () => Promise.reject(new Error('unreachable'));
    await open();
    expect(handedOn).toEqual([...range(1, 10), ...range(51, 100)]);
    answer = works;
    await open();
    expect(handedOn).toEqual([...range(1, 10), ...range(51, 100), ...range(11, 50)]);
  });

  test('are read from where the last reading ended, when another connection opens meanwhile', async () => {
    kept = range(1, 10);
    await open();
    kept = range(1, 100);
    const { promise, resolve } = Promise.withResolvers<readonly Notification[]>();
    const works = answer;
    answer = () => promise;
    const first = feed.resume();
    answer = works;
    await open();
    resolve([notification(999)]);
    await first;
    expect(handedOn).toEqual(range(1, 100));
  });

  test('whose ids restart, as the server lost its state, are new, and the next reading starts from them', async () => {
    kept = range(1, 60);
    await open();
    kept = [];
    await open();
    const restarted = (id: number) => ({ ...notification(id), at: '2026-03-02T12:00:00.000Z' });
    for (const id of [11, 12, 12]) feed.receive(restarted(id));
    expect(handedOn).toEqual([...range(11, 60), 11, 12]);
    answer = async (id) =>
      range(1, 20)
        .filter((each) => each > id)
        .map(restarted);
    await feed.resume();
    expect(handedOn).toEqual([...range(11, 60), ...range(11, 20)]);
  });
});
