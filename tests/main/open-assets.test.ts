import { afterAll, beforeAll, expect, test } from 'bun:test';
import { cp, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
  expect(after).toHaveLength(2);
  expect(after[0]).toBe(documentation);
  expect(after[1]).not.toBe(page);
});

/** The folders of the documentation and of the page, from the root of the project. */
async function built(): Promise<string[]> {
  const kinds = ['build/documentation', 'build/page'];
  const folders = await Promise.all(kinds.map((kind) => readdir(join(project, kind))));
  return folders.flatMap((names, index) => names.map((name) => join(kinds[index] ?? '', name)));
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
