import { beforeEach, describe, expect, test } from 'bun:test';
import { FormatRegistry } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { createJournal, type Journal, MOST_KEPT } from '../../../src/core/notifications/journal.ts';
import { Notification } from '../../../src/core/notifications/notification.ts';
import { forNewSources } from '../../../src/core/notifications/notification-store.ts';
import type { Occurrence } from '../../../src/core/runtime/notification-rule.ts';
import { type KeptNotifications, keptNotifications } from '../../support/kept-notifications.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';

if (!FormatRegistry.Has('date-time')) FormatRegistry.Set('date-time', (text) => new Date(text).toISOString() === text);

const DAY_MS = 86_400_000;

let clock: VirtualClock;
let store: KeptNotifications;
let errors: unknown[];
let told: string[];
let journal: Journal;

function open(): Journal {
  const opened = createJournal({ store: store.open(), clock, onError: (error) => errors.push(error) });
  opened.published.subscribe(({ title }) => told.push(title));
  return opened;
}

beforeEach(() => {
  clock = createVirtualClock();
  store = keptNotifications();
  errors = [];
  told = [];
  journal = open();
});

const occurrence = (key: string): Occurrence => ({ key, severity: 'info', title: key, message: '', data: { key } });

async function note(keys: readonly string[], memory = keys.join(), rule = 'rule', to = journal): Promise<void> {
  to.note({ hub: 'claims', rule, memory, occurrences: keys.map(occurrence) });
  await clock.settle();
}

const idsOf = (notifications: readonly Notification[]) => notifications.map(({ id }) => id);

describe('an occurrence', () => {
  test('is published with an id, the hub, and when it was noticed', async () => {
    await note(['a']);
    const [notification] = journal.newest(1);
    expect(notification).toEqual({
      id: clock.now(),
      hub: 'claims',
      severity: 'info',
      title: 'a',
      message: '',
      at: new Date(clock.now()).toISOString(),
      data: { key: 'a' },
    });
    expect(Value.Check(Notification, notification)).toBe(true);
  });

  test('is published once: within a finding, over findings, and over a restart', async () => {
    await note(['a', 'a', 'b']);
    await note(['b', 'c']);
    journal = open();
    await note(['a', 'c', 'd']);
    expect(told).toEqual(['a', 'b', 'c', 'd']);
  });

  test('of one rule is none of another', async () => {
    await note(['a'], '', 'one');
    await note(['a'], '', 'other');
    expect(told).toEqual(['a', 'a']);
  });
});

describe('ids', () => {
  test('grow within a finding, within a millisecond, when the clock is set back, and over a restart', async () => {
    await note(['a', 'b', 'c']);
    await note(['d']);
    clock.shiftWall(-DAY_MS);
    await note(['e']);
    journal = open();
    await note(['f']);
    clock.shiftWall(2 * DAY_MS);
    await note(['g']);
    const ids = idsOf(journal.newest(10)).reverse();
    expect(ids).toEqual(ids.toSorted((left, right) => left - right));
    expect(new Set(ids).size).toBe(7);
    expect(ids.at(-1)).toBe(clock.now());
    expect(journal.lastId).toBe(clock.now());
  });

  test('grow though the store is lost', async () => {
    await note(['a']);
    const before = journal.lastId;
    store = keptNotifications();
    await clock.advance(1);
    journal = open();
    expect(journal.lastId).toBe(0);
    await note(['b']);
    expect(journal.lastId).toBeGreaterThan(before);
  });
});

describe('the newest', () => {
  test('come newest first, as many as asked for', async () => {
    await note(['a', 'b', 'c', 'd']);
    expect(journal.newest(10).map(({ title }) => title)).toEqual(['d', 'c', 'b', 'a']);
    expect(journal.newest(2).map(({ title }) => title)).toEqual(['d', 'c']);
  });

  test(`are ${MOST_KEPT} at most`, async () => {
    await note(Array.from({ length: MOST_KEPT + 20 }, (_, index) => `${index}`));
    await note(['last']);
    const listed = journal.newest(MOST_KEPT + 100);
    expect(listed).toHaveLength(MOST_KEPT);
    expect(listed[0]?.title).toBe('last');
    journal = open();
    expect(journal.newest(MOST_KEPT + 100)).toEqual(listed);
  });
});

