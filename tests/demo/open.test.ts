import { Database } from 'bun:sqlite';
import { afterEach, describe, expect, test } from 'bun:test';
import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/core/runtime/clock.ts';
import { type Demo, type DemoOptions, openDemo } from '../../src/demo/open.ts';
import { everyDocumentField, everySqlColumn } from '../support/folder-sources.ts';
import { follow } from '../support/row-collector.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { hashesOf } from './company.ts';

const temporaryFolder = temporaryFolders();
/** Within this, what another program did to a folder is noticed, also on a busy machine. */
const NOTICED_WITHIN_MS = 10_000;
const opened: Demo[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map(close));
});

async function open(options: Partial<DemoOptions> = {}): Promise<Demo & { readonly progress: string[] }> {
  const progress: string[] = [];
  const demo = await openDemo({
    directory: null,
    cacheDirectory: null,
    seed: 1,
    scale: 0.02,
    rate: null,
    tables: { sql: everySqlColumn, documents: everyDocumentField },
    clock: systemClock,
    onProgress: (text) => progress.push(text),
    onError: (error) => {
      throw error;
    },
    ...options,
  });
  opened.push(demo);
  return { ...demo, progress };
}

async function close({ company, sources }: Pick<Demo, 'company' | 'sources'>): Promise<void> {
  company.stop();
  await Promise.all([sources.sql.close(), sources.documents.close()]);
}

/** Closes what was opened last, before the test ends. */
async function closeLast(): Promise<void> {
  const demo = opened.pop();
  if (demo !== undefined) await close(demo);
}

const followBoth = ({ sources }: Pick<Demo, 'sources'>) =>
  Promise.all([follow(sources.sql), follow(sources.documents)]);

/** The error that following ends with, soon enough. */
async function noticed(following: Promise<unknown>): Promise<unknown> {
  const began = performance.now();
  const error = await following.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(performance.now() - began).toBeLessThan(NOTICED_WITHIN_MS);
  return error;
}

describe('data in memory', () => {
  test('have every table and collection, and live by themselves', async () => {
    const demo = await open();
    expect(demo.description).toBe('demo data in memory, seed 1, 0.02 times the usual size; 2 changes per second');
    expect(demo.outlivesRestarts).toBe(false);
    const [sql, documents] = await followBoth(demo);
    expect([sql.session.mode, documents.session.mode]).toEqual(['told', 'told']);
    expect(sql.session.catalog.columns).toEqual(
      Object.fromEntries(everySqlColumn.map(({ table, columns }) => [table.name, columns])),
    );
    expect(sql.collected.rows('Payments')).toHaveLength(1_200);
    expect(documents.collected.rows('support_tickets')).toHaveLength(150);
    expect(documents.collected.rows('logs').length).toBeGreaterThan(490);
  });

  test('move when the company is started, row by row', async () => {
    const demo = await open({ rate: 20 });
    const [sql, documents] = await followBoth(demo);
    const before = { ...sql.collected.handed };
    demo.company.start();
    await Promise.all([sql.moved(), documents.moved()]);
    demo.company.stop();
    expect(sql.collected.handed.rows - before.rows).toBeLessThan(10);
    expect(sql.collected.handed.whole).toEqual([]);
  });

  test('are kept for the next start', async () => {
    const cacheDirectory = temporaryFolder();
    const first = await follow((await open({ cacheDirectory })).sources.sql);
    await closeLast();
    const second = await follow((await open({ cacheDirectory })).sources.sql);
    expect(second.collected.rows('Payments')).toEqual(first.collected.rows('Payments'));
  });
});

