import { afterEach, describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catchBugs } from '../../src/cli/doctor/catch-bugs.ts';
import { checkServer } from '../../src/cli/doctor/server.ts';
import { STORE_FILE } from '../../src/core/store/store.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';

const folder = temporaryFolders();
const children: Bun.Subprocess[] = [];
const SERVER = Bun.fileURLToPath(import.meta.resolve('../../src/cli/doctor/server.ts'));
const NUMBERING = Bun.fileURLToPath(import.meta.resolve('../core/store/numbering-run.ts'));

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
    await child.exited;
  }
});

async function use(directory: string) {
  const child = Bun.spawn([process.execPath, NUMBERING, directory, 'claims'], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  await child.stdout.getReader().read();
  return child;
}

const access = { secret: null, roles: ['Admin'], issuer: null, audience: null };
const look = (stateDirectory: string, secret: string | null = null) =>
  new Map(checkServer({ access: { ...access, secret }, stateDirectory }).map((finding) => [finding.what, finding]));
const stateOf = (directory: string) => look(directory).get('STATE_DIR');

/** Nothing is forbidden to root, as which tests may run. */
async function stateAsNobody(directory: string): Promise<unknown> {
  const script = `const { checkServer } = await import(${JSON.stringify(SERVER)});
    if (process.getuid?.() === 0) process.setuid?.(65534);
    const config = ${JSON.stringify({ access, stateDirectory: directory })};
    console.log(JSON.stringify(checkServer(config).find(({ what }) => what === 'STATE_DIR')));`;
  const child = Bun.spawn([process.execPath, '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(await child.stdout.text());
}

describe('STATE_DIR', () => {
  test('that is there, or can be made', () => {
    expect(stateOf(folder())).toMatchObject({ verdict: 'ok' });
    expect(stateOf(join(folder(), 'made', 'deep'))).toMatchObject({ verdict: 'ok' });
  });

  test('that is a file, and is right once it is none', () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'below')]) {
      expect(stateOf(path)).toMatchObject({ verdict: 'broken', found: `${file} is a file, and no folder` });
    }
    expect(stateOf(`${file}-s`)).toMatchObject({ verdict: 'ok' });
  });

  test('that cannot be written, and then can', async () => {
    const directory = folder();
    chmodSync(directory, 0o555);
    expect(await stateAsNobody(directory)).toMatchObject({
      ...{ verdict: 'broken', found: `${directory} cannot be written`, next: expect.stringContaining('chown') },
    });
    chmodSync(directory, 0o777);
    expect(await stateAsNobody(directory)).toMatchObject({ verdict: 'ok' });
  });

  test('with a store that is no database', () => {
    const directory = folder();
    writeFileSync(join(directory, STORE_FILE), 'This is no database, though it is long enough for one. '.repeat(30));
    expect(stateOf(directory)).toMatchObject({
      verdict: 'broken',
      next: expect.stringContaining('move that file away'),
    });
    const other = folder();
    mkdirSync(join(other, STORE_FILE));
    expect(stateOf(other)).toMatchObject({ verdict: 'broken' });
  });

  test('that one server uses, then two, then none', async () => {
    const directory = folder();
    const first = await use(directory);
    expect(stateOf(directory)).toMatchObject({
      verdict: 'ok',
      found: expect.stringContaining(`process ${first.pid} on `),
    });
    const second = await use(directory);
    expect(stateOf(directory)).toMatchObject({
      ...{ verdict: 'warning', next: expect.stringContaining('set another STATE_DIR') },
      found: expect.stringMatching(new RegExp(`2 servers: process ${first.pid} on .*, process ${second.pid} on `)),
    });
    second.kill('SIGKILL');
    await second.exited;
    expect(stateOf(directory)).toMatchObject({
      verdict: 'ok',
      found: expect.stringContaining(`process ${first.pid} on `),
    });
    first.stdin.end();
    await first.exited;
    expect(stateOf(directory)).toMatchObject({ verdict: 'ok', found: `${directory} can be written` });
  });
});

test.each([
  [null, 'warning', /JWT_SECRET/],
  ['short', 'warning', /32 bytes or more/],
  ['é'.repeat(16), 'ok', undefined],
] as const)('the secret %p', (secret, verdict, next) => {
  const finding = look(folder(), secret).get('secret');
  expect(finding?.verdict).toBe(verdict);
  if (next !== undefined) expect(finding?.next).toMatch(next);
});

test('a bug in one check is reported without its message', async () => {
  const findings = await catchBugs('Redis', () => {
    throw new TypeError('redis://:a-Secret@host');
  });
  expect(findings).toEqual([
    {
      ...{
        what: 'Redis',
        verdict: 'broken',
        found: expect.stringMatching(/^the doctor failed: TypeError at .*doctor-server/),
      },
      next: expect.stringContaining('report'),
    },
  ]);
  expect(JSON.stringify(findings)).not.toContain('a-Secret');
});
