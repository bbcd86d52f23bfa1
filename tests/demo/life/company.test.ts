import { describe, expect, test } from 'bun:test';
import { createCollections } from '../../../src/core/feeds/folder/collections.ts';
import { memoryStore } from '../../../src/core/feeds/folder/sqlite-store.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { generateDocuments } from '../../../src/demo/data/documents.ts';
import { randomStream } from '../../../src/demo/data/random.ts';
import type { LifeDatabase } from '../../../src/demo/life/change.ts';
import { createDemoCompany } from '../../../src/demo/life/company.ts';
import { createLifeDatabase } from '../../../src/demo/life/database.ts';
import { otherTables } from '../../oracle/other-tables.ts';
import { emptyDatabase } from '../../support/company-database.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import { ANCHOR, demoDatabase, hashesOf, SMALL } from '../company.ts';

interface Setting {
  readonly rate: number;
  readonly database?: ReturnType<typeof demoDatabase>;
  readonly withDocuments?: boolean;
  /** What a write does instead. */
  readonly write?: LifeDatabase['write'];
}

function company({ rate, database: tables = demoDatabase(), withDocuments = false, write }: Setting) {
  const { tickets, logs } = generateDocuments(SMALL);
  const collections = createCollections(withDocuments ? { support_tickets: tickets, logs } : {});
  const life = createLifeDatabase(memoryStore(tables, 'test'));
  const written: string[] = [];
  const database: LifeDatabase = {
    ...life,
    write(statements) {
      written.push(statements.map(({ table }) => table).join());
      return write === undefined ? life.write(statements) : write(statements);
    },
  };
  const clock = createVirtualClock(ANCHOR);
  const errors: unknown[] = [];
  const random = randomStream(1, 'life');
  const onError = (error: unknown) => errors.push(error);
  const alive = createDemoCompany({ database, collections, rate, random, clock, writesLogs: true, onError });
  return { alive, clock, written, errors, tables, collections };
}

describe('the rate', () => {
  test.each([
    [2, 10, 20],
    [0.5, 60, 30],
    [3, 10, 30],
    [100, 2, 200],
  ])('of %p a second makes in %p s %p changes', async (rate, seconds, expected) => {
    const { alive, clock, written, errors } = company({ rate });
    alive.start();
    await clock.advance(seconds * 1_000);
    expect(errors).toEqual([]);
    expect(written).toHaveLength(expected);
  });

  test('of 0 moves nothing, and waits for nothing', async () => {
    const { alive, clock, written } = company({ rate: 0 });
    alive.start();
    await clock.advance(60_000);
    expect(written).toEqual([]);
    expect(clock.waiting).toBe(0);
  });

  test('is kept however often it is started, and ends with stop', async () => {
    const { alive, clock, written } = company({ rate: 1 });
    alive.start();
    alive.start();
    await clock.advance(5_000);
    alive.stop();
    await clock.advance(60_000);
    expect(written).toHaveLength(5);
    expect(clock.waiting).toBe(0);
  });

  test('does not heap up while a source does not answer', async () => {
    const held = Promise.withResolvers<void>();
    const { alive, clock, written } = company({ rate: 10, write: () => held.promise });
    alive.start();
    await clock.advance(3_600_000);
    expect(written).toHaveLength(1);
    held.resolve();
    await clock.advance(0);
    alive.stop();
    expect(written.length).toBeLessThanOrEqual(202);
  });
});

describe('a company alive', () => {
  test('moves what every feature is made of', async () => {
    const { alive, clock, tables, collections, errors } = company({ rate: 10, withDocuments: true });
    const before = hashesOf(tables);
    alive.start();
    await clock.advance(120_000);
    alive.stop();
    expect(errors).toEqual([]);
    const after = hashesOf(tables);
    const still = Object.keys(before).filter((table) => before[table] === after[table]);
    expect(still.sort()).toEqual(['Courses', 'Plans', ...otherTables.map(({ name }) => name)].sort());
    for (const name of ['support_tickets', 'logs']) {
      expect(collections.changedSince(name, 0)).toMatchObject({ kind: 'keys' });
    }
  });

  test('is the same for the same random numbers', async () => {
    const lives = await Promise.all(
      [0, 1].map(async () => {
        const { alive, clock, written } = company({ rate: 5 });
        alive.start();
        await clock.advance(20_000);
        return written;
      }),
    );
    expect(lives[0]).toEqual(lives[1]);
    expect(new Set(lives[0]).size).toBeGreaterThan(4);
  });

  test('lives with what a folder of somebody else has', async () => {
    const database = emptyDatabase();
    for (const table of ['Payments', 'Claims', 'Files', 'Plans']) database.run(`drop table ${table}`);
    const { alive, clock, errors } = company({ rate: 10, database });
    alive.start();
    await clock.advance(30_000);
    expect(errors).toEqual([]);
    expect(database.query('select count(*) > 0 as some from AspNetUsers').get()).toEqual({ some: 1 });
  });

  test('does nothing where there is nothing', async () => {
    const database = emptyDatabase();
    const tables = database.query<{ name: string }, []>("select name from sqlite_schema where type = 'table'").all();
    for (const { name } of tables) database.run(`drop table ${name}`);
    const { alive, clock, errors, written } = company({ rate: 10, database });
    alive.start();
    await clock.advance(10_000);
    expect([errors, written]).toEqual([[], []]);
  });

  test('tells of a change that fails once for each kind, and goes on', async () => {
    const fail = () => Promise.reject(new SourceError('attempt to write a readonly database'));
    const { alive, clock, errors, written } = company({ rate: 10, write: fail });
    alive.start();
    await clock.advance(60_000);
    expect(written).toHaveLength(600);
    const messages = errors.map(String);
    expect(new Set(messages).size).toBe(messages.length);
    expect(messages).toContain('Error: The demo company could not make a change (a purchase)');
  });
});
