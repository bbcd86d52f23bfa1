import { describe, expect, test } from 'bun:test';
import type { RefreshOutcome } from '../../../src/core/runtime/actor.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { FULL_READ_MS, liveActor, scriptedActor, startedActor, watch } from './scripted-actor.ts';

const OK = { status: 'ok' } as const;

describe('a refresh never overlaps itself', () => {
  test('any number of changes during one become exactly one more', async () => {
    const { actor, clock, loads, load } = await startedActor();
    for (let change = 0; change < 100; change++) actor.changed();
    await clock.advance(100);
    expect(loads).toHaveLength(1);

    await load().succeed('first');
    await clock.advance(9 * 100);
    expect(loads).toHaveLength(2);

    await load().succeed('second');
    await clock.advance(FULL_READ_MS - 1);
    expect(loads).toHaveLength(2);
  });

  test('any number of requests during one become exactly one more, and all are answered by it', async () => {
    const { actor, clock, loads, load } = await startedActor();
    const outcomes = watch(Promise.all(Array.from({ length: 100 }, () => actor.refresh())));
    await clock.advance(100);
    expect(loads).toHaveLength(1);

    await load().succeed('first');
    expect(loads).toHaveLength(2);
    expect(outcomes.results).toEqual([]);

    await load().succeed('second');
    expect(outcomes.results).toEqual([Array.from({ length: 100 }, () => OK)]);
    await clock.advance(FULL_READ_MS - 1);
    expect(loads).toHaveLength(2);
  });

  test('changes and requests mixed become one more too', async () => {
    const { actor, clock, loads, load } = await startedActor();
    actor.changed();
    const outcome = watch(actor.refresh());
    actor.changed();
    await clock.advance(100);
    await load().succeed('first');
    await load().succeed('second');
    expect(outcome.results).toEqual([OK]);
    await clock.advance(FULL_READ_MS - 1);
    expect(loads).toHaveLength(2);
  });

  test('a second start does not start a second refresh', async () => {
    const { actor, clock, loads } = await startedActor();
    actor.start();
    await clock.settle();
    expect(loads).toHaveLength(1);
  });
});

describe('a refresh because of changes', () => {
  test('waits nine times as long as the last refresh took', async () => {
    const { actor, clock, loads, load } = await startedActor();
    await clock.advance(200);
    await load().succeed('first');
    actor.changed();
    await clock.advance(9 * 200 - 1);
    expect(loads).toHaveLength(1);
    await clock.advance(1);
    expect(loads).toHaveLength(2);
  });

  test('starts at once when that wait is over already', async () => {
    const { actor, clock, loads, load } = await startedActor();
    await clock.advance(200);
    await load().succeed('first');
    await clock.advance(9 * 200);
    expect(loads).toHaveLength(1);
    actor.changed();
    await clock.settle();
    expect(loads).toHaveLength(2);
  });

  test('takes no more than a tenth of the time, however often something changes', async () => {
    const { actor, clock, loads, load } = await startedActor();
    let busy = 0;
    for (let refresh = 1; refresh <= 20; refresh++) {
      const takes = refresh * 37;
      await clock.advance(takes);
      busy += takes;
      await load().succeed(refresh);
      while (loads.length === refresh) {
        actor.changed();
        await clock.advance(10);
      }
    }
    expect(busy / clock.elapsed()).toBeLessThanOrEqual(0.1);
  });
});

describe('a refresh that somebody asks for', () => {
  test('does not wait for the pause between changes', async () => {
    const { actor, clock, loads, load } = await startedActor();
    await clock.advance(5_000);
    await load().succeed('first');
    await clock.advance(1);
    const outcome = watch(actor.refresh());
    await clock.settle();
    expect(loads).toHaveLength(2);
    await load().succeed('second');
    expect(outcome.results).toEqual([OK]);
  });

  test('starts at most once a second; the many who asked meanwhile share the next', async () => {
    const { actor, clock, loads, load } = await liveActor();
    const first = watch(actor.refresh());
    await clock.settle();
    await load().succeed('second');
    expect(first.results).toEqual([OK]);

    await clock.advance(1);
    const later = watch(Promise.all([actor.refresh(), actor.refresh()]));
    await clock.advance(998);
    expect(loads).toHaveLength(2);
    await clock.advance(1);
    expect(loads).toHaveLength(3);
    await load().succeed('third');
    expect(later.results).toEqual([[OK, OK]]);
  });

  test('passes back-off, once a second', async () => {
    const { actor, clock, loads, load } = await startedActor({ timings: { backOffMs: 30_000 } });
    await load().fail(new SourceError('connection refused'));
    const first = watch(actor.refresh());
    await clock.settle();
    expect(loads).toHaveLength(2);
    await load().fail(new SourceError('still refused'));
    expect(first.results).toEqual([{ status: 'error', message: 'still refused' }]);

    const second = watch(actor.refresh());
    await clock.advance(999);
    expect(loads).toHaveLength(2);
    await clock.advance(1);
    expect(loads).toHaveLength(3);
    await load().succeed('back');
    expect(second.results).toEqual([OK]);
  });

  test('publishes as manual; one because of changes does not', async () => {
    const { actor, clock, publications, load } = await liveActor();
    watch(actor.refresh());
    await clock.settle();
    await load().succeed('second');
    await clock.advance(FULL_READ_MS);
    await load().succeed('third');
    expect(publications.map(({ manual }) => manual)).toEqual([false, true, false]);
  });

  test('is refused before the actor was started', async () => {
    const { actor } = scriptedActor();
    expect(await actor.refresh()).toEqual({ status: 'error', message: 'the feature is not running' });
  });

  test('asked for by who hears of the last one, is one more and is answered by it alone', async () => {
    const { actor, clock, loads, load, publications } = await startedActor();
    const earlier = watch(actor.refresh());
    await clock.advance(2_000);
    const later: RefreshOutcome[] = [];
    const subscription = actor.publications.subscribe(() => {
      subscription.unsubscribe();
      watch(actor.refresh(), later);
    });
    await load().succeed('first');
    await load().succeed('second');
    expect(earlier.results).toEqual([OK]);
    expect(later).toEqual([]);
    await clock.advance(1_000);
    expect(loads).toHaveLength(3);
    await load().fail(new SourceError('gone'));
    expect(later).toEqual([{ status: 'error', message: 'gone' }]);
    expect(publications).toHaveLength(2);
  });

  test('asked for by who hears of the last one, does not lose those who wait for that', async () => {
    const { actor, clock, load } = await liveActor();
    const earlier = watch(actor.refresh());
    await clock.advance(2_000);
    const later: RefreshOutcome[] = [];
    const subscription = actor.publications.subscribe(() => {
      subscription.unsubscribe();
      watch(actor.refresh(), later);
    });
    await load().succeed('second');
    expect(earlier.results).toEqual([OK]);
    expect(later).toEqual([]);
    await load().succeed('third');
    expect(later).toEqual([OK]);
  });
});
