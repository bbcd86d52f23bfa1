import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { features } from '../../src/features/index.ts';
import { connectHub } from '../support/hub-client.ts';
import { type ServerProcess, startExpectingRefusal, startProcess, temporaryFolder } from '../support/process.ts';

const SECRET = 'a secret for tests, which is long enough';
/** Frames, and lines of source as Bun shows them. */
const STACK = /^ +at |\\n +at |^\s*\d+ \| /m;
const FEATURES = features.map(({ name }) => name);

let state: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  state = await temporaryFolder();
});

afterAll(() => state[Symbol.asyncDispose]());

/** Whether the port accepts connections. */
function reachable(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

describe('without a secret', () => {
  let server: ServerProcess;

  beforeAll(async () => {
    server = await startProcess({ STATE_DIR: `${state.path}/open`, HOST: '0.0.0.0', EMIT_INTERVAL_MS: '1000' });
    await server.ready();
  });

  afterAll(async () => {
    server.signal('SIGTERM');
    expect(await server.exited).toBe(0);
  });

  test('the banner says where to look, what is read, and who may', () => {
    const { port } = new URL(server.url);
    for (const line of [
      `http://localhost:${port}/\n`,
      `http://localhost:${port}/swagger`,
      `http://localhost:${port}/api/{feature}`,
      `ws://localhost:${port}/hubs/{${FEATURES.join('|')}|notifications|all}`,
      `http://localhost:${port}/health`,
      '0.02 times the usual size; no changes',
      'OFF: no JWT_SECRET, so it listens on 127.0.0.1 only',
      'HOST=0.0.0.0 is not used: without JWT_SECRET the server listens on 127.0.0.1 only',
      'at most once every 1000 ms per hub',
    ]) {
      expect(server.banner).toContain(line);
    }
  });

  test('it listens on 127.0.0.1 only', async () => {
    const port = Number(new URL(server.url).port);
    expect(await reachable('127.0.0.1', port)).toBe(true);
    // Every address of this kind is this machine's own, and who listens on all addresses listens on this one too.
    expect(await reachable('127.0.0.2', port)).toBe(false);
  });

  test('every feature answers, and every hub', async () => {
    for (const feature of FEATURES) {
      const answer = await fetch(`${server.url}/api/${feature}`);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ feature, status: 'live', unavailable: [] });
    }
    const client = await connectHub(server.url, 'all');
    for (const hub of FEATURES) expect(await client.nextOf('Snapshot', { hub })).toMatchObject({ reason: 'Initial' });
    await client.close();
  });

  test('a second server cannot have its port, and says in one line what to do', async () => {
    const { port } = new URL(server.url);
    const { code, errors } = await startExpectingRefusal({ STATE_DIR: `${state.path}/second`, PORT: port });
    expect(code).toBe(1);
    expect(errors).toBe(
      `Port ${port} is in use by another program. Stop it, or choose another: PORT=${Number(port) + 1}\n`,
    );
    expect(await reachable('127.0.0.1', Number(port))).toBe(true);
  });
});

