import { describe, expect, test } from 'bun:test';
import { type SequenceMark, type SequenceStore, sequenceOf } from '../../../src/core/runtime/sequence.ts';
import { liveActor } from './scripted-actor.ts';

/** A store that outlives the processes which use it. */
function rememberingStore(marks = new Map<string, SequenceMark>()): SequenceStore {
  return { restored: (feature) => marks.get(feature), save: (feature, mark) => marks.set(feature, mark) };
}

describe('sequence numbers', () => {
  test('begin at 1 for a feature that never had a snapshot', () => {
    expect(sequenceOf('claims', rememberingStore())('a')).toBe(1);
  });

  test('grow by one with each content', () => {
    const next = sequenceOf('claims', rememberingStore());
    expect(['a', 'b', 'a', 'c'].map(next)).toEqual([1, 2, 3, 4]);
  });

  test('stay where the content stays', () => {
    const next = sequenceOf('claims', rememberingStore());
    expect(['a', 'a', 'b', 'b'].map(next)).toEqual([1, 1, 2, 2]);
  });

  test('go on after a restart: the same content keeps its number, another gets the next', () => {
    const store = rememberingStore();
    ['a', 'b'].map(sequenceOf('claims', store));
    expect(['b', 'c'].map(sequenceOf('claims', store))).toEqual([2, 3]);
    expect(['d'].map(sequenceOf('claims', store))).toEqual([4]);
  });

  test('are a matter of each feature alone', () => {
    const store = rememberingStore();
    const claims = sequenceOf('claims', store);
    const users = sequenceOf('users', store);
    expect([claims('a'), claims('b'), users('a'), claims('c')]).toEqual([1, 2, 1, 3]);
  });

  test('are saved before they are given out', () => {
    const marks = new Map<string, SequenceMark>();
    const next = sequenceOf('claims', rememberingStore(marks));
    expect(next('a')).toBe(1);
    expect(marks.get('claims')).toEqual({ seq: 1, hash: 'a' });
  });
});

describe('the seq of snapshots', () => {
  const timings = { maxAgeMs: 1_000 };

  test('grows only when the content changes, and never goes back', async () => {
    const { clock, load, publications } = await liveActor({ timings });
    for (const data of ['first', 'second', 'second', 'first', 'first', 'third']) {
      await clock.advance(1_000);
      await load().succeed(data);
    }
    expect(publications.map(({ snapshot }) => snapshot.seq)).toEqual([1, 1, 2, 2, 3, 3, 4]);
  });

  test('does not grow because of failures', async () => {
    const { actor, clock, load } = await liveActor({ timings });
    for (let failure = 0; failure < 5; failure++) {
      await clock.advance(30_000);
      await load().fail('no');
    }
    await clock.advance(30_000);
    await load().succeed('first');
    expect(actor.latest()?.seq).toBe(1);
  });

  test('is kept with the text where the content is the same, while "now" goes on', async () => {
    const { actor, clock, load } = await liveActor({ timings });
    const before = actor.latest();
    await clock.advance(1_000);
    await load().succeed('first');
    expect(actor.latest()?.encoded).toBe(before?.encoded);
    expect(actor.latest()?.generatedAt).toBe((before?.generatedAt ?? 0) + 1_000);
  });

  test('goes on over a restart', async () => {
    const store = rememberingStore();
    const run = async (...contents: string[]) => {
      const { actor, clock, load, publications } = await liveActor({ timings, nextSeq: sequenceOf('claims', store) });
      for (const data of contents) {
        await clock.advance(1_000);
        await load().succeed(data);
      }
      await actor.stop();
      return publications.map(({ snapshot }) => snapshot.seq);
    };
    expect(await run('second')).toEqual([1, 2]);
    expect(await run('first', 'second')).toEqual([3, 3, 4]);
    expect(await run()).toEqual([5]);
    expect(await run('second')).toEqual([5, 6]);
  });
});