describe('a folder', () => {
  test('keeps what happens, and is served again as it is', async () => {
    const directory = join(temporaryFolder(), 'data');
    const demo = await open({ directory, rate: 50 });
    expect(demo.progress).toEqual([`Making demo data in ${directory} …`]);
    const [sql, documents] = await followBoth(demo);
    demo.company.start();
    await Promise.all([sql.moved(), documents.moved()]);
    await closeLast();
    const look = () => {
      const database = new Database(join(directory, 'greg.sqlite'), { readonly: true });
      const hashes = hashesOf(database);
      database.close();
      return [hashes, readFileSync(join(directory, 'support_tickets.jsonl'), 'utf8')];
    };
    const before = look();
    const again = await open({ directory, seed: 2, rate: 0 });
    expect(again.progress).toEqual([]);
    expect(again.outlivesRestarts).toBe(true);
    await followBoth(again);
    await closeLast();
    expect(look()).toEqual(before);
  });

  test("that the demo created changes, a user's own only on request", async () => {
    const ours = join(temporaryFolder(), 'data');
    expect((await open({ directory: ours })).description).toBe(`folder ${ours}; 2 changes per second`);
    const own = temporaryFolder();
    writeFileSync(join(own, 'support_tickets.jsonl'), '');
    expect((await open({ directory: own })).description).toBe(`folder ${own}; no changes`);
    expect((await open({ directory: own, rate: 0.5 })).description).toBe(`folder ${own}; 0.5 changes per second`);
  });

  test('with tickets alone has no tables', async () => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, 'support_tickets.jsonl'), '{"status":" open "}');
    const [sql, documents] = await followBoth(await open({ directory }));
    expect(sql.session.catalog.columns).toEqual({});
    expect(Object.keys(documents.session.catalog.columns)).toEqual(['support_tickets']);
    expect(documents.collected.rows('support_tickets')).toHaveLength(1);
  });

  test('with none of the files says so', async () => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, 'notes.txt'), '');
    expect((await open({ directory })).progress).toEqual([`${directory} contains no data file: see docs/demo.md`]);
  });

  test('with a line that is no document is refused, with the file and the line', async () => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, 'logs.jsonl'), '{}\n{"level":\n');
    const opening = open({ directory });
    await expect(opening).rejects.toMatchObject({ name: 'SourceError' });
    await expect(opening).rejects.toThrow(`${join(directory, 'logs.jsonl')}, line 2: `);
  });

  test('with a broken database is refused, with the file', async () => {
    const directory = temporaryFolder();
    const page = Buffer.alloc(4096, 0x55);
    page.write('SQLite format 3\0');
    writeFileSync(join(directory, 'greg.sqlite'), page);
    await expect(open({ directory })).rejects.toThrow(
      `${join(directory, 'greg.sqlite')} cannot be read as a SQLite database`,
    );
  });
});

