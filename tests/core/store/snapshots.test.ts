import { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { encodeContent } from '../../../src/core/runtime/encode-content.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { type KeptSnapshot, keepSnapshots, LONGEST_KEPT, WRITE_EVERY_MS } from '../../../src/core/store/snapshots.ts';
import type { Statement } from '../../../src/core/store/statement.ts';
import { storeHandlers } from '../../../src/core/store/store-handlers.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const kept = (feature: string, data: unknown, generatedAt = 1): KeptSnapshot => ({
  ...{ feature, origin: 'a source', generatedAt },
  encoded: encodeContent({ data, unavailable: [], problems: [] }),
});

/** Snapshots in a store in memory, whose writes the test counts and may fail. */
function memorySnapshots() {
  const handlers = storeHandlers(new Database(':memory:'));
  const clock = createVirtualClock();
  const writes: (readonly Statement[])[] = [];
  const notices: string[] = [];
  const errors: unknown[] = [];
  let failure: Error | null = null;
  const snapshots = keepSnapshots({
    calls: {
      call: async (method, ...args) => {
        if (failure !== null) throw failure;
        if (method === 'write') writes.push(args[0] as readonly Statement[]);
        return Reflect.apply(handlers[method], undefined, args);
      },
    },
    clock,
    onNotice: (text) => notices.push(text),
    onError: (error) => errors.push(error),
  });
  const failWith = (next: Error | null) => {
    failure = next;
  };
  const stored = async () => new Map((await snapshots.read()).map((snapshot) => [snapshot.feature, snapshot]));
  return { snapshots, clock, writes, notices, errors, failWith, stored };
}

describe('kept snapshots', () => {
  test('are read as they were written, the newest of each feature', async () => {
    const { snapshots, clock, stored } = memorySnapshots();
    snapshots.keep(kept('claims', { Total: 1 }));
    snapshots.keep(kept('claims', { Total: 2, Name: `ação "'\n` }, 5));
    snapshots.keep(kept('users', null));
    await clock.advance(WRITE_EVERY_MS);
    expect([...(await stored()).values()]).toEqual([
      kept('claims', { Total: 2, Name: `ação "'\n` }, 5),
      kept('users', null),
    ]);
  });

  test('are written together soon, and then at most once in five seconds', async () => {
    const { snapshots, clock, writes, stored } = memorySnapshots();
    for (const feature of ['claims', 'users', 'support']) snapshots.keep(kept(feature, 0));
    expect(writes).toEqual([]);
    await clock.advance(250);
    expect(writes.map(({ length }) => length)).toEqual([3]);
    for (let change = 1; change <= 600; change++) {
      snapshots.keep(kept('claims', change));
      await clock.advance(100);
    }
    expect(writes).toHaveLength(1 + 60_000 / WRITE_EVERY_MS);
    await clock.advance(WRITE_EVERY_MS);
    expect((await stored()).get('claims')).toEqual(kept('claims', 600));
  });

  test('that have the same content again are not written again, but for their instant', async () => {
    const { snapshots, clock, writes, stored } = memorySnapshots();
    for (const generatedAt of [1, 2, 3]) {
      snapshots.keep(kept('claims', 'x'.repeat(10_000), generatedAt));
      await clock.advance(WRITE_EVERY_MS);
    }
    expect(writes.map((statements) => JSON.stringify(statements).length > 10_000)).toEqual([true, false, false]);
    expect((await stored()).get('claims')?.generatedAt).toBe(3);
  });

  test('are written later if the store fails, and a newer one takes their place', async () => {
    const { snapshots, clock, errors, failWith, stored } = memorySnapshots();
    failWith(new SourceError('The store stopped'));
    snapshots.keep(kept('claims', 1));
    snapshots.keep(kept('users', 1));
    await clock.advance(WRITE_EVERY_MS);
    snapshots.keep(kept('claims', 2));
    failWith(null);
    await clock.advance(2 * WRITE_EVERY_MS);
    expect(errors).not.toEqual([]);
    expect([...(await stored()).values()]).toEqual([kept('claims', 2), kept('users', 1)]);
    expect(clock.waiting).toBe(0);
  });

  test('are written by a flush at once, after which nothing waits', async () => {
    const { snapshots, clock, stored } = memorySnapshots();
    snapshots.keep(kept('claims', 1));
    await snapshots.flush();
    expect((await stored()).get('claims')).toEqual(kept('claims', 1));
    expect(clock.waiting).toBe(0);
    await snapshots.flush();
  });

  test('that are too long are not kept, nor is an older one; a notice says so once', async () => {
    const { snapshots, clock, notices, stored } = memorySnapshots();
    snapshots.keep(kept('claims', 'short'));
    await clock.advance(WRITE_EVERY_MS);
    const long = kept('claims', 'x'.repeat(LONGEST_KEPT));
    for (let change = 0; change < 2; change++) {
      snapshots.keep(long);
      await clock.advance(WRITE_EVERY_MS);
    }
    expect(await stored()).toEqual(new Map());
    expect(notices).toEqual(['The snapshot of claims is too long to be kept: a restart begins without it']);
    snapshots.keep(kept('claims', 'short'));
    await clock.advance(WRITE_EVERY_MS);
    expect((await stored()).size).toBe(1);
  });

  test('can be dropped', async () => {
    const { snapshots, clock, stored } = memorySnapshots();
    for (const feature of ['claims', 'users']) snapshots.keep(kept(feature, 1));
    await clock.advance(WRITE_EVERY_MS);
    snapshots.drop('claims');
    expect([...(await stored()).keys()]).toEqual(['users']);
  });
});