describe('with a secret', () => {
  let server: ServerProcess;

  beforeAll(async () => {
    server = await startProcess({ STATE_DIR: `${state.path}/guarded`, Jwt__Key: SECRET });
    await server.ready();
  });

  afterAll(async () => {
    server.signal('SIGTERM');
    expect(await server.exited).toBe(0);
  });

  test('the banner says so, and never what the secret is', () => {
    expect(server.banner).toContain('on: tokens with a role of Admin');
    expect(server.banner + server.log()).not.toContain(SECRET);
  });

  test('it listens on every address', async () => {
    expect(await reachable('127.0.0.2', Number(new URL(server.url).port))).toBe(true);
  });

  test('hubs and routes refuse who has no token', async () => {
    await expect(connectHub(server.url, 'claims')).rejects.toThrow('refused');
    await expect(connectHub(server.url, 'claims', { authorization: 'Bearer nonsense' })).rejects.toThrow('refused');
    expect((await fetch(`${server.url}/api/claims`)).status).toBe(401);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  test('a token of the back end opens them, and its end ends the connection', async () => {
    const key = new TextEncoder().encode(SECRET);
    const role = { 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role': ['User', 'Admin'] };
    const token = await new SignJWT(role).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('2s').sign(key);
    const client = await connectHub(server.url, 'claims', { authorization: `Bearer ${token}` });
    expect(await client.nextOf('Snapshot')).toMatchObject({ hub: 'claims' });
    expect(await client.closed).toEqual({ code: 4001, reason: 'the access token has expired' });
    await expect(connectHub(server.url, 'claims', { authorization: `Bearer ${token}` })).rejects.toThrow('refused');
  });
});

describe('a start that cannot be', () => {
  test('names every variable that makes no sense, what was read, and what would do', async () => {
    const { code, output, errors } = await startExpectingRefusal({
      STATE_DIR: `${state.path}/never`,
      PORT: 'eighty',
      EMIT_INTERVAL_MS: '10',
      EMIT_INTERVAL_MS_CLAIM: '500',
      EMIT_UNCHANGED: 'perhaps',
      LOG_LEVEL: 'loud',
    });
    expect(code).toBe(1);
    expect(output).toBe('');
    for (const line of [
      'PORT: read "eighty", which is not a whole number from 0 to 65535',
      'EMIT_INTERVAL_MS: read "10", which is not a whole number from 250 to 86400000',
      'EMIT_INTERVAL_MS_CLAIM: there is no such hub; the hubs are CLAIMS,',
      'EMIT_UNCHANGED: read "perhaps", which is neither true nor false',
      'LOG_LEVEL: read "loud", which is none of trace,',
    ]) {
      expect(errors).toContain(line);
    }
    expect(errors).not.toContain('    at ');
  });

  test('an address that is not of this machine', async () => {
    const { code, errors } = await startExpectingRefusal({
      STATE_DIR: `${state.path}/never`,
      Jwt__Key: SECRET,
      HOST: '192.0.2.200',
    });
    expect({ code, errors }).toEqual({
      code: 1,
      errors: 'HOST=192.0.2.200 is not an address of this machine. HOST=0.0.0.0 listens on every address\n',
    });
  });
});

describe('no failure of a start ends in a stack or in source text', () => {
  const folders: Record<string, (path: string) => Promise<unknown>> = {
    'JSON lines that are broken': (path) => Bun.write(`${path}/support_tickets.jsonl`, '{"_id":'),
    'a folder in place of JSON lines': (path) => mkdir(`${path}/logs.jsonl`, { recursive: true }),
    'a file that is no database': (path) => Bun.write(`${path}/greg.sqlite`, 'no database at all'),
    'a damaged database': (path) => Bun.write(`${path}/greg.sqlite`, `SQLite format 3\0${'x'.repeat(200)}`),
  };
  const SQL_SERVER = { DB_SERVER: 'db', DB_NAME: 'Shop', DB_USER: 'reader', DB_PASSWORD: 'secret' };
  const cases: readonly (readonly [Record<string, string>, RegExp])[] = [
    [{ Jwt__Key: SECRET, HOST: '"0.0.0.0"' }, /HOST: read .*write 0\.0\.0\.0\n/],
    [{ Jwt__Key: SECRET, HOST: 'name.of.nobody.invalid' }, /HOST=name\.of\.nobody\.invalid .*HOST=0\.0\.0\.0 listens/],
    [{ Jwt__Key: SECRET, HOST: 'fe80::1' }, /HOST=fe80::1 .*HOST=0\.0\.0\.0 listens/],
    [{ ...SQL_SERVER, DB_SERVER: 'db:1433' }, /DB_SERVER: read "db:1433".*write host,1433/],
    [{ ...SQL_SERVER, DB_CA_FILE: '/nowhere/ca.pem' }, /DB_CA_FILE: read "\/nowhere\/ca\.pem".*name a PEM file/],
    [{ ...SQL_SERVER, DB_CA_FILE: import.meta.path }, /DB_CA_FILE: read .*no certificate in PEM/],
    [{ MONGO_CONNECTION_STRING: 'mongodb://db,' }, /MONGO_CONNECTION_STRING: .*the form is mongodb:/],
    [{ MONGO_CONNECTION_STRING: 'mongodb://db/?retryReds=true' }, /MONGO_CONNECTION_STRING .*option.*form is mongodb:/],
    [{ BI_TIME_ZONE: 'Brasilia' }, /BI_TIME_ZONE: read "Brasilia".*America\/Sao_Paulo/],
    [{ DEMO_DIR: '/dev/null' }, /DEMO_DIR is \/dev\/null: .*Choose a folder/],
  ];

  test.each(cases)('%j', async (environment, words) => {
    const { code, errors } = await startExpectingRefusal({ STATE_DIR: `${state.path}/never`, ...environment });
    expect(code).toBe(1);
    expect(errors).toMatch(words);
    expect(errors).not.toMatch(STACK);
  });

  test.each(Object.entries(folders))('DEMO_DIR with %s', async (_name, fill) => {
    const DEMO_DIR = await mkdtemp(`${state.path}/demo-`);
    await fill(DEMO_DIR);
    const { code, errors } = await startExpectingRefusal({ STATE_DIR: `${state.path}/never`, DEMO_DIR });
    expect(code).toBe(1);
    expect(errors).toContain(DEMO_DIR);
    expect(errors).not.toMatch(STACK);
  });
});

describe('without a folder for state', () => {
  const unusable: Record<string, (path: string) => Promise<unknown>> = {
    'that can be made': (path) => Bun.write(path, 'a file'),
    'whose store is a database': (path) => Bun.write(`${path}/greg-bi.sqlite`, 'no database at all'),
    'whose store is a file': (path) => mkdir(`${path}/greg-bi.sqlite`, { recursive: true }),
  };

  test.each(Object.entries(unusable))('%s the server runs, and says that it keeps nothing', async (_name, spoil) => {
    const path = await mkdtemp(`${state.path}/state-`);
    await rm(path, { recursive: true });
    await spoil(path);
    const server = await startProcess({ STATE_DIR: path, MIRROR: 'disk' });
    await server.ready();
    server.signal('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(server.log()).toContain(`STATE_DIR=${path} cannot be used (`);
    expect(server.log()).not.toMatch(STACK);
  });
});

describe('.env', () => {
  const MAIN = join(import.meta.dir, '../../src/main.ts');

  /** Starts in a folder with such a file, and returns what it says until it ends. */
  async function startIn(env: string | Uint8Array, environment: Record<string, string>, ...options: string[]) {
    const cwd = await mkdtemp(`${state.path}/folder-`);
    await writeFile(`${cwd}/.env`, env);
    const child = Bun.spawn([process.execPath, ...options, MAIN], {
      cwd,
      env: { PATH: process.env.PATH ?? '', DEMO_SCALE: '0.02', DEMO_RATE: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [output, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    return { cwd, output, errors, code };
  }

  // Bun would read the file itself, and expand what is in it, where it is started without the option.
  for (const options of [[], ['--no-env-file']]) {
    const how = options.length === 0 ? 'bun src/main.ts' : 'bun --no-env-file src/main.ts';

    test(`means what it says to ${how}`, async () => {
      // A port that is none shows what was read.
      const env = 'PORT=\'$HOME#x\'\nLOG_LEVEL=a#b\nHOST="$PATH"\n';
      const { errors } = await startIn(env, {}, ...options);
      expect(errors).toContain('PORT: read "$HOME#x"');
      expect(errors).toContain('LOG_LEVEL: read "a#b"');
      expect(errors).toContain('HOST: read "$PATH"');
    });

    test(`is hidden by the process, though not by what is empty there, to ${how}`, async () => {
      const { errors } = await startIn('PORT=file\nLOG_LEVEL=file\n', { PORT: 'process', LOG_LEVEL: '' }, ...options);
      expect(errors).toContain('PORT: read "process"');
      expect(errors).toContain('LOG_LEVEL: read "file"');
    });

    test(`in UTF-16 stops ${how}`, async () => {
      const env = Buffer.from('\uFEFFJWT_SECRET=hunter2', 'utf16le');
      const { cwd, errors, code } = await startIn(env, { PORT: '0' }, ...options);
      expect(code).toBe(1);
      expect(errors).toContain(`${cwd}/.env: is in UTF-16`);
    });
  }

  test('is the one in the working directory, and the banner says so', async () => {
    const cwd = await mkdtemp(`${state.path}/folder-`);
    await writeFile(`${cwd}/.env`, "JWT_SECRET='a$b'\n");
    await writeFile(`${cwd}/.env.local`, 'BI_ROLES=Nobody\n');
    const server = await startProcess({ STATE_DIR: `${state.path}/with-file` }, cwd);
    expect(server.banner).toContain(`Settings  environment variables, then ${cwd}/.env`);
    await server.ready();
    const token = (key: string) =>
      new SignJWT({ role: 'Admin' })
        .setProtectedHeader({ alg: 'HS256' })
        .setExpirationTime('1m')
        .sign(new TextEncoder().encode(key));
    const status = async (key: string) =>
      (await fetch(`${server.url}/api/claims`, { headers: { authorization: `Bearer ${await token(key)}` } })).status;
    expect(await status('a$b')).toBe(200);
    expect(await status('a')).toBe(401);
    server.signal('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(server.log()).toContain(`${cwd}/.env.local is not read`);
  });
});
