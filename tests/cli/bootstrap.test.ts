import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const ROOT = join(import.meta.dir, '..', '..');
/** The pinned Bun is a package of the project itself, so that installing it takes no network. */
const MANIFEST = {
  name: 'stand-in',
  workspaces: ['packages/*'],
  dependencies: {},
  devDependencies: { bun: Bun.version },
};
const SERVER = `
const [first = 'none'] = process.argv.slice(2);
process.on('SIGTERM', () => { console.log('stopping'); setTimeout(() => process.exit(7), 50); });
console.log('up with ' + first);
if (first === 'environment') { console.log(String(process.env.FROM_FILE)); process.exit(0); }
if (first === 'fail') process.exit(5);
setInterval(() => {}, 1000);
`;

/** Runs a command in a shell and waits, as npm does. */
const PACKAGE_MANAGER = `
const [command, ...args] = process.argv.slice(1);
Bun.spawnSync(['sh', '-c', command, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
`;

/** Not the stand-in that Bun puts on the PATH of the scripts it runs. */
const nodePath = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('bun-node-'));
const node = Bun.which('node', { PATH: nodePath.join(delimiter) }) ?? '';

/** Programs that may run the script: people have Node, or Bun, or both. */
const runners = [
  { name: 'Bun', runner: process.execPath },
  { name: 'Node (skipped: no node)', runner: node },
];

for (const { name, runner } of runners)
  describe.skipIf(runner === '')(`the bootstrap under ${name}`, () => {
    let folder = '';
    beforeAll(async () => {
      folder = await standIn();
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    test('starts the program with its arguments, and ends as it ends', async () => {
      const { exitCode, output } = await finish(start(runner, folder, ['start', 'fail']));
      expect(output).toBe('up with fail\n');
      expect(exitCode).toBe(5);
    });

    test('passes SIGTERM on, and waits for the program to stop', async () => {
      const started = start(runner, folder, ['start']);
      const reader = started.stdout.getReader();
      const first = await reader.read();
      expect(new TextDecoder().decode(first.value)).toBe('up with none\n');
      started.kill('SIGTERM');
      expect(await started.exited).toBe(7);
    });

    test('does not install what a server can do without', async () => {
      const lacking = { ...MANIFEST, devDependencies: { ...MANIFEST.devDependencies, 'not-here': '1.0.0' } };
      await Bun.write(join(folder, 'package.json'), JSON.stringify(lacking));
      await Bun.write(join(folder, 'build/built/documentation.js'), '');
      const { output } = await finish(start(runner, folder, ['start', 'fail']));
      expect(output).toBe('up with fail\n');
      await Bun.write(join(folder, 'package.json'), JSON.stringify(MANIFEST));
    });

    test('installs once more when bun.lock has changed since the last time', async () => {
      const stamp = join(folder, 'node_modules/.cache/installed');
      await Bun.write(stamp, 'of another day');
      const first = await finish(start(runner, folder, ['start', 'fail']));
      expect(first.output).toContain('greg-bi: installing packages');
      expect(first.output).toEndWith('up with fail\n');
      expect(await Bun.file(stamp).text()).toBe(
        createHash('sha256')
          .update(await Bun.file(join(folder, 'bun.lock')).text())
          .digest('hex'),
      );
      const second = await finish(start(runner, folder, ['start', 'fail']));
      expect(second.output).toBe('up with fail\n');
    });

    test('says what there is to run', async () => {
      const { exitCode, output } = await finish(start(runner, folder, ['begin']));
      expect(exitCode).toBe(1);
      expect(output).toStartWith('greg-bi: say what to run: start, doctor, export, demo:load, test');
    });

    test('has a command for every script of package.json, which does nothing but call it', async () => {
      const { scripts }: { scripts: Record<string, string> } = await Bun.file(join(ROOT, 'package.json')).json();
      const { output } = await finish(start(runner, folder, ['']));
      const commands = output.trim().split('say what to run: ')[1]?.split(', ') ?? [];
      expect(scripts).toEqual(Object.fromEntries(commands.map((name) => [name, `node src/cli/bootstrap.mjs ${name}`])));
    });

    test('does not have Bun read .env', async () => {
      await Bun.write(join(folder, '.env'), 'FROM_FILE=$HOME');
      const { output } = await finish(start(runner, folder, ['start', 'environment']));
      expect(output).toBe('up with environment\nundefined\n');
      await rm(join(folder, '.env'));
    });

    // A shell that has more to do waits for its command; otherwise it becomes that command.
    test.each(['$0 $1 start', '$0 $1 start; :', 'sh -c "$0 $1 start; :"; :'])(
      'stops the program when the package manager that runs it in the shell %s is killed',
      async (command) => {
        const manager = Bun.spawn([process.execPath, '-e', PACKAGE_MANAGER, command, runner, bootstrapOf(folder)], {
          env: { PATH: process.env.PATH ?? '', HOME: folder, npm_lifecycle_event: 'start' },
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const reader = manager.stdout.getReader();
        const read = async () => new TextDecoder().decode((await reader.read()).value);
        expect(await read()).toBe('up with none\n');
        manager.kill('SIGKILL');
        expect(await read()).toBe('stopping\n');
        // The pipe ends with the last process that holds it.
        expect((await reader.read()).done).toBe(true);
      },
    );
  });

describe.skipIf(node === '')('the bootstrap under Node without a Bun (skipped: no node)', () => {
  test('says what to do when npm is missing too', async () => {
    const folder = await standIn();
    await rm(join(folder, 'node_modules'), { recursive: true });
    const { exitCode, output } = await finish(start(node, folder, ['start'], join(folder, 'nothing')));
    expect(exitCode).toBe(1);
    expect(output).toContain(`greg-bi: Bun ${Bun.version} is missing`);
    expect(output).toContain(`install npm, or Bun ${Bun.version} (https://bun.com), and try again`);
    await rm(folder, { recursive: true });
  });
});

/** A project with the real script, a small server, and this very Bun in its node_modules. */
async function standIn(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bootstrap-'));
  await mkdir(join(folder, 'src/cli'), { recursive: true });
  await cp(join(ROOT, 'src/cli/bootstrap.mjs'), join(folder, 'src/cli/bootstrap.mjs'));
  await Bun.write(join(folder, 'src/main.ts'), SERVER);
  await Bun.write(join(folder, 'package.json'), JSON.stringify(MANIFEST));
  await Bun.write(join(folder, 'packages/bun/package.json'), JSON.stringify({ name: 'bun', version: Bun.version }));
  await Bun.spawn([process.execPath, 'install'], { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] }).exited;
  await mkdir(join(folder, 'node_modules/@oven/bun-here/bin'), { recursive: true });
  await symlink(process.execPath, join(folder, 'node_modules/@oven/bun-here/bin/bun'));
  return folder;
}

function bootstrapOf(folder: string): string {
  return join(folder, 'src/cli/bootstrap.mjs');
}

function start(runner: string, folder: string, args: readonly string[], PATH = dirname(runner)) {
  return Bun.spawn([runner, bootstrapOf(folder), ...args], {
    cwd: tmpdir(),
    env: { PATH, HOME: folder },
    stdout: 'pipe',
    stderr: 'pipe',
  });
}

async function finish(started: ReturnType<typeof start>): Promise<{ exitCode: number; output: string }> {
  const [errors, output] = await Promise.all([started.stderr.text(), started.stdout.text()]);
  return { exitCode: await started.exited, output: errors + output };
}
