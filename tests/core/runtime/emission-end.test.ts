import { describe, expect, test } from 'bun:test';
import { concat, of, Subject, take, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { type Emission, emission, type Publication } from '../../../src/core/runtime/emission.ts';
import { auto, emitted, expectEmissions, INTERVAL_MS, onVirtualTime, published } from './emission-marbles.ts';

describe('when the source ends', () => {
  test('what waits leaves at once, and nothing is lost', () => {
    expectEmissions(
      '1-2|', //
      '1--(2|)',
    );
  });

  test('what was sent already is not sent again', () => {
    expectEmissions(
      '1-1|', //
      '1--|',
    );
    expectEmissions(
      '1-A|', //
      '1-A|',
    );
  });

  test('it ends without a word where there was none', () => {
    expectEmissions(
      '---|', //
      '---|',
    );
  });

  test('with an error, what waits leaves before the error', () => {
    expectEmissions(
      '1-2#', //
      '1--(2#)',
    );
    expectEmissions(
      '1--#', //
      '1--#',
    );
  });

  test('at once as it is subscribed to, everything is as always', () => {
    onVirtualTime(({ expectObservable }, scheduler) => {
      const options = { intervalMs: INTERVAL_MS, unchanged: false, scheduler };
      const complete = of(auto(1), auto(2), auto(3)).pipe(emission(options));
      const failing = concat(
        of(auto(1), auto(2)),
        throwError(() => 'error'),
      ).pipe(emission(options));
      expectObservable(complete).toBe('(13|)', emitted);
      expectObservable(failing).toBe('(12#)', emitted);
    });
  });

  test('no timer is left', () => {
    for (const unchanged of [false, true]) {
      const scheduler = new TestScheduler(() => {});
      const source = new Subject<Publication>();
      source.pipe(emission({ intervalMs: INTERVAL_MS, unchanged, scheduler })).subscribe();
      source.next(auto(1));
      expect(pendingActions(scheduler)).toBe(1);
      source.complete();
      expect(pendingActions(scheduler)).toBe(0);
    }
  });
});

describe('unsubscribing', () => {
  test('stops the source and the timer', () => {
    onVirtualTime(({ hot, expectObservable, expectSubscriptions }, scheduler) => {
      const source = hot('1-2-------3', published);
      const options = { intervalMs: INTERVAL_MS, unchanged: true, scheduler };
      expectObservable(source.pipe(emission(options)), '---!').toBe('1---', emitted);
      expectSubscriptions(source.subscriptions).toBe('^--!');
    });
  });

  test('leaves no timer', () => {
    const scheduler = new TestScheduler(() => {});
    const source = new Subject<Publication>();
    const subscription = source.pipe(emission({ intervalMs: INTERVAL_MS, unchanged: true, scheduler })).subscribe();
    source.next(auto(1));
    source.next(auto(2));
    subscription.unsubscribe();
    expect(pendingActions(scheduler)).toBe(0);
    expect(source.observed).toBe(false);
  });

  test('by who hears of the first emission, of a source that gives several at once, ends there', () => {
    const scheduler = new TestScheduler(() => {});
    const heard: Emission[] = [];
    of(auto(1), auto(2))
      .pipe(emission({ intervalMs: INTERVAL_MS, unchanged: true, scheduler }), take(1))
      .subscribe((one) => heard.push(one));
    expect(heard.map(({ snapshot: { seq } }) => seq)).toEqual([1]);
    expect(pendingActions(scheduler)).toBe(0);
  });
});

function pendingActions({ actions }: TestScheduler): number {
  return actions.filter(({ closed }) => !closed).length;
}
