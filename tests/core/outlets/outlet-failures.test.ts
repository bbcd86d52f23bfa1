import { describe, expect, test } from 'bun:test';
import {
  BudgetSpentError,
  errorOfAnswer,
  RefusedError,
  RetryLaterError,
} from '../../../src/core/outlets/outlet-errors.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { deliveredOutlet, INTERVAL_MS, MINUTE_MS, PASS_WITHIN_MS, scriptedOutlet } from './scripted-outlet.ts';

const HOUR_MS = 60 * MINUTE_MS;

/** An outlet with its second pass in flight. */
async function delivering() {
  const scripted = await deliveredOutlet();
  await scripted.clock.advance(INTERVAL_MS);
  scripted.features.publish('claims', 'claims 2');
  await scripted.clock.settle();
  return scripted;
}

describe('a pass that fails', () => {
  test('is followed by another with the newest contents, after waits that double', async () => {
    const { clock, features, passes, pass, actor } = await delivering();
    for (const [failures, wait] of [5_000, 10_000, 20_000].entries()) {
      await pass().fail(new RetryLaterError('cut'));
      expect(actor.status()).toMatchObject({
        activity: 'backing-off',
        failing: { reason: 'cut', passes: failures + 1 },
        nextPass: clock.now() + wait,
      });
      features.publish('claims', `claims after ${wait}`);
      await clock.advance(wait - 1);
      expect(passes).toHaveLength(2 + failures);
      await clock.advance(1);
      expect(pass().contents).toMatchObject({ claims: `claims after ${wait}` });
    }
    await pass().succeed();
    expect(actor.status()).toMatchObject({ activity: 'idle', failing: null, waiting: 0, lastSuccess: clock.now() });
  });

  test('waits a quarter of an hour at most', async () => {
    const { clock, pass, actor } = await delivering();
    const waits: number[] = [];
    for (let failure = 0; failure < 20; failure++) {
      await pass().fail(new RetryLaterError('cut'));
      waits.push((actor.status().nextPass ?? 0) - clock.now());
      await clock.advance(waits.at(-1) ?? 0);
    }
    expect(Math.max(...waits)).toBe(15 * MINUTE_MS);
    expect(waits.at(-1)).toBe(15 * MINUTE_MS);
  });

  const DATED = new Date(Date.UTC(2026, 2, 15, 18)).toUTCString();
  test.each([
    ['seconds', '3600', HOUR_MS],
    ['more than a day of them', '3000000', 86_400_000],
    ['a date', DATED, Date.UTC(2026, 2, 15, 18) - Date.UTC(2026, 2, 15, 12) - INTERVAL_MS],
  ])('waits as long as Retry-After says: %s', async (_, value, wait) => {
    const { clock, passes, pass, actor } = await delivering();
    const answer = { status: 429, headers: new Headers({ 'retry-after': value }), message: 'too many requests' };
    await pass().fail(errorOfAnswer(answer, clock.now()));
    expect(actor.status().nextPass).toBe(clock.now() + wait);
    await clock.advance(wait - 1);
    expect(passes).toHaveLength(2);
    await clock.advance(1);
    expect(passes).toHaveLength(3);
  });

  test('and had to wait does so across a restart', async () => {
    const before = await delivering();
    await before.pass().fail(new RetryLaterError('too many requests', HOUR_MS));
    await before.clock.advance(10 * MINUTE_MS);
    const { clock, passes, actor } = await before.restart();
    actor.sync(null);
    await clock.advance(50 * MINUTE_MS - 1);
    expect(passes).toHaveLength(0);
    await clock.advance(1);
    expect(passes).toHaveLength(1);
  });

  test.each([
    ['a RetryLaterError', new RetryLaterError('api.rows.com answered 500\nits body'), 'api.rows.com answered 500', 0],
    ['a SourceError', new SourceError('The store does not answer'), 'The store does not answer', 0],
    [
      'a full disk',
      Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC', syscall: 'write' }),
      'ENOSPC: no space left',
      0,
    ],
    ['a bug', new TypeError('x is not a function'), 'an unexpected error, which has been logged', 1],
    ['something that is no error', 'secret', 'an unexpected error, which has been logged', 1],
  ])('says why, and nothing of what may be secret: %s', async (_, error, reason, unexpected) => {
    const { pass, actor, errors } = await delivering();
    await pass().fail(error);
    expect(actor.status().failing?.reason).toBe(reason);
    expect(errors).toHaveLength(unexpected);
  });

  test('by throwing at once is a failure like any other', async () => {
    const outlet = {
      deliver() {
        throw new TypeError('a bug');
      },
    };
    const { clock, features, errors, actor } = scriptedOutlet({ outlet });
    features.publish('claims', 1);
    features.publish('users', 1);
    await clock.settle();
    expect(errors).toHaveLength(1);
    expect(actor.status().activity).toBe('backing-off');
  });
});

