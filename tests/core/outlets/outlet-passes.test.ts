import { describe, expect, test } from 'bun:test';
import { deliveredOutlet, INTERVAL_MS, MINUTE_MS, scriptedOutlet } from './scripted-outlet.ts';

describe('the first pass', () => {
  test('waits until every feature has a snapshot', async () => {
    const { clock, features, passes, pass } = scriptedOutlet();
    features.publish('claims', 'claims 1');
    await clock.advance(MINUTE_MS - 1);
    expect(passes).toHaveLength(0);
    features.publish('users', 'users 1');
    await clock.settle();
    expect(pass().contents).toEqual({ claims: 'claims 1', users: 'users 1' });
    expect(pass().isRequested).toBe(false);
  });

  test('does not wait for a feature that fails', async () => {
    const { clock, features, pass } = scriptedOutlet();
    features.publish('claims', 'claims 1');
    features.fail('users');
    await clock.settle();
    expect(pass().contents).toEqual({ claims: 'claims 1' });
  });

  test('waits a minute at most', async () => {
    const { clock, features, pass } = scriptedOutlet();
    features.publish('claims', 'claims 1');
    await clock.advance(MINUTE_MS);
    expect(pass().contents).toEqual({ claims: 'claims 1' });
  });
});

test('a content from before a restart is not sent before the first refresh', async () => {
  const { clock, features, passes, pass } = scriptedOutlet();
  features.restore('claims', 'old');
  features.restore('users', 'old');
  await clock.settle();
  expect(passes).toHaveLength(0);
  features.publish('claims', 'claims 1');
  features.publish('users', 'users 1');
  await clock.settle();
  expect(pass().contents).toEqual({ claims: 'claims 1', users: 'users 1' });
});

describe('a change', () => {
  test('starts a pass at the end of the pause, with the newest contents', async () => {
    const { clock, features, passes, pass } = await deliveredOutlet();
    for (let change = 0; change < 100; change++) features.publish('claims', `claims ${change}`);
    await clock.advance(INTERVAL_MS - 1);
    expect(passes).toHaveLength(1);
    features.publish('users', 'users 2');
    await clock.advance(1);
    expect(passes).toHaveLength(2);
    expect(pass().contents).toEqual({ claims: 'claims 99', users: 'users 2' });
  });

  test('after the pause starts one at once', async () => {
    const { clock, features, passes } = await deliveredOutlet();
    await clock.advance(10 * INTERVAL_MS);
    expect(passes).toHaveLength(1);
    features.publish('claims', 'claims 2');
    await clock.settle();
    expect(passes).toHaveLength(2);
  });

  test('that is taken back before the pass needs none', async () => {
    const { clock, features, passes, actor } = await deliveredOutlet();
    features.publish('claims', 'claims 2');
    expect(actor.status()).toMatchObject({ activity: 'waiting', waiting: 1, nextPass: clock.now() + INTERVAL_MS });
    features.publish('claims', 'claims 1');
    expect(actor.status()).toMatchObject({ activity: 'idle', waiting: 0, nextPass: null });
    await clock.advance(10 * INTERVAL_MS);
    expect(passes).toHaveLength(1);
  });

  test('that is taken back after a pass failed halfway needs one: the target may hold a part of it', async () => {
    const { clock, features, passes, pass } = await deliveredOutlet();
    await clock.advance(INTERVAL_MS);
    features.publish('claims', 'claims 2');
    await clock.settle();
    features.publish('claims', 'claims 1');
    await pass().fail(new Error('cut'));
    await clock.advance(MINUTE_MS);
    expect(passes).toHaveLength(3);
    expect(pass().contents).toMatchObject({ claims: 'claims 1' });
  });

  test('during a pass starts the next one after the pause', async () => {
    const { clock, features, passes, pass } = await deliveredOutlet();
    await clock.advance(INTERVAL_MS);
    features.publish('claims', 'claims 2');
    await clock.settle();
    features.publish('claims', 'claims 3');
    await clock.advance(MINUTE_MS);
    await pass().succeed();
    await clock.advance(INTERVAL_MS - 1);
    expect(passes).toHaveLength(2);
    await clock.advance(1);
    expect(pass().contents).toMatchObject({ claims: 'claims 3' });
  });
});

describe('a restart', () => {
  test('alone sends nothing', async () => {
    const before = await deliveredOutlet();
    await before.clock.advance(INTERVAL_MS);
    const { clock, features, passes, actor } = await before.restart();
    await clock.advance(10 * INTERVAL_MS);
    features.publish('claims', 'claims 1');
    await clock.advance(10 * INTERVAL_MS);
    expect(passes).toHaveLength(0);
    expect(actor.status()).toMatchObject({ activity: 'idle', waiting: 0 });
    expect(actor.status().lastSuccess).toBe(before.actor.status().lastSuccess);
  });

  test('does not shorten the pause', async () => {
    const before = await deliveredOutlet();
    await before.clock.advance(MINUTE_MS);
    before.features.publish('claims', 'claims 2');
    const { clock, passes, pass } = await before.restart();
    await clock.advance(INTERVAL_MS - MINUTE_MS - 1);
    expect(passes).toHaveLength(0);
    await clock.advance(1);
    expect(pass().contents).toMatchObject({ claims: 'claims 2' });
  });

  test('with another target sends everything, with an empty memory', async () => {
    const before = await deliveredOutlet();
    await before.pass().memory.save({ tables: 'known' });
    const same = await before.restart();
    same.actor.sync(null);
    await same.clock.settle();
    expect(same.pass().memory.get('tables')).toBe('known');
    await same.pass().succeed();
    const { clock, pass } = await same.restart({ outlet: { target: 'spreadsheet 2' } });
    await clock.settle();
    expect(pass().contents).toEqual({ claims: 'claims 1', users: 'users 1' });
    expect([...pass().memory.entries()]).toEqual([]);
  });
});
