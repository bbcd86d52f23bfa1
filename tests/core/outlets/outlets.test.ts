import { describe, expect, test } from 'bun:test';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import { createJournal } from '../../../src/core/notifications/journal.ts';
import type { Outlet } from '../../../src/core/outlets/outlet.ts';
import { RefusedError, RetryLaterError } from '../../../src/core/outlets/outlet-errors.ts';
import { runOutlets } from '../../../src/core/outlets/outlets.ts';
import { keptNotifications } from '../../support/kept-notifications.ts';
import { keptOutlets } from '../../support/kept-outlets.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import { scriptedFeatures } from './scripted-features.ts';

const HOUR_MS = 3_600_000;

/** Outlets of a server that may be restarted; each fails as `failWith` says. */
function server() {
  const clock = createVirtualClock();
  const features = scriptedFeatures();
  const kept = { outlets: keptOutlets(), notifications: keptNotifications() };
  const failures = new Map<string, Error | null>();
  const delivered: string[] = [];
  const outlet = (name: string): Outlet => ({
    ...{ name, title: { en: name, pt: name }, target: name, watches: 'snapshots', passWithinMs: 60_000 },
    budget: { rate: { requests: 1, withinMs: 1 }, perMonth: null, requestWithinMs: 1_000 },
    nextPass: (now) => now + 60_000,
    async deliver() {
      const failure = failures.get(name) ?? null;
      if (failure !== null) throw failure;
      delivered.push(name);
    },
  });
  const start = () => {
    const onError = () => {};
    const journal = createJournal({ store: kept.notifications.open(), clock, onError });
    const outlets = runOutlets({
      outlets: [outlet('rows'), outlet('notion')],
      ...{ running: features.running, journal, store: kept.outlets.open(), clock, random: () => 1, onError },
      calendar: createCalendar('America/Sao_Paulo'),
    });
    outlets.start();
    return { outlets, titles: () => journal.after(0, 100).map(({ hub, title }) => `${hub}: ${title}`) };
  };
  features.publish('claims', 1);
  features.publish('users', 1);
  return { clock, features, failures, delivered, start };
}

describe('notifications', () => {
  test('one when an outlet breaks and one when it is back, also across restarts', async () => {
    const { clock, features, failures, start } = server();
    failures.set('rows', new RefusedError('the key is wrong'));
    const first = start();
    await clock.settle();
    const broken = ['all: rows is not kept up to date'];
    expect(first.titles()).toEqual(broken);
    await first.outlets.stop();

    const second = start();
    await clock.advance(HOUR_MS);
    expect(second.titles()).toEqual(broken);
    await second.outlets.stop();

    failures.set('rows', null);
    const third = start();
    await clock.settle();
    const back = [...broken, 'all: rows is up to date again'];
    expect(third.titles()).toEqual(back);
    await third.outlets.stop();

    const fourth = start();
    features.publish('claims', 2);
    await clock.advance(HOUR_MS);
    expect(fourth.titles()).toEqual(back);
  });

  test('none of a failure or two', async () => {
    const { clock, failures, start } = server();
    failures.set('rows', new RetryLaterError('cut'));
    const { titles } = start();
    await clock.advance(5_000);
    expect(titles()).toEqual([]);
    await clock.advance(10_000);
    expect(titles()).toEqual(['all: rows is not kept up to date']);
  });
});

test('an outlet that fails does not keep another from its passes', async () => {
  const { clock, failures, delivered, start } = server();
  failures.set('rows', new TypeError('a bug'));
  const { outlets } = start();
  await clock.settle();
  expect(delivered).toEqual(['notion']);
  expect(outlets.statuses().map(({ outlet, activity }) => [outlet, activity])).toEqual([
    ['rows', 'backing-off'],
    ['notion', 'idle'],
  ]);
  expect(outlets.find('notion')?.status().activity).toBe('idle');
  expect(outlets.find('nope')).toBeUndefined();
});