describe('what came after a notification', () => {
  const titlesOf = (notifications: readonly Notification[]) => notifications.map(({ title }) => title);

  test('comes oldest first, as many as asked for', async () => {
    await note(['a', 'b', 'c', 'd']);
    const [, c = 0, , a = 0] = idsOf(journal.newest(10));
    expect(titlesOf(journal.after(0, 10))).toEqual(['a', 'b', 'c', 'd']);
    expect(titlesOf(journal.after(a, 2))).toEqual(['b', 'c']);
    expect(titlesOf(journal.after(a - 1, 1))).toEqual(['a']);
    expect(titlesOf(journal.after(c, 10))).toEqual(['d']);
    expect(journal.after(journal.lastId, 10)).toEqual([]);
    expect(journal.after(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  });

  test('is all there, however long ago, until it is forgotten, over a restart too', async () => {
    await note(Array.from({ length: 2_000 }, (_, index) => `${index}`));
    journal = open();
    const read: Notification[] = [];
    for (let page = journal.after(0, 300); page.length > 0; page = journal.after(read.at(-1)?.id ?? 0, 300)) {
      read.push(...page);
    }
    expect(titlesOf(read)).toEqual(Array.from({ length: 2_000 }, (_, index) => `${index}`));
    expect(journal.oldestId).toBe(read[0]?.id ?? null);
  });

  test('is forgotten after 30 days, and the oldest says so', async () => {
    expect(journal.oldestId).toBeNull();
    await note(['a', 'b']);
    const first = journal.oldestId;
    expect(first).toBe(journal.after(0, 1)[0]?.id ?? null);
    await clock.advance(31 * DAY_MS);
    await note(['c']);
    expect(titlesOf(journal.after(0, 10))).toEqual(['c']);
    expect(journal.oldestId).toBe(journal.lastId);
    expect(journal.oldestId).not.toBe(first);
  });
});

describe('what is kept', () => {
  test("comes before the publication, in one write with the rule's memory", async () => {
    store.hold();
    await note(['a', 'b'], 'seen');
    expect(told).toEqual([]);
    expect(journal.newest(10)).toEqual([]);
    expect(store.entries).toHaveLength(1);
    expect(store.entries[0]).toMatchObject({ memory: 'seen', forgetBefore: clock.now() - 30 * DAY_MS });
    // Not told twice, though the first is still under way.
    await note(['a', 'c'], 'seen');
    store.release();
    await clock.settle();
    expect(told).toEqual(['a', 'b', 'c']);
  });

  test('is not written again where nothing is new', async () => {
    await note([], 'same');
    await note([], 'same');
    await note([], 'other');
    expect(store.entries.map(({ memory }) => memory)).toEqual(['same', 'other']);
    expect(open().memory('rule')).toBe('other');
    expect(open().memory('another rule')).toBeUndefined();
  });

  test('of regenerated sources lists earlier notifications, and hides no occurrence of the new ones', async () => {
    await note(['a'], 'seen');
    const lastId = journal.lastId;
    clock.shiftWall(-DAY_MS);
    const reopen = () =>
      createJournal({
        store: forNewSources(store.open(), clock.now()),
        clock,
        onError: (error) => errors.push(error),
      });
    const first = reopen();
    expect(first.memory('rule')).toBeUndefined();
    expect(first.newest(10).map(({ title }) => title)).toEqual(['a']);
    await note(['a'], 'again', 'rule', first);
    await note(['a'], 'once', 'rule', first);
    expect(idsOf(first.newest(10))).toEqual([lastId + 1, lastId]);
    await clock.advance(1);
    const second = reopen();
    await note(['a'], 'again', 'rule', second);
    expect(idsOf(second.newest(10))).toEqual([lastId + 2, lastId + 1, lastId]);
  });

  test('may fail: notifications are still sent, and the first error of each failure is reported', async () => {
    const error = new Error('disk full');
    store.failWith(error);
    await note(['a']);
    await note(['a', 'b']);
    store.failWith(null);
    await note(['a', 'b', 'c']);
    store.failWith(error);
    await note(['a', 'b', 'c', 'd']);
    expect(told).toEqual(['a', 'b', 'c', 'd']);
    expect(errors).toEqual([error, error]);
  });

  test('is bounded: an occurrence is forgotten after 30 days, or behind 10,000 others', async () => {
    await note(['a']);
    await clock.advance(30 * DAY_MS);
    await note(['a']);
    expect(told).toEqual(['a']);
    await clock.advance(1);
    await note(['b']);
    await note(['a']);
    expect(told).toEqual(['a', 'b', 'a']);
    await note(Array.from({ length: MOST_KEPT }, (_, index) => `${index}`));
    await note(['b']);
    expect(told.filter((title) => title === 'b')).toHaveLength(2);
  });
});
