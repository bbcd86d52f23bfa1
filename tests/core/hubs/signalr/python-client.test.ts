import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { randomBytes } from 'node:crypto';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import {
  HANDSHAKE,
  invocation,
  PACKED_HANDSHAKE,
  PACKED_PING,
  PING,
  packedInvocation,
  packedStreamInvocation,
  streamInvocation,
} from '../../../support/python/records.ts';
import { openEventSocket, urllib } from '../../../support/python/requests.ts';
import { OPCODE, openRawWebSocket, type RawWebSocket } from '../../../support/raw-websocket.ts';
import { recordsIn, SEPARATOR } from '../../../support/signalr-wire.ts';
import { until } from '../../../support/until.ts';
import { type HubServer, startHubServer } from '../hub-server.ts';
import { FIGURE, figureFeatures } from './figure-features.ts';

/** What Python's `signalrcore` says on each of its transports, step by step. */

let server: HubServer;

beforeAll(async () => {
  server = startHubServer(figureFeatures('claims'));
  await server.refreshed();
});

afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const Negotiated = Type.Object({
  negotiateVersion: Type.Literal(0),
  connectionId: Type.String({ minLength: 1 }),
  availableTransports: Type.Array(
    Type.Object({ transport: Type.String(), transferFormats: Type.Array(Type.String()) }),
  ),
});

/** No body, no version, and the id goes into the address of everything that follows. */
async function negotiate(hub = 'claims'): Promise<string> {
  const { status, body } = await urllib(server.url, 'POST', `/hubs/${hub}/negotiate`, {
    'Content-Type': 'application/json',
  });
  expect(status).toBe(200);
  const { connectionId } = Value.Parse(Negotiated, JSON.parse(body.toString()));
  return `/hubs/${hub}?id=${connectionId}`;
}

async function post(path: string, record: string): Promise<void> {
  const { status, body } = await urllib(
    server.url,
    'POST',
    path,
    { 'Content-Type': 'application/octet-stream' },
    record,
  );
  // It reads whatever body there is as JSON.
  expect([status, body.toString()]).toEqual([200, '']);
}

const heard = ({ frames }: RawWebSocket) => frames.filter(({ opcode }) => opcode !== OPCODE.ping);
const texts = (client: RawWebSocket) =>
  heard(client)
    .map(({ payload }) => payload.toString())
    .join('');

describe('over a WebSocket', () => {
  test.each([
    ['negotiated', () => negotiate()],
    ['negotiated, with the name of the hub as its class has it', () => negotiate('Claims')],
    [
      'with skip_negotiation',
      async () => `/hubs/claims?connectionId=${encodeURIComponent(randomBytes(16).toString('base64'))}`,
    ],
  ])('%s', async (_how, address) => {
    const client = await openRawWebSocket(server.url, await address());
    client.send(OPCODE.text, HANDSHAKE);
    expect((await client.waitFor(() => true)).payload.toString()).toBe(`{}${SEPARATOR}`);
    await client.waitFor(({ payload }) => payload.includes(FIGURE));
    client.send(OPCODE.text, PING);
    client.send(OPCODE.text, invocation('a', 'ForceUpdate'));
    client.send(OPCODE.text, streamInvocation('b', 'StreamSnapshots'));
    await until(() => texts(client).includes('"type":2,"invocationId":"b"'));
    await until(() => texts(client).includes('{"type":3,"invocationId":"a"}'));
    // It ends without a close frame.
    client.destroy();
  });

  test('in MessagePack', async () => {
    const client = await openRawWebSocket(server.url, await negotiate());
    client.send(OPCODE.binary, PACKED_HANDSHAKE);
    expect((await client.waitFor(() => true)).payload.toString()).toBe(`{}${SEPARATOR}`);
    client.send(OPCODE.binary, PACKED_PING);
    client.send(OPCODE.binary, packedInvocation('a', 'ForceUpdate'));
    client.send(OPCODE.binary, packedStreamInvocation('b', 'StreamSnapshots'));
    const records = () => heard(client).flatMap(({ payload }) => recordsIn(payload));
    await until(() => records().some((record) => JSON.stringify(record) === '[3,{},"a",2]'));
    await until(() => records().some((record) => JSON.stringify(record).startsWith('[2,{},"b"')));
    client.destroy();
  });
});

test('over Server-Sent Events', async () => {
  const path = await negotiate();
  const events = await openEventSocket(server.url, path);
  expect(events.text).toStartWith('HTTP/1.1 200');
  // Else it takes the sizes of the chunks for data.
  expect(events.text.toLowerCase()).toContain('transfer-encoding: chunked');
  await post(path, HANDSHAKE);
  await events.until(`data: {}${SEPARATOR}`);
  await events.until(FIGURE);
  await post(path, PING);
  await post(path, invocation('a', 'ForceUpdate'));
  await events.until('{"type":3,"invocationId":"a"}');
  events.destroy();
});

test('over long polling: it posts its handshake before its first poll', async () => {
  const path = await negotiate();
  await post(path, HANDSHAKE);
  const poll = async () => {
    const { status, body } = await urllib(server.url, 'GET', path, { Accept: 'Text' });
    expect(status).toBe(200);
    return body.toString();
  };
  expect(await poll()).toBe('');
  let text = await poll();
  expect(text).toStartWith(`{}${SEPARATOR}`);
  await post(path, PING);
  await post(path, invocation('a', 'ForceUpdate'));
  while (!text.includes('{"type":3,"invocationId":"a"}')) text += await poll();
  expect(text).toContain(FIGURE);
  const { status, body } = await urllib(server.url, 'DELETE', path);
  expect([status, body.toString()]).toEqual([202, '']);
});
