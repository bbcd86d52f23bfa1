import { expect, test } from 'bun:test';
import { createJournal, type Journal } from '../../../src/core/notifications/journal.ts';
import type { Pass } from '../../../src/core/outlets/outlet.ts';
import { RetryLaterError } from '../../../src/core/outlets/outlet-errors.ts';
import { keptNotifications } from '../../support/kept-notifications.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import { scriptedOutlet } from './scripted-outlet.ts';

const WEBHOOK = { name: 'webhook', watches: 'notifications', nextPass: (now: number) => now } as const;

/** An outlet of notifications, started after one was published. */
function webhook() {
  const clock = createVirtualClock();
  const journal = createJournal({ store: keptNotifications().open(), clock, onError: () => {} });
  notify(journal, 'before');
  const start = async () => {
    await clock.settle();
    return scriptedOutlet({ clock, journal, outlet: WEBHOOK });
  };
  return { clock, journal, start };
}

function notify(journal: Journal, title: string): void {
  const occurrence = { key: title, severity: 'info', title, message: title, data: {} } as const;
  journal.note({ hub: 'claims', rule: 'rule', memory: title, occurrences: [occurrence] });
}

const titlesOf = ({ notificationsAfter }: Pick<Pass, 'notificationsAfter'>) =>
  notificationsAfter(0, 10).map(({ title }) => title);

test('a notification starts a pass at once, without those from before the first start', async () => {
  const { clock, journal, start } = webhook();
  const { passes, pass, actor } = await start();
  await clock.settle();
  expect(passes).toHaveLength(0);
  notify(journal, 'first');
  await clock.settle();
  expect(titlesOf(pass())).toEqual(['first']);
  expect(actor.status().waiting).toBe(1);
  await pass().succeed();
  expect(actor.status()).toMatchObject({ activity: 'idle', waiting: 0 });
});

test('those that come during a pass start the next one', async () => {
  const { clock, journal, start } = webhook();
  const { passes, pass, actor } = await start();
  notify(journal, 'first');
  await clock.settle();
  notify(journal, 'second');
  await clock.settle();
  expect(actor.status()).toMatchObject({ activity: 'delivering', waiting: 2 });
  await pass().succeed();
  expect(passes).toHaveLength(2);
  await pass().succeed();
  expect(actor.status().waiting).toBe(0);
});

test('a restart alone starts none; what came or failed before it does', async () => {
  const { clock, journal, start } = webhook();
  const first = await start();
  notify(journal, 'first');
  await clock.settle();
  await first.pass().succeed();
  const second = await first.restart();
  await clock.advance(3_600_000);
  expect(second.passes).toHaveLength(0);

  notify(journal, 'second');
  await clock.settle();
  await second.pass().fail(new RetryLaterError('cut'));
  const third = await second.restart();
  await clock.settle();
  expect(titlesOf(third.pass())).toEqual(['first', 'second']);
  expect(third.actor.status().waiting).toBe(1);
});