describe('edits by hand while the server runs', () => {
  test('of the database are noticed', async () => {
    const directory = join(temporaryFolder(), 'data');
    const sql = await follow((await open({ directory, rate: 0 })).sources.sql);
    const database = new Database(join(directory, 'greg.sqlite'));
    database.run("insert into Courses (Id, PublicId, Name, Description, IsActive) values (900, '', 'Novo', '', 1)");
    database.close();
    await noticed(sql.moved());
    expect(sql.collected.handed.whole).toEqual(['Courses']);
    expect(sql.collected.rows('Courses')).toHaveLength(13);
  });

  test('of a collection are noticed', async () => {
    const directory = join(temporaryFolder(), 'data');
    const documents = await follow((await open({ directory, rate: 0 })).sources.documents);
    appendFileSync(join(directory, 'support_tickets.jsonl'), '{"status":"Open","context":"Novo"}\n');
    await noticed(documents.moved());
    expect(documents.collected.rows('support_tickets')).toHaveLength(151);
  });

  test('that break a line keep what was read, and say so', async () => {
    const directory = join(temporaryFolder(), 'data');
    const demo = await open({ directory, rate: 0 });
    const documents = await follow(demo.sources.documents);
    const path = join(directory, 'support_tickets.jsonl');
    appendFileSync(path, '{"status":');
    while (!demo.progress.some((text) => text.includes(`${path}, line 151: `))) await documents.poll();
    expect(documents.collected.rows('support_tickets')).toHaveLength(150);
    appendFileSync(path, '"Open"}\n');
    await noticed(documents.moved());
    expect(documents.collected.rows('support_tickets')).toHaveLength(151);
  });

  test('may put in, replace and remove a database, and a file of tickets', async () => {
    const directory = temporaryFolder();
    const made = join(temporaryFolder(), 'made');
    writeFileSync(join(directory, 'notes.txt'), '');
    await open({ directory: made, rate: 0 });
    await closeLast();
    const demo = await open({ directory, rate: 1 });
    const outdated = { name: 'SessionOutdatedError', reload: true };
    let [sql, documents] = await followBoth(demo);

    renameSync(join(made, 'greg.sqlite'), join(directory, 'greg.sqlite'));
    expect(await noticed(sql.moved())).toMatchObject(outdated);
    sql = await follow(demo.sources.sql);
    expect(sql.collected.rows('Payments')).toHaveLength(1_200);

    const other = new Database(join(made, 'greg.sqlite'), { create: true });
    other.run("create table Courses as select 1 as Id, 'Um' as Name");
    other.close();
    renameSync(join(made, 'greg.sqlite'), join(directory, 'greg.sqlite'));
    expect(await noticed(sql.moved())).toMatchObject(outdated);
    sql = await follow(demo.sources.sql);
    expect(Object.keys(sql.session.catalog.columns)).toEqual(['Courses']);

    rmSync(join(directory, 'greg.sqlite'));
    expect(await noticed(sql.moved())).toMatchObject(outdated);
    expect((await follow(demo.sources.sql)).session.catalog.columns).toEqual({});

    renameSync(join(made, 'support_tickets.jsonl'), join(directory, 'support_tickets.jsonl'));
    expect(await noticed(documents.moved())).toMatchObject(outdated);
    documents = await follow(demo.sources.documents);
    expect(documents.collected.rows('support_tickets')).toHaveLength(150);

    rmSync(join(directory, 'support_tickets.jsonl'));
    expect(await noticed(documents.moved())).toMatchObject(outdated);
  });
});

/** A program that serves a folder, lives in it at great speed, and says when it does. */
const LIVING = `
  const root = ${JSON.stringify(join(import.meta.dir, '../..'))};
  const { openDemo } = await import(root + '/src/demo/open.ts');
  const { systemClock } = await import(root + '/src/core/runtime/clock.ts');
  const support = await import(root + '/tests/support/folder-sources.ts');
  const { follow } = await import(root + '/tests/support/row-collector.ts');
  const demo = await openDemo({
    directory: process.argv[1], cacheDirectory: null, seed: 1, scale: 0.02, rate: 200, clock: systemClock,
    tables: { sql: support.everySqlColumn, documents: support.everyDocumentField },
    onProgress: () => {}, onError: (error) => console.error(error),
  });
  const sql = await follow(demo.sources.sql);
  demo.company.start();
  for (;;) {
    await sql.moved();
    console.log('alive');
  }
`;

test('a server that is killed leaves a folder that the next one serves', async () => {
  const directory = join(temporaryFolder(), 'data');
  const child = Bun.spawn([process.execPath, '-e', LIVING, directory], { stdout: 'pipe', stderr: 'pipe' });
  let heard = '';
  for await (const chunk of child.stdout) {
    heard += new TextDecoder().decode(chunk);
    if (heard.split('alive').length > 5) break;
  }
  child.kill('SIGKILL');
  await child.exited;
  expect(await new Response(child.stderr).text()).toBe('');
  const demo = await open({ directory, rate: 0 });
  expect(demo.progress).toEqual([]);
  const [sql] = await followBoth(demo);
  expect(sql.collected.rows('Payments').length).toBeGreaterThan(1_199);
  const database = new Database(join(directory, 'greg.sqlite'));
  expect(database.query('pragma integrity_check').values()).toEqual([['ok']]);
  database.close();
});
