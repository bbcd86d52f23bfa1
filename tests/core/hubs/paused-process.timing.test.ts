import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';
import { OPCODE, openRawWebSocket, type RawWebSocket } from '../../support/raw-websocket.ts';
import { handshake, json, negotiatedToken, recordsIn } from '../../support/signalr-wire.ts';
import { negotiateRequests, type RequestConnection, readEvents } from './signalr/requests.ts';

// Machines that do other things besides take their time.
setDefaultTimeout(30_000);

/** Eighty seconds for the hubs, whose time runs forty times as fast: longer than any of their deadlines. */
const PAUSE_MS = 2_000;
const SECRET = 'a secret for tests, which is long enough';
const PING = json({ type: 6 });
const EVENTS = { headers: { accept: 'text/event-stream' } };

let child: Bun.Subprocess<'ignore', 'pipe', 'inherit'>;
let url: string;

async function start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
  child = Bun.spawn([process.execPath, fileURLToPath(new URL('./paused-server.ts', import.meta.url))], {
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { value } = await child.stdout.getReader().read();
  url = new TextDecoder().decode(value).trim();
}

afterEach(async () => {
  child.kill('SIGKILL');
  await child.exited;
});

/** Stops the process as a laptop's sleep does, and lets clients speak to it meanwhile. */
async function whilePaused(speak: () => void): Promise<void> {
  child.kill('SIGSTOP');
  speak();
  await Bun.sleep(PAUSE_MS);
  child.kill('SIGCONT');
}

const text = ({ payload }: { readonly payload: Buffer }) => payload.toString();
const invocation = json({ type: 1, invocationId: 'after', target: 'SubscribeToA', arguments: [] });

async function shakenHands(): Promise<RawWebSocket> {
  const client = await openRawWebSocket(url, '/hubs/claims?protocol=signalr');
  client.send(OPCODE.text, handshake());
  await client.waitFor((frame) => text(frame).includes('Initial'));
  return client;
}

describe('what arrived while the process was paused is read before any deadline counts', () => {
  beforeEach(() => start());

  test('a handshake of a client that has not said what it speaks', async () => {
    const client = await openRawWebSocket(url, '/hubs/claims');
    await whilePaused(() => client.send(OPCODE.text, handshake()));
    expect(text(await client.waitFor(() => true))).toBe(json({}));
    client.destroy();
  });

  test('a frame of plain JSON in the same place', async () => {
    const client = await openRawWebSocket(url, '/hubs/claims');
    await whilePaused(() => client.send(OPCODE.text, '{"type":"Ping","timestamp":7}'));
    await client.waitFor((frame) => text(frame) === '{"type":"Pong","timestamp":7}');
    client.destroy();
  });

  test('a handshake of a client that speaks SignalR', async () => {
    const client = await openRawWebSocket(url, '/hubs/claims?protocol=signalr');
    await whilePaused(() => client.send(OPCODE.text, handshake()));
    expect(text(await client.waitFor(() => true))).toBe(json({}));
    client.destroy();
  });

  test('a ping of a SignalR client', async () => {
    const client = await shakenHands();
    await whilePaused(() => client.send(OPCODE.text, PING));
    client.send(OPCODE.text, invocation);
    await client.waitFor((frame) => text(frame).includes('"invocationId":"after"'));
    client.destroy();
  });

  test.each([
    [OPCODE.text, '{"type":"Ping"}'],
    [OPCODE.pong, ''],
  ])('a sign of life of a plain client: opcode %i', async (opcode, payload) => {
    const client = await openRawWebSocket(url, '/hubs/claims?protocol=json');
    await client.waitFor((frame) => text(frame).includes('Snapshot'));
    await whilePaused(() => client.send(opcode, payload));
    client.send(OPCODE.text, '{"type":"Ping","timestamp":"after"}');
    await client.waitFor((frame) => text(frame) === '{"type":"Pong","timestamp":"after"}');
    client.destroy();
  });

  test('the request that uses a negotiated connection', async () => {
    const token = await negotiatedToken(url, 'claims');
    const connecting: Promise<RawWebSocket>[] = [];
    await whilePaused(() => connecting.push(openRawWebSocket(url, `/hubs/claims?id=${token}`)));
    const client = await connecting[0];
    client?.send(OPCODE.text, handshake());
    await client?.waitFor((frame) => text(frame) === json({}));
    client?.destroy();
  });

  test('a poll', async () => {
    const connection = await negotiateRequests(url, 'claims');
    await connection.poll();
    const answers: Promise<Response>[] = [];
    await whilePaused(() => answers.push(connection.post(handshake()), connection.get()));
    expect((await answers[0])?.status).toBe(200);
    const answer = await answers[1];
    expect(recordsIn((await answer?.bytes()) ?? '')[0]).toEqual({});
  });

  test('a ping that is posted to a stream of events', async () => {
    const connection: RequestConnection = await negotiateRequests(url, 'claims');
    const events = readEvents(await connection.get(EVENTS));
    await events.piece();
    await connection.post(handshake());
    await events.records();
    const posted: Promise<Response>[] = [];
    await whilePaused(() => posted.push(connection.post(PING)));
    expect((await posted[0])?.status).toBe(200);
    expect((await connection.post(invocation)).status).toBe(200);
    await events.cancel();
  });

  test('a client from which nothing has come is still found to be gone', async () => {
    const [silent, alive] = [await shakenHands(), await shakenHands()];
    await whilePaused(() => alive.send(OPCODE.text, PING));
    // The hubs' time runs fast: while the other one is waited for, this one goes on as clients do.
    const pings = setInterval(() => alive.send(OPCODE.text, PING), 100);
    await silent.ended;
    clearInterval(pings);
    alive.send(OPCODE.text, invocation);
    await alive.waitFor((frame) => text(frame).includes('"invocationId":"after"'));
    alive.destroy();
  });
});

test('a token that expired during a pause ends its connection, whatever has arrived', async () => {
  await start({ SECRET });
  const token = await new SignJWT({ role: 'Admin' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('42')
    .setExpirationTime(new Date(Date.now() + PAUSE_MS / 2 + 1_000))
    .sign(new TextEncoder().encode(SECRET));
  const client = await openRawWebSocket(url, `/hubs/claims?protocol=json&access_token=${token}`);
  await client.waitFor((frame) => text(frame).includes('Snapshot'));
  await whilePaused(() => client.send(OPCODE.text, '{"type":"Ping","timestamp":"late"}'));
  const { payload } = await client.waitFor(({ opcode }) => opcode === OPCODE.close);
  expect(payload.readUInt16BE(0)).toBe(4001);
});
