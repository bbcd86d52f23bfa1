import { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { tables } from '../../../../src/company/tables.ts';
import { SessionOutdatedError } from '../../../../src/core/feeds/feed-source.ts';
import { emptyDatabase } from '../../../support/company-database.ts';
import { everyColumnOf, folderSqlSource } from '../../../support/folder-sources.ts';
import { collectRows, follow, sorted } from '../../../support/row-collector.ts';

const SIGNAL = new AbortController().signal;
const courses = everyColumnOf([tables.Courses]);
const plain = everyColumnOf([tables.Courses, tables.AspNetUsers]);

const rowsOf = (database: Database, table: 'Courses' | 'AspNetUsers') =>
  database.query(`select ${Object.keys(tables[table].columns).join(', ')} from ${table}`).values();

type Change =
  | { kind: 'put'; id: number; name: string }
  | { kind: 'rename'; id: number; to: number }
  | { kind: 'delete'; id: number }
  | { kind: 'user'; id: number; email: string }
  | { kind: 'leave'; id: number }
  | { kind: 'clear' };

const id = fc.integer({ min: 1, max: 12 });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), id, name: fc.string() }),
  fc.record({ kind: fc.constant('rename' as const), id, to: id }),
  fc.record({ kind: fc.constant('delete' as const), id }),
  fc.record({ kind: fc.constant('user' as const), id, email: fc.string() }),
  fc.record({ kind: fc.constant('leave' as const), id }),
  fc.record({ kind: fc.constant('clear' as const) }),
);

function apply(database: Database, change: Change): void {
  switch (change.kind) {
    case 'put':
      database.query(`insert or replace into Courses values (?, 'p', ?, 'd', 1)`).run(change.id, change.name);
      break;
    case 'rename':
      database.query('update or replace Courses set Id = ? where Id = ?').run(change.to, change.id);
      break;
    case 'delete':
      database.query('delete from Courses where Id = ?').run(change.id);
      break;
    case 'user':
      database
        .query('insert into AspNetUsers values (?, ?, ?, 1, null) on conflict do update set Email = excluded.Email')
        .run(`u${change.id}`, 'n', change.email);
      break;
    case 'leave':
      database.query('delete from AspNetUsers where Id = ?').run(`u${change.id}`);
      break;
    case 'clear':
      database.run('delete from Courses');
  }
}

test('what is loaded and then told equals the database after any sequence of changes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(change, { maxLength: 6 }), { maxLength: 8 }),
      fc.array(change, { maxLength: 6 }),
      async (batches, before) => {
        const database = emptyDatabase();
        for (const each of before) apply(database, each);
        const { source, change } = folderSqlSource(database, plain);
        const { poll, collected } = await follow(source);
        for (const batch of batches) {
          await change((opened) => {
            for (const each of batch) apply(opened, each);
          });
          await poll(true);
          for (const table of ['Courses', 'AspNetUsers'] as const) {
            expect(collected.rows(table)).toEqual(sorted(rowsOf(database, table) as never));
          }
        }
        expect(collected.handed.whole).toEqual([]);
      },
    ),
    { numRuns: 150 },
  );
});

