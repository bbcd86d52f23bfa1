import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { connect } from 'node:net';
import { SignJWT } from 'jose';
import { connectHub } from '../support/hub-client.ts';
import { type ServerProcess, startInVain, startProcess, temporaryFolder } from '../support/process.ts';

const SECRET = 'a secret for tests, which is long enough';
const FEATURES = ['claims', 'financial', 'subscriptions', 'support', 'content', 'users', 'storage'];

let state: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  state = await temporaryFolder();
});

afterAll(() => state[Symbol.asyncDispose]());

/** Whether somebody listens. */
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
      `http://localhost:${port}/swagger`,
      `http://localhost:${port}/api/{feature}`,
      `ws://localhost:${port}/hubs/{${FEATURES.join('|')}|notifications|all}`,
      `http://localhost:${port}/health`,
      '0.02 times the usual size; nothing moves',
      'OFF: no JWT_SECRET, so it listens on 127.0.0.1 only',
      'HOST=0.0.0.0 is not used: without JWT_SECRET the server listens on 127.0.0.1 only',
      'at most once every 1000 ms a hub',
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
    const { code, errors } = await startInVain({ STATE_DIR: `${state.path}/second`, PORT: port });
    expect(code).toBe(1);
    expect(errors).toBe(
      `Port ${port} is taken by another program. Stop that one, or choose another: PORT=${Number(port) + 1}\n`,
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
    const { code, output, errors } = await startInVain({
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
    const { code, errors } = await startInVain({
      STATE_DIR: `${state.path}/never`,
      Jwt__Key: SECRET,
      HOST: '192.0.2.200',
    });
    expect({ code, errors }).toEqual({
      code: 1,
      errors: 'HOST=192.0.2.200 is no address of this machine. HOST=0.0.0.0 is every address of this machine\n',
    });
  });
});

test('the usual demo company is served soon after the start', async () => {
  const server = await startProcess({ STATE_DIR: `${state.path}/usual`, DEMO_SCALE: '1' });
  const began = performance.now();
  await server.ready();
  const readyInMs = server.startedInMs + performance.now() - began;
  console.log(
    `DEMO_SCALE=1: banner after ${Math.round(server.startedInMs)} ms, ready after ${Math.round(readyInMs)} ms`,
  );
  // Clients come back within ten seconds or not at all; a machine under load has to be allowed for.
  expect(readyInMs).toBeLessThan(20_000);
  server.signal('SIGTERM');
  expect(await server.exited).toBe(0);
}, 30_000);
