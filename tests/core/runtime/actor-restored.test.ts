import { describe, expect, test } from 'bun:test';
import { encodeContent } from '../../../src/core/runtime/encode-content.ts';
import type { Snapshot } from '../../../src/core/runtime/snapshot.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { scriptedActor } from './scripted-actor.ts';

const content = { data: 'before', unavailable: [], problems: [] };
const restored: Snapshot = {
  ...content,
  feature: 'claims',
  seq: 41,
  generatedAt: -60_000,
  freshness: { status: 'stale', since: -60_000, reason: 'Restored after a restart' },
  encoded: encodeContent(content),
};
const restoredActor = () => {
  const seqs: string[] = [];
  const scripted = scriptedActor({ restored, nextSeq: (hash) => 41 + seqs.push(hash) });
  const start = () => {
    scripted.actor.start();
    return scripted.clock.settle();
  };
  return { ...scripted, start };
};

describe('an actor with the snapshot before a restart', () => {
  test('serves it at once, stale, though nothing fails', () => {
    const { actor, publications, statuses } = restoredActor();
    expect(actor.latest()).toBe(restored);
    expect(actor.status()).toMatchObject({ data: 'stale', failing: null, activity: 'idle' });
    expect([publications, statuses]).toEqual([[], []]);
  });

  test('keeps number and text if the first refresh finds the same content, and is live', async () => {
    const { actor, clock, load, start, publications, statuses } = restoredActor();
    await start();
    expect(load().knownHash).toBe(restored.encoded.hash);
    await load().findNothingNew();
    expect(actor.latest()).toEqual({ ...restored, generatedAt: clock.now(), freshness: { status: 'live' } });
    expect(actor.latest()?.encoded).toBe(restored.encoded);
    expect(publications).toHaveLength(1);
    expect(statuses.map(({ data, failing }) => ({ data, failing }))).toEqual([{ data: 'live', failing: null }]);
  });

  test('gives another content the next number', async () => {
    const { actor, load, start, statuses } = restoredActor();
    await start();
    await load().succeed('after');
    expect(actor.latest()).toMatchObject({ seq: 42, data: 'after', freshness: { status: 'live' } });
    expect(statuses).toHaveLength(1);
  });

  test('keeps it while refreshes fail: stale since its own instant, for the reason of the source', async () => {
    const { actor, clock, load, start, statuses } = restoredActor();
    await start();
    await clock.advance(5_000);
    const failedAt = clock.now();
    await load().fail(new SourceError('connection refused'));
    expect(actor.latest()).toMatchObject({
      ...{ seq: 41, data: 'before', generatedAt: restored.generatedAt },
      freshness: { status: 'stale', since: restored.generatedAt, reason: 'connection refused' },
    });
    expect(actor.status()).toMatchObject({ data: 'stale', failing: { since: failedAt, reason: 'connection refused' } });
    expect(statuses).toHaveLength(1);
    await clock.advance(30_000);
    await load().succeed('after');
    expect(actor.latest()).toMatchObject({ seq: 42, freshness: { status: 'live' } });
    expect(statuses.map(({ data }) => data)).toEqual(['stale', 'live']);
  });
});
