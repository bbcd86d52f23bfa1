import { describe, expect, test } from 'bun:test';
import { RefusedError, RetryLaterError } from '../../../src/core/outlets/outlet-errors.ts';
import { deliveredOutlet, MINUTE_MS, scriptedOutlet } from './scripted-outlet.ts';

describe('a job', () => {
  test('starts a pass at once though nothing changed, and is done with it', async () => {
    const { clock, actor, passes, pass } = await deliveredOutlet();
    const requestedAt = clock.now();
    const job = actor.sync(['claims']);
    await clock.settle();
    expect(passes).toHaveLength(2);
    expect(pass().isRequested).toBe(true);
    expect([...pass().requestedFeatures]).toEqual(['claims']);
    const running = { ...job, status: 'running', startedAt: requestedAt } as const;
    expect(actor.job(job.id)).toEqual({
      ...running,
      requestedAt,
      reason: null,
      endedAt: null,
      outlet: 'rows',
      features: ['claims'],
    });
    await clock.advance(100);
    await pass().succeed();
    expect(actor.job(job.id)).toEqual({ ...running, status: 'done', endedAt: requestedAt + 100 });
  });

  test('during a pass waits for the next one; all that wait are served by it', async () => {
    const { clock, actor, passes, pass } = await deliveredOutlet();
    actor.sync(['claims']);
    await clock.settle();
    const jobs = [actor.sync(['claims']), actor.sync(['users']), actor.sync(null)];
    expect(jobs.map(({ status }) => status)).toEqual(['queued', 'queued', 'queued']);
    await pass().succeed();
    expect(passes).toHaveLength(3);
    await pass().succeed();
    expect(jobs.map(({ id }) => actor.job(id)?.status)).toEqual(['done', 'done', 'done']);
    expect(passes).toHaveLength(3);
  });

  test('is the one that is queued for the same features', async () => {
    const { clock, actor } = await deliveredOutlet();
    actor.sync(null);
    await clock.settle();
    const ids = Array.from({ length: 1_000 }, () => actor.sync(['claims']).id);
    expect(new Set(ids).size).toBe(1);
    expect(actor.sync(['users']).id).not.toBe(ids[0]);
  });

  test('that is refused has failed, with why', async () => {
    const { clock, actor, pass } = await deliveredOutlet();
    const { id } = actor.sync(['claims']);
    await clock.settle();
    await pass().fail(new RefusedError('the key is wrong'));
    expect(actor.job(id)).toMatchObject({ status: 'failed', reason: 'the key is wrong', endedAt: clock.now() });
  });

  test('stays running through failures', async () => {
    const { clock, actor, pass } = await deliveredOutlet();
    const { id } = actor.sync(['claims']);
    await clock.settle();
    for (const wait of [5_000, 10_000]) {
      await pass().fail(new RetryLaterError('cut'));
      expect(actor.job(id)).toMatchObject({ status: 'running', reason: null });
      await clock.advance(wait);
    }
    expect(pass().isRequested).toBe(true);
    expect([...pass().requestedFeatures]).toEqual(['claims']);
    await pass().succeed();
    expect(actor.job(id)?.status).toBe('done');
  });

  test('fails after ten minutes of them, with why', async () => {
    const { clock, actor, passes, pass } = await deliveredOutlet();
    const { id } = actor.sync(['claims']);
    await clock.settle();
    const from = clock.now();
    while (actor.job(id)?.status === 'running') {
      await pass().fail(new RetryLaterError('cut'));
      const { nextPass } = actor.status();
      if (nextPass !== null) await clock.advance(nextPass - clock.now());
    }
    expect(actor.job(id)).toMatchObject({ status: 'failed', reason: 'cut' });
    expect(clock.now() - from).toBeLessThanOrEqual(10 * MINUTE_MS);
    expect(passes.length).toBeGreaterThan(5);
    // Nothing else waits.
    expect(actor.status().nextPass).toBeNull();
  });

  test('for a feature without a snapshot has failed when the pass ends', async () => {
    const { clock, actor, features, pass } = scriptedOutlet();
    features.publish('claims', 'claims 1');
    features.fail('users');
    await clock.settle();
    await pass().succeed();
    const jobs = [actor.sync(['claims']), actor.sync(['users']), actor.sync(null)];
    await clock.settle();
    await pass().succeed();
    await pass().succeed();
    const found = jobs.map(({ id }) => actor.job(id));
    expect(found.map((job) => job?.status)).toEqual(['done', 'failed', 'failed']);
    expect(found[1]?.reason).toBe('there is no snapshot yet of users');
  });
});

describe('jobs', () => {
  test('survive a restart: ended ones as they are, the others are taken up again', async () => {
    const before = await deliveredOutlet();
    const done = before.actor.sync(['claims']);
    await before.clock.settle();
    await before.pass().succeed();
    const running = before.actor.sync(['claims']);
    await before.clock.settle();
    const queued = before.actor.sync(['users']);
    const { clock, actor, passes, pass } = await before.restart();
    await clock.settle();
    expect(actor.job(done.id)?.status).toBe('done');
    expect(passes).toHaveLength(1);
    await pass().succeed();
    expect([running, queued].map(({ id }) => actor.job(id)?.status)).toEqual(['done', 'done']);
  });

  test('are forgotten once a hundred later ones have ended', async () => {
    const { clock, actor, pass, restart } = await deliveredOutlet();
    const ids: string[] = [];
    for (let count = 0; count < 102; count++) {
      ids.push(actor.sync(['claims']).id);
      await clock.settle();
      await clock.advance(1);
      await pass().succeed();
    }
    const known = ids.map((id) => actor.job(id) !== undefined);
    expect(known).toEqual([false, false, ...Array.from({ length: 100 }, () => true)]);
    const { actor: next } = await restart();
    expect(ids.map((id) => next.job(id) !== undefined)).toEqual(known);
  });

  test('that nobody requested are unknown', async () => {
    const { actor } = await deliveredOutlet();
    expect(actor.job('nope')).toBeUndefined();
  });
});
