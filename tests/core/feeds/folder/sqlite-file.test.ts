import { Database } from 'bun:sqlite';
import { afterEach, describe, expect, test } from 'bun:test';
import { copyFileSync, existsSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tables } from '../../../../src/company/tables.ts';
import { createSqliteSource } from '../../../../src/core/feeds/folder/sqlite-source.ts';
import { fileStore, type SqliteStore } from '../../../../src/core/feeds/folder/sqlite-store.ts';
import { everyColumnOf } from '../../../support/folder-sources.ts';
import { type Follower, follow } from '../../../support/row-collector.ts';
import { temporaryFolders } from '../../../support/temporary-folder.ts';

const temporaryFolder = temporaryFolders();
const SIGNAL = new AbortController().signal;
/** What is noticed at all is noticed within this, also on a busy machine. */
const WITHIN_MS = 10_000;
const opened: SqliteStore[] = [];

afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

function makeFile(path: string, names: readonly string[], mode = 'delete'): void {
  const database = new Database(path, { create: true });
  database.run(`pragma journal_mode = ${mode}`);
  database.run('create table Courses (Id integer primary key, Name text)');
  database.run('create table Plans (Id integer primary key, Name text)');
  for (const [index, name] of names.entries()) {
    database.query('insert into Courses values (?, ?)').run(index + 1, name);
  }
  database.close();
}

function serve(path: string) {
  const store = fileStore(path);
  opened.push(store);
  const mirrored = everyColumnOf([tables.Courses, tables.Plans]).map((each) => ({ ...each, columns: ['Id', 'Name'] }));
  return { store, source: createSqliteSource({ store, tables: mirrored, warn: () => {}, description: path }) };
}

const coursesOf = ({ collected }: Follower) => collected.rows('Courses').map(([, name]) => name);

/** The error that a poll ends with. */
async function failure({ moved }: Follower): Promise<unknown> {
  const began = performance.now();
  const error: unknown = await moved().then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(performance.now() - began).toBeLessThan(WITHIN_MS);
  return error;
}

function inOther(path: string, ...statements: readonly string[]): void {
  const database = new Database(path);
  for (const statement of statements) database.run(statement);
  database.close();
}

describe.each(['delete', 'wal'])('a file in journal mode %s', (mode) => {
  test('is followed when another program writes to it, table by table', async () => {
    const path = join(temporaryFolder(), 'greg.sqlite');
    makeFile(path, ['Um'], mode);
    const follower = await follow(serve(path).source);
    expect(follower.session).toMatchObject({ mode: 'watch', reason: null, pauseMs: 0 });
    const began = performance.now();
    inOther(path, "insert into Courses values (9, 'Nove')");
    await follower.moved();
    expect(performance.now() - began).toBeLessThan(WITHIN_MS);
    expect(coursesOf(follower)).toEqual(['Um', 'Nove']);
    expect(follower.collected.handed.whole).toEqual(['Courses']);
    inOther(path, 'delete from Courses where Id = 1');
    await follower.poll(true);
    expect(coursesOf(follower)).toEqual(['Nove']);
  });

  test('is written by us and by another program in turn', async () => {
    const path = join(temporaryFolder(), 'greg.sqlite');
    makeFile(path, ['Um'], mode);
    const { store, source } = serve(path);
    const follower = await follow(source);
    await store.write((database) => database.run("insert into Courses values (2, 'Dois')"));
    await follower.moved();
    expect(follower.collected.handed.whole).toEqual([]);
    inOther(path, "update Courses set Name = 'Outro' where Id = 2");
    await store.write((database) => database.run("insert into Courses values (3, 'Três')"));
    await follower.poll(true);
    expect(coursesOf(follower)).toEqual(['Um', 'Outro', 'Três']);
    expect(await follower.poll(true)).toBe(false);
  });

  test('that is replaced is noticed, and read anew', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'greg.sqlite');
    makeFile(path, ['Um'], mode);
    const { store, source } = serve(path);
    const follower = await follow(source);
    // In a write-ahead log these would be applied to the other database.
    await store.write((database) => database.run("insert into Courses values (2, 'Dois')"));
    makeFile(join(folder, 'other.sqlite'), ['Outro'], mode);
    renameSync(join(folder, 'other.sqlite'), path);
    expect(await failure(follower)).toMatchObject({ name: 'SessionOutdatedError', reload: true });
    expect(coursesOf(await follow(source))).toEqual(['Outro']);
    const check = new Database(path);
    expect(check.query('pragma integrity_check').values()).toEqual([['ok']]);
    check.close();
  });

  test('that is removed has no tables, until it is there again', async () => {
    const path = join(temporaryFolder(), 'greg.sqlite');
    makeFile(path, ['Um'], mode);
    const { source } = serve(path);
    const follower = await follow(source);
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
    expect(await failure(follower)).toMatchObject({ name: 'SessionOutdatedError', reload: true });
    const without = await follow(source);
    expect(without.session.catalog.columns).toEqual({});
    makeFile(path, ['De volta'], mode);
    expect(await failure(without)).toMatchObject({ name: 'SessionOutdatedError', reload: true });
    expect(coursesOf(await follow(source))).toEqual(['De volta']);
  });
});

