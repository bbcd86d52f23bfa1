import { afterAll, beforeAll, expect, test } from 'bun:test';
import { connect } from 'node:net';
import { connectHub } from '../support/hub-client.ts';
import { type ServerProcess, startProcess, temporaryFolder } from '../support/process.ts';
import { OPCODE, openRawWebSocket, type RawWebSocket } from '../support/raw-websocket.ts';

/** What an orchestrator grants before it kills, and less than that. */
const STOP_WITHIN_MS = 5_000;

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
}, 20_000);

test('so does SIGINT, and more signals of whichever kind do no harm', async () => {
  const server = await startProcess({ STATE_DIR: `${state.path}/idle` });
  await server.ready();
  const client = await connectHub(server.url, 'all');
  await client.nextOf('Snapshot');
  for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM'] as const) server.signal(signal);
  expect(await client.closed).toEqual({ code: 1001, reason: 'the server is stopping' });
  expect(await server.exited).toBe(0);
}, 20_000);