describe('a change of ours', () => {
  test('is reported soon, alone, and once', async () => {
    const { source, write } = folderSqlSource(emptyDatabase(), plain);
    await write(
      "insert into Courses values (1, 'p', 'Um', 'd', 1)",
      "insert into Courses values (2, 'p', 'Dois', 'd', 1)",
    );
    const { poll, collected } = await follow(source);
    const delays: number[] = [];
    for (const name of ['Três', 'Quatro', 'Cinco']) {
      const polling = poll();
      const written = write(`update Courses set Name = '${name}' where Id = 2`).then(() => performance.now());
      expect(await polling).toBe(true);
      delays.push(performance.now() - (await written));
    }
    // A poll that is not told ends after 500 ms; a busy machine may be late now and then.
    expect(Math.min(...delays)).toBeLessThan(200);
    expect(collected.handed).toEqual({ rows: 5, deleted: 0, whole: [] });
    expect(await poll(true)).toBe(false);
  });

  test('is reported again to a session that did not take it, and no more once it was taken', async () => {
    const { source, write } = folderSqlSource(emptyDatabase(), plain);
    const session = await source.open(SIGNAL);
    const position = await session.load(collectRows().sink, SIGNAL);
    await write("insert into Courses values (1, 'p', 'Um', 'd', 1)");
    const take = async (from: string) => {
      const { sink, rows } = collectRows();
      return [await session.poll(from, sink, SIGNAL, true), rows('Courses').length] as const;
    };
    expect((await take(position))[1]).toBe(1);
    const [next, handed] = await take(position);
    expect(handed).toBe(1);
    expect(await take(next ?? '')).toEqual([null, 0]);
    await expect(session.poll(position, collectRows().sink, SIGNAL, true)).rejects.toMatchObject({ reload: true });
  });

  test('that fails changes nothing, and tells nothing', async () => {
    const { source, write } = folderSqlSource(emptyDatabase(), plain);
    const { poll } = await follow(source);
    await expect(
      write("insert into Courses values (1, 'p', 'Um', 'd', 1)", 'insert into Nowhere values (1)'),
    ).rejects.toThrow('the test database cannot be written: no such table: Nowhere');
    expect(await poll(true)).toBe(false);
  });

  test('made during the load is reported after it', async () => {
    const { source, write } = folderSqlSource(emptyDatabase(), courses);
    await write("insert into Courses values (1, 'p', 'Um', 'd', 1)");
    const session = await source.open(SIGNAL);
    const { sink, rows } = collectRows();
    let writing: Promise<void> | undefined;
    const position = await session.load(
      {
        async rows(table, handed) {
          writing ??= write('delete from Courses where Id = 1');
          await Bun.sleep(1);
          await sink.rows(table, handed);
        },
      },
      SIGNAL,
    );
    await writing;
    expect(rows('Courses')).toHaveLength(1);
    await session.poll(position, sink, SIGNAL, true);
    expect(rows('Courses')).toEqual([]);
  });
});

