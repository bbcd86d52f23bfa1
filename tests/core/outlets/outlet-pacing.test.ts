import { expect, test } from 'bun:test';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import { scriptedFeatures } from './scripted-features.ts';
import { scriptedOutlet } from './scripted-outlet.ts';

const DAY_MS = 86_400_000;
const START = new Date('2026-03-01T00:00:00-03:00').getTime();

/**
 * An outlet whose passes cost five requests each, with 155 a month of 31 days: 31 of them, so six passes, at any time, and the
 * others in a pass every day and a quarter.
 */
function paced() {
  const clock = createVirtualClock(START);
  const features = scriptedFeatures(['claims']);
  const passes: number[] = [];
  let version = 0;
  const scripted = scriptedOutlet({
    ...{ clock, features, send: async () => new Response('ok') },
    budget: { perMonth: 155 },
    outlet: {
      async deliver({ fetch, now, isRequested }) {
        for (let request = 0; request < 5; request++) await fetch('http://target.test/');
        if (!isRequested) passes.push((now - START) / DAY_MS);
      },
    },
  });
  const change = () => features.publish('claims', ++version);
  return { ...scripted, clock, change, passes };
}

test('passes are spread so that the requests of the month last', async () => {
  const { clock, change, passes, actor } = paced();
  for (let hour = 0; hour < 31 * 24; hour++) {
    change();
    await clock.advance(DAY_MS / 24);
  }
  const pauses = passes.slice(1).map((day, index) => day - (passes[index] ?? 0));
  expect(Math.max(...pauses.slice(0, 5))).toBeLessThan(0.1);
  // Those between the sixth pass of March and the first of April.
  const spread = pauses.slice(6, passes.findIndex((day) => day >= 31) - 1);
  expect(Math.min(...spread)).toBeGreaterThan(1.2);
  expect(Math.max(...spread)).toBeLessThan(1.35);
  expect(passes.filter((day) => day < 31)).toHaveLength(30);
  expect(actor.status()).toMatchObject({ requestsThisMonth: 5, monthlyRequests: 155 });
});

test('across restarts too', async () => {
  const { clock, change, passes, restart } = paced();
  for (let hour = 0; hour < 7; hour++) {
    change();
    await clock.advance(DAY_MS / 24);
  }
  expect(passes).toHaveLength(6);
  const again = await restart();
  change();
  expect(again.actor.status()).toMatchObject({ activity: 'waiting', requestsThisMonth: 30 });
  await clock.advance(DAY_MS / 2);
  expect(passes).toHaveLength(6);
  await clock.advance(DAY_MS);
  expect(passes).toHaveLength(7);
});

test('a requested pass does not wait, but counts', async () => {
  const { clock, change, passes, actor } = paced();
  change();
  await clock.settle();
  const ids = Array.from({ length: 30 }, () => '');
  for (const index of ids.keys()) {
    ids[index] = actor.sync(['claims']).id;
    await clock.advance(60_000);
  }
  expect(ids.map((id) => actor.job(id)?.status)).toEqual(ids.map(() => 'done'));
  const spent = actor.sync(['claims']).id;
  await clock.settle();
  expect(actor.job(spent)).toMatchObject({ status: 'failed', reason: 'the 155 requests of 2026-03 are spent' });
  expect(actor.status().activity).toBe('budget-spent');
  change();
  await clock.advance(30 * DAY_MS);
  expect(passes).toHaveLength(1);
  await clock.advance(DAY_MS);
  expect(passes).toHaveLength(2);
});