describe('a file', () => {
  test('over which another one was copied is read anew', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'greg.sqlite');
    const other = join(folder, 'other.sqlite');
    makeFile(path, ['Um']);
    makeFile(other, ['Dois']);
    // As if both had been written by the same number of transactions at the same moment.
    const { source } = serve(path);
    const follower = await follow(source);
    copyFileSync(other, path);
    utimesSync(path, new Date(), new Date(statSync(path).mtimeMs + 1_000));
    await follower.moved();
    expect(coursesOf(follower)).toEqual(['Dois']);
  });

  test('that was only touched hands over nothing', async () => {
    const path = join(temporaryFolder(), 'greg.sqlite');
    makeFile(path, ['Um']);
    const follower = await follow(serve(path).source);
    utimesSync(path, new Date(), new Date(Date.now() + 5_000));
    await follower.poll(true);
    expect(follower.collected.handed).toEqual({ rows: 1, deleted: 0, whole: [] });
  });

  test('with an index more is followed on, with a column more it is looked at again', async () => {
    const path = join(temporaryFolder(), 'greg.sqlite');
    makeFile(path, ['Um']);
    const { source } = serve(path);
    const follower = await follow(source);
    inOther(path, 'create index IX on Courses (Name)', "update Courses set Name = 'Dois'");
    await follower.moved();
    expect(coursesOf(follower)).toEqual(['Dois']);
    inOther(path, 'drop table Plans');
    expect(await failure(follower)).toMatchObject({ name: 'SessionOutdatedError', reload: true });
    expect(Object.keys((await follow(source)).session.catalog.columns)).toEqual(['Courses']);
  });

  test('that another program locks is an error that names it, and is read when it is free again', async () => {
    const path = join(temporaryFolder(), 'greg.sqlite');
    makeFile(path, ['Um']);
    const { source } = serve(path);
    const follower = await follow(source);
    const other = new Database(path);
    other.run('begin exclusive');
    other.run("update Courses set Name = 'Dois'");
    const locked = follower.poll(true);
    await expect(locked).rejects.toThrow(`${path} is locked by another program`);
    await expect(locked).rejects.toMatchObject({ name: 'SourceError' });
    other.run('commit');
    other.close();
    await follower.poll(true);
    expect(coursesOf(follower)).toEqual(['Dois']);
  });

  test('that is no database any more is an error that names it, and is read when it is one again', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'greg.sqlite');
    makeFile(path, ['Um']);
    const { source } = serve(path);
    const follower = await follow(source);
    writeFileSync(path, 'no database, and longer than a header of one, which has a hundred bytes'.repeat(3));
    expect(String(await failure(follower))).toContain(`${path} cannot be read as a SQLite database: `);
    await expect(source.open(SIGNAL)).rejects.toThrow(`${path} cannot be read as a SQLite database: `);
    rmSync(path);
    makeFile(path, ['Inteiro']);
    expect(coursesOf(await follow(source))).toEqual(['Inteiro']);
  });

  test('is put in where there was none', async () => {
    const path = join(temporaryFolder(), 'greg.sqlite');
    const { source } = serve(path);
    const follower = await follow(source);
    expect(follower.session.catalog.columns).toEqual({});
    makeFile(path, ['Um']);
    expect(await failure(follower)).toMatchObject({ name: 'SessionOutdatedError', reload: true });
    expect(coursesOf(await follow(source))).toEqual(['Um']);
  });

  test('that nobody writes to is left as it is', async () => {
    const path = join(temporaryFolder(), 'greg.sqlite');
    makeFile(path, ['Um']);
    const before = await Bun.file(path).bytes();
    const { store, source } = serve(path);
    await (await follow(source)).poll(true);
    store.close();
    expect(await Bun.file(path).bytes()).toEqual(before);
    expect(existsSync(`${path}-wal`) || existsSync(`${path}-journal`)).toBe(false);
  });
});
