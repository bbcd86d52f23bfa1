import { afterAll, beforeAll, expect, test } from 'bun:test';
import { connect } from 'node:net';
import { acceptLocally } from '../support/accept-locally.ts';
import { connectHub } from '../support/hub-client.ts';
import { type ServerProcess, startProcess, temporaryFolder } from '../support/process.ts';
import { OPCODE, openRawWebSocket, type RawWebSocket } from '../support/raw-websocket.ts';

/** What Docker grants before it kills. The program takes half of it at most, on a machine that has time for it. */
const STOP_WITHIN_MS = 10_000;

let state: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  state = await temporaryFolder();
});

afterAll(() => state[Symbol.asyncDispose]());

/** A client that asks for more than the buffers in between hold, and reads nothing of it. */
async function connectStuck({ url }: ServerProcess): Promise<RawWebSocket> {
  const stuck = await openRawWebSocket(url, '/hubs/all');
  await stuck.waitFor(({ payload }) => payload.includes('"Snapshot","hub":"storage"'));
  stuck.stopReading();
  for (let asked = 0; asked < 500; asked++) stuck.send(OPCODE.text, '{"type":"Invoke","method":"GetInitialData"}');
  return stuck;
}

/** Sends the first half of a request, and never the rest. */
async function sendHalf({ url }: ServerProcess, half: string): Promise<{ readonly ended: Promise<void> }> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  socket.write(half);
  return { ended };
}

test('SIGTERM ends every connection with a reason and the process with 0, whatever its clients do', async () => {
  const server = await startProcess({
    STATE_DIR: `${state.path}/busy`,
    DEMO_RATE: '20',
    EMIT_INTERVAL_MS: '250',
  });
  await server.ready();
  const clients = await Promise.all(['claims', 'financial', 'all', 'all'].map((hub) => connectHub(server.url, hub)));
  for (const client of clients) await client.nextOf('Snapshot');
  const stuck = await connectStuck(server);
  const halves = await Promise.all([
    sendHalf(server, 'GET /api/claims HTTP/1.1\r\nHost: local'),
    sendHalf(server, 'POST /api/claims/sync-rows HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{'),
  ]);
  const answer = fetch(`${server.url}/api/storage/growth-trend?days=365`);
  // The request has reached the server when one that was sent after it is answered.
  await fetch(`${server.url}/health`);

  const began = performance.now();
  server.signal('SIGTERM');
  const status = (await answer).status;
  for (const client of clients) expect(await client.closed).toEqual({ code: 1001, reason: 'the server is stopping' });
  expect(await server.exited).toBe(0);
  expect(performance.now() - began).toBeLessThan(STOP_WITHIN_MS);
  expect([200, 503]).toContain(status);
  for (const { ended } of halves) await ended;
  stuck.readOn();
  await stuck.ended;
  expect(server.log()).not.toContain('"level":50');
  await expect(fetch(`${server.url}/health`)).rejects.toThrow();
}, 120_000);

test('so does SIGINT, and more signals of whichever kind do no harm', async () => {
  const server = await startProcess({ STATE_DIR: `${state.path}/idle` });
  await server.ready();
  const client = await connectHub(server.url, 'all');
  await client.nextOf('Snapshot');
  // A shell and a package manager pass them on at the same moment, so all of them are there when the process reads the first.
  for (const signal of ['SIGSTOP', 'SIGINT', 'SIGTERM', 'SIGCONT'] as const) server.signal(signal);
  expect(await client.closed).toEqual({ code: 1001, reason: 'the server is stopping' });
  expect(await server.exited).toBe(0);
}, 120_000);

/** A database that accepts connections and says nothing. */
async function silentServer() {
  const { promise: connected, resolve } = Promise.withResolvers<void>();
  return { ...(await acceptLocally(() => resolve())), connected };
}

test('so it does with silent databases, a stuck client and half a request, within one budget for all of them', async () => {
  await using sqlServer = await silentServer();
  await using mongo = await silentServer();
  const server = await startProcess({
    STATE_DIR: `${state.path}/silent`,
    DB_SERVER: `127.0.0.1,${sqlServer.port}`,
    ...{ DB_NAME: 'Shop', DB_USER: 'reader', DB_PASSWORD: 'secret' },
    MONGO_CONNECTION_STRING: `mongodb://127.0.0.1:${mongo.port}/?directConnection=true`,
  });
  await Promise.all([sqlServer.connected, mongo.connected]);
  const stuck = await openRawWebSocket(server.url, '/hubs/all');
  stuck.stopReading();
  await sendHalf(server, 'POST /api/claims/sync-rows HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{');
  await fetch(`${server.url}/health`);

  const began = performance.now();
  server.signal('SIGTERM');
  expect(await server.exited).toBe(0);
  expect(performance.now() - began).toBeLessThan(STOP_WITHIN_MS);
  expect(server.log()).not.toContain('"level":50');
}, 120_000);

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)(
  'a second %s ends at once what a first one only began to stop',
  async (signal, code) => {
    const server = await startProcess({ STATE_DIR: `${state.path}/impatient-${signal}` });
    // Without the second signal it would be waited for.
    await sendHalf(server, 'POST /api/claims/sync-rows HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{');
    await fetch(`${server.url}/health`);
    const began = performance.now();
    const impatience = setInterval(() => server.signal(signal), 50);
    const exited = await server.exited;
    clearInterval(impatience);
    expect(exited).toBe(code);
    expect(performance.now() - began).toBeLessThan(STOP_WITHIN_MS);
  },
  120_000,
);
