import { describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import type { FigureValues } from '../../../src/core/history/figure-values.ts';
import { recordHistory } from '../../../src/core/history/record-history.ts';
import { defineFeature } from '../../../src/core/runtime/define-feature.ts';
import { Count, Nullable } from '../../../src/core/runtime/schema.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { scriptFeed } from '../../support/scripted-feed.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import { scriptedActor } from '../runtime/scripted-actor.ts';
import { MINUTE_MS } from './recorded.ts';

/** 20 seconds into a minute. */
const START = Date.UTC(2026, 2, 15, 12, 0, 20);
const label = (text: string) => ({ en: text, pt: text });

const feature = defineFeature<ReturnType<typeof schemaOf>, null>({
  ...{ name: 'claims', title: label('Claims'), description: 'Disputes', source: 'sql', reads: {}, parts: [] },
  schema: schemaOf(),
  headlines: ['summary.count'],
  repository: () => null,
  service: () => ({ snapshot: () => ({ data: { summary: { count: 0, days: null } }, unavailable: [] }) }),
  hub: { events: [] },
});

function schemaOf() {
  return Type.Object({
    summary: Type.Object({ count: Count('Count', label('Count')), days: Nullable(Count('Days', label('Days'))) }),
  });
}

function scripted() {
  const clock = createVirtualClock(START);
  const own = scriptedActor({ clock, timings: { deadlineMs: 10 ** 9, maxAgeMs: 10 ** 9, backOffMs: 10 ** 8 } });
  const recorded: { readonly at: number; readonly points: readonly FigureValues[] }[] = [];
  const errors: unknown[] = [];
  let failure: Error | null = null;
  const stop = recordHistory({
    running: [{ feature, actor: own.actor }],
    feeds: {
      sql: scriptFeed('sql', { description: 'a database' }).feed,
      documents: scriptFeed('documents').feed,
    },
    history: {
      async record(points, at) {
        recorded.push({ at, points });
        if (failure !== null) throw failure;
      },
    },
    clock,
    onError: (error) => errors.push(error),
  });
  own.actor.start();
  return {
    ...own,
    clock,
    recorded,
    recordErrors: errors,
    stop,
    failWith: (error: Error | null) => {
      failure = error;
    },
    counts: () => recorded.map(({ points }) => points[0]?.values[0]),
  };
}

const data = (count: number, days: number | null = null) => ({ summary: { count, days } });

describe('the recorder', () => {
  test('records the first snapshot at once, with every figure of the catalogue', async () => {
    const { clock, load, recorded } = scripted();
    await clock.settle();
    expect(recorded).toEqual([]);
    await load().succeed(data(7));
    expect(recorded).toEqual([
      {
        at: START,
        points: [
          { feature: 'claims', source: 'a database', figures: ['summary.count', 'summary.days'], values: [7, null] },
        ],
      },
    ]);
  });

  test('sends one message a minute however often the figures change', async () => {
    const { clock, actor, load, counts } = scripted();
    await clock.settle();
    await load().succeed(data(1));
    for (const count of [2, 3]) {
      actor.changed();
      await clock.settle();
      await load().succeed(data(count));
    }
    expect(counts()).toEqual([1]);
    await clock.advance(MINUTE_MS);
    expect(counts()).toEqual([1, 3]);
  });

  test('records what does not change too, at the start of each minute', async () => {
    const { clock, load, recorded } = scripted();
    await clock.settle();
    await load().succeed(data(1));
    await clock.advance(3 * MINUTE_MS);
    expect(recorded.map(({ at }) => new Date(at).toISOString().slice(11, 19))).toEqual([
      '12:00:20',
      '12:01:00',
      '12:02:00',
      '12:03:00',
    ]);
  });

  test('records nothing while the figures are stale, and goes on once they are live', async () => {
    const { clock, actor, load, counts } = scripted();
    await clock.settle();
    await load().succeed(data(1));
    actor.changed();
    await clock.settle();
    await load().fail(new SourceError('connection refused'));
    await clock.advance(5 * MINUTE_MS);
    expect(counts()).toEqual([1]);
    actor.feedChanged();
    await clock.settle();
    await load().succeed(data(2));
    expect(counts()).toEqual([1, 2]);
  });

  test('tries again with the next snapshot after an error, and reports the first', async () => {
    const { clock, actor, load, counts, failWith, recordErrors } = scripted();
    await clock.settle();
    const error = new Error('disk full');
    failWith(error);
    await load().succeed(data(1));
    await clock.advance(MINUTE_MS);
    failWith(null);
    actor.changed();
    await clock.settle();
    await load().succeed(data(2));
    expect(counts()).toEqual([1, 1, 2]);
    expect(recordErrors).toEqual([error]);
    // After a point was recorded, the next failure is a new one.
    failWith(error);
    await clock.advance(2 * MINUTE_MS);
    expect(recordErrors).toEqual([error, error]);
  });

  test('does not report a lost Worker, which is reported elsewhere', async () => {
    const { clock, load, failWith, recordErrors } = scripted();
    await clock.settle();
    failWith(new SourceError('The history stopped'));
    await load().succeed(data(1));
    expect(recordErrors).toEqual([]);
  });

  test('goes on after the clock was set back', async () => {
    const { clock, load, recorded } = scripted();
    await clock.settle();
    await load().succeed(data(1));
    clock.shiftWall(-3_600_000);
    await clock.advance(2 * MINUTE_MS);
    expect(recorded.map(({ at }) => Math.floor((at - START) / MINUTE_MS))).toEqual([0, -60, -59]);
  });

  test('stops', async () => {
    const { clock, load, recorded, stop } = scripted();
    await clock.settle();
    await load().succeed(data(1));
    stop();
    await clock.advance(5 * MINUTE_MS);
    expect(recorded).toHaveLength(1);
  });
});
