import { describe, expect, test } from 'bun:test';
import { readFrame } from '../../src/client/frames.ts';
import type { AnySnapshot, FeatureName } from '../../src/client/index.ts';
import { SnapshotStore } from '../../src/client/snapshot-store.ts';
import { features } from '../../src/features/index.ts';

describe('a frame', () => {
  test.each([
    ['no text', new Uint8Array([1])],
    ['no JSON', '{"type":'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"Snapshot"'],
    ['no type', '{}'],
    ['an unknown type', '{"type":"Later","hub":"claims"}'],
    ['a type of every object', '{"type":"toString"}'],
    ['a snapshot of no feature', '{"type":"Snapshot","hub":"weather","seq":1,"data":{}}'],
    ['a snapshot of a name of every object', '{"type":"Snapshot","hub":"constructor","seq":1,"data":{}}'],
    ['a snapshot without a seq', '{"type":"Snapshot","hub":"claims","data":{}}'],
    ['a snapshot with half a seq', '{"type":"Snapshot","hub":"claims","seq":1.5,"data":{}}'],
    ['a snapshot without data', '{"type":"Snapshot","hub":"claims","seq":1,"data":null}'],
    ['a notification without an id', '{"type":"Notification","hub":"claims"}'],
    ['a status of no feature', '{"type":"Status","hub":"notifications","status":"live"}'],
  ])('that is %s means nothing', (_, data) => {
    expect(readFrame(data)).toBeUndefined();
  });

  test.each(features.map(({ name }) => name))('may be a snapshot of %s', (name) => {
    const frame = { type: 'Snapshot', hub: name, seq: 7, reason: 'Auto', status: 'live', data: {} };
    const snapshot: unknown = { feature: name, seq: 7, reason: 'Auto', status: 'live', data: {} };
    expect(readFrame(JSON.stringify(frame))).toEqual(Object({ kind: 'snapshot', snapshot }));
  });

  test('says how an update went', () => {
    const outcome = (frame: object) => readFrame(JSON.stringify({ type: 'UpdateProcessed', hub: 'claims', ...frame }));
    expect(outcome({ status: 'ok' })).toEqual({ kind: 'update-processed', outcome: { status: 'ok' } });
    expect(outcome({ status: 'error', message: 'down' })).toEqual({
      kind: 'update-processed',
      outcome: { status: 'error', message: 'down' },
    });
  });
});

describe('the latest snapshots', () => {
  const snapshotOf = (hub: FeatureName, seq: number, status = 'live'): AnySnapshot => {
    const message = readFrame(JSON.stringify({ type: 'Snapshot', hub, seq, status, data: {} }));
    if (message?.kind !== 'snapshot') throw new Error('No snapshot');
    return message.snapshot;
  };

  test('never go back, and each feature counts by itself', () => {
    const store = new SnapshotStore();
    const accepted = [5, 4, 5, 7, 6].map((seq) => store.accept(snapshotOf('claims', seq)));
    expect(accepted).toEqual([true, false, true, true, false]);
    expect(store.accept(snapshotOf('users', 1))).toBe(true);
    expect([store.latest.claims?.seq, store.latest.users?.seq]).toEqual([7, 1]);
  });

  test('are another object when one of them has changed, and the same when none has', () => {
    const store = new SnapshotStore();
    store.accept(snapshotOf('claims', 2));
    const before = store.latest;
    store.accept(snapshotOf('claims', 1));
    store.acceptStatus({ feature: 'claims', status: 'live', since: null, reason: null });
    expect(store.latest).toBe(before);
    store.accept(snapshotOf('claims', 3));
    expect(store.latest).not.toBe(before);
    expect(before.claims?.seq).toBe(2);
  });

  test('turn stale and live with the status of their feature', () => {
    const store = new SnapshotStore();
    const statusAfter = (status: 'none' | 'live' | 'stale') => {
      store.acceptStatus({ feature: 'claims', status, since: null, reason: null });
      return store.latest.claims?.status;
    };
    expect(statusAfter('stale')).toBeUndefined();
    store.accept(snapshotOf('claims', 1));
    expect([statusAfter('stale'), statusAfter('none'), statusAfter('live')]).toEqual(['stale', 'stale', 'live']);
  });
});
