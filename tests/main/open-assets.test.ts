import { afterAll, beforeAll, expect, test } from 'bun:test';
import { cp, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dir, '..', '..');

let project = '';

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'greg-assets-'));
  for (const path of ['src', 'package.json', 'tsconfig.json']) {
    await cp(join(ROOT, path), join(project, path), { recursive: true });
  }
});
afterAll(() => rm(project, { recursive: true, force: true }));

test('without the packages it says what is missing and what to do', async () => {
  const { exitCode, errors } = await build();
  expect(exitCode).toBe(1);
  expect(errors).toStartWith('The files for browsers are missing and cannot be built (Cannot find package');
  expect(errors).toEndWith('Install the packages that build them: bun install\n');
  expect(await readdir(join(project, 'build'))).toEqual([]);
});

test('two processes that build at the same time both succeed, and leave one folder that every user may read', async () => {
  await symlink(join(ROOT, 'node_modules'), join(project, 'node_modules'));
  const results = await Promise.all([build(), build()]);
  expect(results).toEqual([
    { exitCode: 0, errors: '' },
    { exitCode: 0, errors: '' },
  ]);
  const [folder = '', ...others] = await readdir(join(project, 'build'));
  expect(others).toEqual([]);
  const script = Bun.file(join(project, 'build', folder, 'documentation.js'));
  expect(script.size).toBeGreaterThan(1_000_000);
  expect((await stat(join(project, 'build', folder))).mode & 0o555).toBe(0o555);
  expect((await script.stat()).mode & 0o444).toBe(0o444);
});

test('what is built is kept, with the packages gone too, until a source changes', async () => {
  const before = await readdir(join(project, 'build'));
  await rm(join(project, 'node_modules'));
  expect(await build()).toEqual({ exitCode: 0, errors: '' });
  expect(await readdir(join(project, 'build'))).toEqual(before);

  await symlink(join(ROOT, 'node_modules'), join(project, 'node_modules'));
  const manifest = Bun.file(join(project, 'package.json'));
  await Bun.write(manifest, `${await manifest.text()}\n`);
  expect(await build()).toEqual({ exitCode: 0, errors: '' });
  const after = await readdir(join(project, 'build'));
  expect(after).toHaveLength(1);
  expect(after).not.toEqual(before);
});

async function build(): Promise<{ exitCode: number; errors: string }> {
  // Without a folder of packages Bun would fetch those that are imported.
  const built = Bun.spawn([process.execPath, '--no-install', '--no-env-file', 'src/cli/assets.ts'], {
    cwd: project,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const errors = await built.stderr.text();
  return { exitCode: await built.exited, errors };
}