describe('a pass that takes too long', () => {
  test('is aborted, and its late end changes nothing', async () => {
    const { clock, passes, pass, actor } = await delivering();
    await clock.advance(PASS_WITHIN_MS);
    const late = pass();
    expect(late.signal.aborted).toBe(true);
    expect(actor.status().failing?.reason).toBe('the target was not up to date within 300 s');
    await late.succeed();
    expect(actor.status()).toMatchObject({ activity: 'backing-off', waiting: 1 });
    await clock.advance(5_000);
    expect(passes).toHaveLength(3);
  });

  test('can neither send nor remember anything after that', async () => {
    const { clock, pass } = await delivering();
    await clock.advance(PASS_WITHIN_MS);
    const late = pass();
    await expect(late.fetch('http://127.0.0.1:1/')).rejects.toThrow('cancelled');
    await expect(late.memory.save({ key: 'old' })).rejects.toThrow('cancelled');
    await clock.advance(5_000);
    expect(pass().memory.get('key')).toBeUndefined();
  });
});

describe('a refusal', () => {
  test('ends automatic passes', async () => {
    const { clock, features, passes, pass, actor } = await delivering();
    await pass().fail(new RefusedError('the key is wrong'));
    features.publish('claims', 'claims 3');
    await clock.advance(100 * HOUR_MS);
    expect(passes).toHaveLength(2);
    expect(actor.status()).toMatchObject({
      ...{ activity: 'refused', waiting: 1, nextPass: null },
      failing: { reason: 'the key is wrong', passes: 1 },
    });
  });

  test('is over when a person asks and the target takes it', async () => {
    const { clock, features, passes, pass, actor } = await delivering();
    await pass().fail(new RefusedError('the key is wrong'));
    actor.sync(['claims']);
    await clock.settle();
    expect(pass().isRequested).toBe(true);
    await pass().succeed();
    features.publish('claims', 'claims 3');
    await clock.advance(INTERVAL_MS);
    expect(passes).toHaveLength(4);
  });

  test('is tried again by a restart', async () => {
    const before = await delivering();
    await before.pass().fail(new RefusedError('the key is wrong'));
    const { clock, passes } = await before.restart();
    await clock.settle();
    expect(passes).toHaveLength(1);
  });
});

describe('a budget that is spent', () => {
  test('ends automatic passes until the month does', async () => {
    const { clock, passes, pass, actor } = await delivering();
    await pass().fail(new BudgetSpentError('the 500 requests of 2026-03 are spent', 16 * 24 * HOUR_MS));
    expect(actor.status()).toMatchObject({ activity: 'budget-spent', nextPass: clock.now() + 16 * 24 * HOUR_MS });
    await clock.advance(16 * 24 * HOUR_MS - 1);
    expect(passes).toHaveLength(2);
    await clock.advance(1);
    expect(passes).toHaveLength(3);
  });
});

describe('a pass that the outlet cannot say the next one of', () => {
  test.each([
    [
      'throws',
      () => {
        throw new TypeError('a bug');
      },
    ],
    ['is no number', () => Number.NaN],
  ])('is followed by one after an hour: %s', async (_, nextPass) => {
    const { clock, features, passes, errors } = await deliveredOutlet({ outlet: { nextPass } });
    expect(errors).toHaveLength(1);
    features.publish('claims', 'claims 2');
    await clock.advance(HOUR_MS - 1);
    expect(passes).toHaveLength(1);
    await clock.advance(1);
    expect(passes).toHaveLength(2);
  });
});

describe('a stop', () => {
  test('aborts the pass in flight, completes the observable, and starts nothing any more', async () => {
    const { clock, features, passes, pass, actor } = await delivering();
    let isComplete = false;
    actor.statusChanges.subscribe({
      complete: () => {
        isComplete = true;
      },
    });
    const stopped = actor.stop();
    expect(pass().signal.aborted).toBe(true);
    await pass().fail(new Error('aborted'));
    await stopped;
    expect(isComplete).toBe(true);
    features.publish('claims', 'claims 3');
    actor.sync(null);
    await clock.advance(100 * HOUR_MS);
    expect(passes).toHaveLength(2);
    expect(actor.status()).toMatchObject({ activity: 'stopped', nextPass: null });
  });

  test('waits a second at most for a pass that does not end', async () => {
    const { clock, actor } = await delivering();
    let isStopped = false;
    void actor.stop().then(() => {
      isStopped = true;
    });
    await clock.advance(999);
    expect(isStopped).toBe(false);
    await clock.advance(1);
    expect(isStopped).toBe(true);
  });

  test('what it interrupts is continued by the next start', async () => {
    const before = await delivering();
    const { clock, pass } = await before.restart();
    await clock.settle();
    expect(pass().contents).toMatchObject({ claims: 'claims 2' });
  });
});
