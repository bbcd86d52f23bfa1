import { Database } from 'bun:sqlite';
import { afterEach, describe, expect, test } from 'bun:test';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstValueFrom } from 'rxjs';
import { systemClock } from '../../src/core/runtime/clock.ts';
import { type Demo, type DemoOptions, openDemoSources } from '../../src/demo/open.ts';
import { features } from '../../src/features/index.ts';
import { hashesOf } from './company.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';

const temporaryFolder = temporaryFolders();
const opened: Demo[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map(close));
});

async function open(options: Partial<DemoOptions> = {}): Promise<Demo & { readonly progress: string[] }> {
  const progress: string[] = [];
  const demo = await openDemoSources({
    directory: null,
    keptIn: null,
    seed: 1,
    scale: 0.02,
    rate: null,
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

async function close({ company, sources }: Demo): Promise<void> {
  company.stop();
  await Promise.all([sources.sql.close(), sources.documents.close()]);
}

/** Closes what was opened last, before the test ends. */
async function closeLast(): Promise<void> {
  const demo = opened.pop();
  if (demo !== undefined) await close(demo);
}

async function snapshots({ sources }: Demo) {
  const now = Date.now();
  const signal = new AbortController().signal;
  const loaded = await Promise.allSettled(features.map((feature) => feature.load(sources, now, signal)));
  return Object.fromEntries(
    loaded.map((outcome, index) => [
      features[index]?.name ?? '',
      outcome.status === 'fulfilled' ? outcome.value : String(outcome.reason),
    ]),
  );
}

describe('data in memory', () => {
  test('have figures for every feature, and live by themselves', async () => {
    const demo = await open();
    expect(demo.description).toBe('demo data in memory, seed 1, 0.02 times the usual size; 2 changes a second');
    for (const content of Object.values(await snapshots(demo))) expect(content).toMatchObject({ unavailable: [] });
  });

  test('move when the company is started', async () => {
    const demo = await open({ rate: 20 });
    const moved = Promise.all([
      firstValueFrom(demo.sources.sql.changes),
      firstValueFrom(demo.sources.documents.changes),
    ]);
    demo.company.start();
    await moved;
  });
});

describe('a folder', () => {
  test('keeps what happens, and is served again as it is', async () => {
    const directory = join(temporaryFolder(), 'data');
    const demo = await open({ directory, rate: 50 });
    expect(demo.progress).toEqual([`Making demo data in ${directory} …`]);
    demo.company.start();
    await Promise.all([firstValueFrom(demo.sources.sql.changes), firstValueFrom(demo.sources.documents.changes)]);
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
    for (const content of Object.values(await snapshots(again))) expect(content).toMatchObject({ unavailable: [] });
    await closeLast();
    expect(look()).toEqual(before);
  });

  test('that we made lives, that of somebody else does not unless it is told to', async () => {
    const ours = join(temporaryFolder(), 'data');
    expect((await open({ directory: ours })).description).toBe(`folder ${ours}; 2 changes a second`);
    const own = temporaryFolder();
    writeFileSync(join(own, 'support_tickets.jsonl'), '');
    expect((await open({ directory: own })).description).toBe(`folder ${own}; nothing moves`);
    expect((await open({ directory: own, rate: 0.5 })).description).toBe(`folder ${own}; 0.5 changes a second`);
  });

  test('may lack optional columns and log lines', async () => {
    const directory = join(temporaryFolder(), 'data');
    await open({ directory });
    await closeLast();
    const database = new Database(join(directory, 'greg.sqlite'));
    database.run('pragma application_id = 0');
    database.run('alter table Claims drop column UpdatedAt');
    database.close();
    rmSync(join(directory, 'logs.jsonl'));
    const demo = await open({ directory });
    expect(demo.description).toBe(`folder ${directory}; nothing moves`);
    expect(await snapshots(demo)).toMatchObject({
      claims: { unavailable: [{ column: 'Claims.UpdatedAt' }] },
      support: { data: { logs: null } },
    });
  });

  test('with tickets alone has no tables', async () => {
    const directory = temporaryFolder();
    writeFileSync(
      join(directory, 'support_tickets.jsonl'),
      '{"status":" open ","createdAt":{"$date":"2026-01-01T00:00:00Z"}}',
    );
    const shown = await snapshots(await open({ directory }));
    expect(shown.support).toMatchObject({ data: { summary: { TotalTickets: 1, OpenTickets: 1 } } });
    expect(shown.storage).toContain('The source has no table Files');
  });

  test('with tables alone has no tickets', async () => {
    const directory = temporaryFolder();
    const database = new Database(join(directory, 'greg.sqlite'));
    database.run('create table Courses (Id integer, Name text)');
    database.run('create table Videos (Id integer, Duration text, Status integer, CourseId integer)');
    database.run("insert into Courses values (1, 'Um')");
    database.close();
    const shown = await snapshots(await open({ directory }));
    expect(shown.content).toMatchObject({ data: { summary: { TotalCourses: 1 } } });
    expect(shown.support).toContain('collection support_tickets');
  });

  test('with none of the files is told of', async () => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, 'notes.txt'), '');
    expect((await open({ directory })).progress).toEqual([
      `${directory} holds none of the files that are read: see docs/demo.md`,
    ]);
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
    const demo = await open({ directory, rate: 0 });
    const changed = firstValueFrom(demo.sources.sql.changes);
    const before = await snapshots(demo);
    const database = new Database(join(directory, 'greg.sqlite'));
    database.run("insert into Courses (Id, PublicId, Name, Description, IsActive) values (900, '', 'Novo', '', 1)");
    database.close();
    expect(await changed).toEqual({ names: 'all' });
    expect((await snapshots(demo)).content).not.toEqual(before.content);
  });

  test('of a collection are noticed', async () => {
    const directory = join(temporaryFolder(), 'data');
    const demo = await open({ directory, rate: 0 });
    const changed = firstValueFrom(demo.sources.documents.changes);
    appendFileSync(join(directory, 'support_tickets.jsonl'), '{"status":"Open","context":"Novo"}\n');
    expect(await changed).toEqual({ names: new Set(['support_tickets']) });
    expect((await snapshots(demo)).support).toMatchObject({ data: { summary: { TotalTickets: 151 } } });
  });
});

/** A program that serves a folder, lives in it at great speed, and says when it does. */
const LIVING = `
  const { openDemoSources } = await import(${JSON.stringify(join(import.meta.dir, '../../src/demo/open.ts'))});
  const { systemClock } = await import(${JSON.stringify(join(import.meta.dir, '../../src/core/runtime/clock.ts'))});
  const demo = await openDemoSources({
    directory: process.argv[1], seed: 1, scale: 0.02, rate: 200, clock: systemClock,
    onProgress: () => {}, onError: (error) => console.error(error),
  });
  demo.sources.documents.changes.subscribe(() => console.log('alive'));
  demo.company.start();
`;

test('a server that is killed leaves a folder that the next one serves', async () => {
  const directory = join(temporaryFolder(), 'data');
  const child = Bun.spawn([process.execPath, '-e', LIVING, directory], { stdout: 'pipe', stderr: 'pipe' });
  let heard = '';
  for await (const chunk of child.stdout) {
    heard += new TextDecoder().decode(chunk);
    if (heard.split('alive').length > 20) break;
  }
  child.kill('SIGKILL');
  await child.exited;
  expect(await new Response(child.stderr).text()).toBe('');
  const demo = await open({ directory, rate: 0 });
  expect(demo.progress).toEqual([]);
  for (const content of Object.values(await snapshots(demo))) expect(content).toMatchObject({ unavailable: [] });
});