describe('the tables', () => {
  test('are found in any letter case, views too, with the columns that are there', async () => {
    const database = new Database(':memory:');
    database.run('create table COURSES (ID integer primary key, "name" text, Extra int)');
    database.run("insert into COURSES values (1, 'Um', 9)");
    database.run('create table people (key text)');
    database.run("insert into people values ('u1')");
    database.run('create view aspnetusers as select key as id, 1 as EMAILCONFIRMED from people');
    const { source, write } = folderSqlSource(database, plain);
    const { session, collected, poll } = await follow(source);
    expect(session.catalog.columns).toEqual({ Courses: ['Id', 'Name'], AspNetUsers: ['Id', 'EmailConfirmed'] });
    expect(collected.rows('Courses')).toEqual([[1, null, 'Um', null, null]]);
    expect(collected.rows('AspNetUsers')).toEqual([['u1', null, null, 1, null]]);
    await write("insert into people values ('u2')");
    expect(await poll(true)).toBe(true);
    expect(collected.handed.whole).toContain('AspNetUsers');
    expect(collected.rows('AspNetUsers')).toHaveLength(2);
  });

  test('may hold anything in any column', async () => {
    const database = new Database(':memory:');
    database.run('create table Payments (Id, Amount, Installments, CreatedAt)');
    database.run(`insert into Payments values
      ('a', '12,50', 49.9, ''), (9007199254740993, -9223372036854775808, x'00ff', 'x'),
      (null, 9e999, null, '31/12/2025'), ('a', 1, 2, 3)`);
    const payments = [{ table: tables.Payments, columns: ['Id', 'Amount', 'Installments', 'CreatedAt', 'Status'] }];
    const { source } = folderSqlSource(database, payments);
    const session = await source.open(SIGNAL);
    const rows: unknown[] = [];
    await session.load({ rows: async (_table, handed) => void rows.push(...handed) }, SIGNAL);
    expect(rows).toEqual([
      ['a', '12,50', 49.9, '', null],
      ['9007199254740993', '-9223372036854775808', {}, 'x', null],
      [null, {}, null, '31/12/2025', null],
      ['a', 1, 2, 3, null],
    ]);
  });

  test('without keys that name one row are handed over whole', async () => {
    const database = new Database(':memory:');
    database.run('create table Courses (Id integer, Name text)');
    database.run('create unique index partly on Courses (Id) where Id > 5');
    const { source, write } = folderSqlSource(database, courses);
    const { collected, poll } = await follow(source);
    await write("insert into Courses values (1, 'Um'), (1, 'Outro')");
    await poll(true);
    expect(collected.handed).toEqual({ rows: 2, deleted: 0, whole: ['Courses'] });
  });

  test('with a key that is none are handed over whole', async () => {
    const database = new Database(':memory:');
    database.run('create table AspNetUsers (Id nvarchar(450) primary key, Name)');
    const { source, write } = folderSqlSource(database, plain);
    const { collected, poll } = await follow(source);
    await write("insert into AspNetUsers values (null, 'a'), (null, 'b')");
    await poll(true);
    expect(collected.handed).toEqual({ rows: 2, deleted: 0, whole: ['AspNetUsers'] });
  });

  test('that have other columns, came or went end the session; an index does not', async () => {
    const { source, write } = folderSqlSource(emptyDatabase(), plain);
    const { poll } = await follow(source);
    await write('create index IX on Courses (Name)');
    await poll(true);
    await write('alter table Courses drop column IsActive');
    await expect(poll(true)).rejects.toBeInstanceOf(SessionOutdatedError);
    const again = await follow(source);
    expect(again.session.catalog.columns.Courses).toEqual(['Id', 'PublicId', 'Name', 'Description']);
    await write('drop table AspNetUsers');
    await expect(again.poll(true)).rejects.toMatchObject({ reload: true });
  });

  test('that were recreated are still followed', async () => {
    const { source, write } = folderSqlSource(emptyDatabase(), courses);
    const { poll, collected } = await follow(source);
    await write(
      'alter table Courses rename to Old',
      'create table Courses (Id integer primary key, PublicId, Name, Description, IsActive)',
      "insert into Courses values (7, 'p', 'Sete', 'd', 1)",
    );
    await poll(true);
    expect(collected.rows('Courses')).toHaveLength(1);
    await write("update Courses set Name = 'Oito'");
    await poll(true);
    expect(collected.rows('Courses')).toEqual([[7, 'p', 'Oito', 'd', 1]]);
  });

  test('of a view that cannot be read are not there', async () => {
    const database = emptyDatabase();
    database.run('drop table Courses');
    database.run('create view Courses as select * from Nowhere');
    const { session } = await follow(folderSqlSource(database, plain).source);
    expect(Object.keys(session.catalog.columns)).toEqual(['AspNetUsers']);
  });
});

describe('a position', () => {
  test('can be followed by the next session on the same database, and by no other', async () => {
    const database = emptyDatabase();
    const { source, write } = folderSqlSource(database, courses);
    const first = await source.open(SIGNAL);
    const position = await first.load(collectRows().sink, SIGNAL);
    await first.close();
    await write("insert into Courses values (1, 'p', 'Um', 'd', 1)");
    const second = await source.open(SIGNAL);
    expect(await second.canFollow(position, SIGNAL)).toBe(true);
    const { sink, rows } = collectRows();
    await second.poll(position, sink, SIGNAL, true);
    expect(rows('Courses')).toHaveLength(1);
    const other = await folderSqlSource(emptyDatabase(), courses).source.open(SIGNAL);
    expect(await other.canFollow(position, SIGNAL)).toBe(false);
    expect(await other.canFollow('{}', SIGNAL)).toBe(false);
    expect(await other.canFollow('no file', SIGNAL)).toBe(false);
  });
});

test('a poll that nobody waits for any more ends at once, and the next one works', async () => {
  const { source, write } = folderSqlSource(emptyDatabase(), courses);
  const session = await source.open(SIGNAL);
  const { sink, rows } = collectRows();
  const position = await session.load(sink, SIGNAL);
  const abort = new AbortController();
  const polling = session.poll(position, sink, abort.signal, false);
  abort.abort();
  await expect(polling).rejects.toMatchObject({ name: 'SourceTimeoutError' });
  await write("insert into Courses values (1, 'p', 'Um', 'd', 1)");
  await session.poll(position, sink, SIGNAL, true);
  expect(rows('Courses')).toHaveLength(1);
});
