import { afterAll, beforeAll, expect, test } from 'bun:test';
import { cp, mkdir, mkdtemp, readdir, rm, stat, symlink, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const ROOT = join(import.meta.dir, '..', '..');

let project = '';

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'greg-assets-'));
  for (const path of ['src', 'package.json', 'bun.lock', 'tsconfig.json']) {
    await cp(join(ROOT, path), join(project, path), { recursive: true });
  }
});
afterAll(() => rm(project, { recursive: true, force: true }));

test('without the packages it says what is missing and what to do', async () => {
  const { exitCode, errors } = await build();
  expect(exitCode).toBe(1);
  expect(errors).toStartWith('The files for browsers are missing and cannot be built (Cannot find package');
  expect(errors).toEndWith('Install the packages that build them: bun install\n');
  expect(await readdir(join(project, 'build/documentation'))).toEqual([]);
});

test('two processes that build at the same time both succeed, and leave one folder of each kind that every user may read', async () => {
  await symlink(join(ROOT, 'node_modules'), join(project, 'node_modules'));
  const results = await Promise.all([build(), build()]);
  expect(results).toEqual([
    { exitCode: 0, errors: '' },
    { exitCode: 0, errors: '' },
  ]);
  expect(await readdir(join(project, 'build/documentation'))).toHaveLength(1);
  expect(await readdir(join(project, 'build/page'))).toHaveLength(1);
  const [documentation = '', page = ''] = await built();
  const script = Bun.file(join(project, documentation, 'documentation.js'));
  expect(script.size).toBeGreaterThan(1_000_000);
  for (const file of [script, Bun.file(join(project, page, 'index.html'))]) {
    expect((await file.stat()).mode & 0o444).toBe(0o444);
  }
  for (const folder of [documentation, page, join(page, 'assets')]) {
    expect((await stat(join(project, folder))).mode & 0o555).toBe(0o555);
  }
});

test('what is built is kept, with the packages gone too, until a source changes', async () => {
  const before = await built();
  await rm(join(project, 'node_modules'));
  expect(await build()).toEqual({ exitCode: 0, errors: '' });
  expect(await built()).toEqual(before);

  await symlink(join(ROOT, 'node_modules'), join(project, 'node_modules'));
  const manifest = Bun.file(join(project, 'package.json'));
  await Bun.write(manifest, `${await manifest.text()}\n`);
  expect(await build()).toEqual({ exitCode: 0, errors: '' });
  const [documentation, page] = await built();
  expect(documentation).not.toBe(before[0]);
  expect(page).toBe(before[1]);

  const style = Bun.file(join(project, 'src/web/design/base.css'));
  await Bun.write(style, `${await style.text()}\nbody { margin: 0; }\n`);
  expect(await build()).toEqual({ exitCode: 0, errors: '' });
  const after = await built();
  expect(after[0]).toBe(documentation);
  expect(after[1]).not.toBe(page);
});

test('the build before is kept for servers that still read it, and older ones are deleted', async () => {
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  const parent = join(project, 'build/page');
  for (const [name, days] of [
    ['oldest', 3],
    ['older', 2],
    ['before', 1],
  ] as const) {
    await mkdir(join(parent, name), { recursive: true });
    await utimes(join(parent, name), daysAgo(days), daysAgo(days));
  }
  for (const name of await readdir(parent)) {
    if (!['oldest', 'older', 'before'].includes(name)) await rm(join(parent, name), { recursive: true });
  }
  expect(await build()).toEqual({ exitCode: 0, errors: '' });
  const [, page = ''] = await built();
  expect((await readdir(parent)).sort()).toEqual(['before', basename(page)].sort());
});

/** The newest folders of the documentation and of the page, from the root of the project. */
async function built(): Promise<string[]> {
  return Promise.all(
    ['build/documentation', 'build/page'].map(async (kind) => {
      const paths = (await readdir(join(project, kind))).map((name) => join(kind, name));
      const dated = await Promise.all(
        paths.map(async (path) => ({ path, at: (await stat(join(project, path))).mtimeMs })),
      );
      return dated.toSorted((left, right) => right.at - left.at)[0]?.path ?? '';
    }),
  );
}

async function build(): Promise<{ exitCode: number; errors: string }> {
  // Without a folder of packages Bun would fetch those that are imported.
  const built = Bun.spawn([process.execPath, '--no-install', '--no-env-file', 'src/cli/assets.ts'], {
    cwd: project,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const errors = await built.stderr.text();
  return { exitCode: await built.exited, errors };
}
