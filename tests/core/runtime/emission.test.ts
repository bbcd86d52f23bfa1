import { describe, test } from 'bun:test';
import { emission } from '../../../src/core/runtime/emission.ts';
import { emitted, expectEmissions, INTERVAL_MS, onVirtualTime, published } from './emission-marbles.ts';

describe('emission', () => {
  test('sends the first change at once', () => {
    expectEmissions(
      '--1-------', //
      '--1-------',
    );
  });

  test('conflates those within the window into the newest, which leaves when it ends', () => {
    expectEmissions(
      '1-2-3---------', //
      '1----3--------',
    );
  });

  test('opens a new window with what it sends at the end of one', () => {
    expectEmissions(
      '1-2---3--4-----', //
      '1----2----4----',
    );
  });

  test('sends at once again after a window in which nothing changed', () => {
    expectEmissions(
      '1------2---3---', //
      '1------2----3--',
    );
  });

  test('sends a change in the very millisecond in which a window ends', () => {
    expectEmissions(
      '1----2----3---', //
      '1----2----3---',
    );
  });

  test('sends at most once a window, whatever happens', () => {
    expectEmissions(
      '1234567889999999-----', //
      '1----6----9----------',
    );
  });

  test('keeps silent where the sequence number stays', () => {
    expectEmissions(
      '1-1-----1-----2-2------2', //
      '1-------------2---------',
    );
  });

  test('passes a manual one at once, and opens a new window with it', () => {
    expectEmissions(
      '1-B-3------', //
      '1-B----3---',
    );
  });

  test('passes a manual one though nothing changed', () => {
    expectEmissions(
      '1-A-A----2----', //
      '1-A-A----2----',
    );
  });

  test('lets a manual one stand for the changes that waited', () => {
    expectEmissions(
      '1-2C----------', //
      '1--C----------',
    );
  });

  test('begins with a manual one as with any', () => {
    expectEmissions(
      'A-2-------', //
      'A----2----',
    );
  });
});

describe('emission of unchanged content', () => {
  test('sends at every interval, changed or not', () => {
    expectEmissions(
      '1------------|', //
      '1----1----1--|',
      true,
    );
  });

  test('sends nothing before there is something to send', () => {
    expectEmissions(
      '-------1-----|', //
      '-------1----1|',
      true,
    );
  });

  test('sends the newest, still at most once a window', () => {
    expectEmissions(
      '1-2-3--3--4--|', //
      '1----3----4--|',
      true,
    );
  });

  test('counts its windows from a manual one', () => {
    expectEmissions(
      '1-A----------|', //
      '1-A----1----1|',
      true,
    );
  });
});

test('each subscriber has windows of its own', () => {
  onVirtualTime(({ hot, expectObservable }, scheduler) => {
    const emissions = hot('1-2--3----', published).pipe(
      emission({ intervalMs: INTERVAL_MS, unchanged: false, scheduler }),
    );
    expectObservable(emissions).toBe('1----3----', emitted);
    expectObservable(emissions, '-^--------').toBe('--2----3--', emitted);
  });
});

describe('after a restart, when clients have the restored snapshot 3', () => {
  test('the same number is not emitted again, and the next one at once', () => {
    expectEmissions('3---3--4-5------|', '-------4----5---|', false, 3);
  });

  test('a manual refresh is emitted, changed or not', () => {
    expectEmissions('3-C---4----|', '--C----4---|', false, 3);
  });

  test('it is emitted where unchanged snapshots are', () => {
    expectEmissions('3------|', '3----3-|', true, 3);
  });
});
