import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';
import { type RawAnswer, sendRequest } from '../../support/raw-request.ts';
import { OPCODE, openRawWebSocket, type RawWebSocket } from '../../support/raw-websocket.ts';
import { handshake, json, negotiatedToken, recordsIn } from '../../support/signalr-wire.ts';
import { negotiateRequests, readEvents } from './signalr/requests.ts';

/** Longer than any deadline of the hubs. */
const PAUSE_MS = 80_000;
/** The longest that the hubs let clients speak after a pause. */
const GRACE_MS = 5_000;
const SECRET = 'a secret for tests, which is long enough';
const PING = json({ type: 6 });
const EVENTS = { headers: { accept: 'text/event-stream' } };

let child: Bun.Subprocess<'pipe', 'pipe', 'inherit'>;
let output: AsyncIterator<Uint8Array>;
let url: string;

async function start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
  child = Bun.spawn([process.execPath, fileURLToPath(new URL('./paused-server.ts', import.meta.url))], {
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  output = child.stdout.values();
  url = await nextLine();
}

/** The process prints a line only when asked for it, so each piece is a line. */
async function nextLine(): Promise<string> {
  const { value } = await output.next();
  return new TextDecoder().decode(value).trim();
}

afterEach(async () => {
  child.kill('SIGKILL');
  await child.exited;
});

/**
 * Pauses the process, as far as its event loop and its clock can tell.
 *
 * @param speak resolves when what clients say meanwhile has reached the process, which cannot read it yet
 */
async function whilePaused(speak: () => Promise<unknown>, pauseMs = PAUSE_MS): Promise<void> {
  child.kill('SIGUSR2');
  expect(await nextLine()).toBe('paused');
  await speak();
  child.stdin.write(`${pauseMs}\n`);
  await child.stdin.flush();
}

function get(path: string): Promise<{ readonly answer: Promise<RawAnswer> }> {
  return sendRequest(url, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
}

function post(path: string, body: string): Promise<{ readonly answer: Promise<RawAnswer> }> {
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${length}`;
  return sendRequest(url, `${head}\r\n\r\n${body}`);
}

const text = ({ payload }: { readonly payload: Buffer }) => payload.toString();
const invocation = json({ type: 1, invocationId: 'after', target: 'SubscribeToA', arguments: [] });

function say(client: RawWebSocket, opcode: number, payload: string): Promise<void> {
  client.send(opcode, payload);
  return client.sent();
}

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
    await whilePaused(() => say(client, OPCODE.text, handshake()));
    expect(text(await client.waitFor(() => true))).toBe(json({}));
    client.destroy();
  });

  test('a frame of plain JSON in the same place', async () => {
    const client = await openRawWebSocket(url, '/hubs/claims');
    await whilePaused(() => say(client, OPCODE.text, '{"type":"Ping","timestamp":7}'));
    await client.waitFor((frame) => text(frame) === '{"type":"Pong","timestamp":7}');
    client.destroy();
  });

  test('a handshake of a client that speaks SignalR', async () => {
    const client = await openRawWebSocket(url, '/hubs/claims?protocol=signalr');
    await whilePaused(() => say(client, OPCODE.text, handshake()));
    expect(text(await client.waitFor(() => true))).toBe(json({}));
    client.destroy();
  });

  test('a ping of a SignalR client', async () => {
    const client = await shakenHands();
    await whilePaused(() => say(client, OPCODE.text, PING));
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
    await whilePaused(() => say(client, opcode, payload));
    client.send(OPCODE.text, '{"type":"Ping","timestamp":"after"}');
    await client.waitFor((frame) => text(frame) === '{"type":"Pong","timestamp":"after"}');
    client.destroy();
  });

  test('the request that uses a negotiated connection', async () => {
    const token = await negotiatedToken(url, 'claims');
    const connecting: Promise<RawWebSocket>[] = [];
    await whilePaused(
      () =>
        new Promise<void>((onSent) => {
          connecting.push(openRawWebSocket(url, `/hubs/claims?id=${token}`, { onSent }));
        }),
    );
    const client = await connecting[0];
    client?.send(OPCODE.text, handshake());
    await client?.waitFor((frame) => text(frame) === json({}));
    client?.destroy();
  });

  test('a poll', async () => {
    const connection = await negotiateRequests(url, 'claims');
    await connection.poll();
    const path = `/hubs/claims?id=${connection.id}`;
    const sent: Awaited<ReturnType<typeof sendRequest>>[] = [];
    await whilePaused(async () => sent.push(await post(path, handshake()), await get(path)));
    const [posted, polled] = await Promise.all(sent.map(({ answer }) => answer));
    expect(posted?.status).toBe(200);
    expect(recordsIn(polled?.body ?? '')[0]).toEqual({});
  });

  test('a ping that is posted to a stream of events', async () => {
    const connection = await negotiateRequests(url, 'claims');
    const events = readEvents(await connection.get(EVENTS));
    await events.piece();
    await connection.post(handshake());
    await events.records();
    const sent: Awaited<ReturnType<typeof sendRequest>>[] = [];
    await whilePaused(async () => sent.push(await post(`/hubs/claims?id=${connection.id}`, PING)));
    expect((await sent[0]?.answer)?.status).toBe(200);
    expect((await connection.post(invocation)).status).toBe(200);
    await events.cancel();
  });

  test('a client from which nothing has come is still found to be gone', async () => {
    const [silent, alive] = [await shakenHands(), await shakenHands()];
    const isAnswered = async (invocationId: string) => {
      alive.send(OPCODE.text, json({ type: 1, invocationId, target: 'SubscribeToA', arguments: [] }));
      await alive.waitFor((frame) => text(frame).includes(`"invocationId":"${invocationId}"`));
    };
    await whilePaused(() => say(alive, OPCODE.text, PING));
    await isAnswered('after the pause');
    // Nobody is given more time than that.
    await whilePaused(async () => {}, GRACE_MS);
    await silent.ended;
    await isAnswered('after the end of the other');
    alive.destroy();
  });
});

test('a token that expired during a pause ends its connection, whatever has arrived', async () => {
  await start({ SECRET });
  const token = await new SignJWT({ role: 'Admin' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('42')
    .setExpirationTime(new Date(Date.now() + PAUSE_MS / 2))
    .sign(new TextEncoder().encode(SECRET));
  const client = await openRawWebSocket(url, `/hubs/claims?protocol=json&access_token=${token}`);
  await client.waitFor((frame) => text(frame).includes('Snapshot'));
  await whilePaused(() => say(client, OPCODE.text, '{"type":"Ping","timestamp":"late"}'));
  const { payload } = await client.waitFor(({ opcode }) => opcode === OPCODE.close);
  expect(payload.readUInt16BE(0)).toBe(4001);
});
