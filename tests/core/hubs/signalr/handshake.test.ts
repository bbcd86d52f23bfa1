import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { handshake, json, messagePack, openWire, SEPARATOR, type Wire } from '../../../support/signalr-wire.ts';
import { type HubServer, startHubServer } from '../hub-server.ts';
import { FIGURE, figureFeatures } from './figure-features.ts';

const SECOND = 1_000;

let server: HubServer;

beforeEach(async () => {
  server = startHubServer(figureFeatures('claims'));
  await server.supervisor.running[0]?.actor.refresh();
});

afterEach(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const connect = () => openWire(server.url, '/hubs/claims?protocol=signalr');

const figure = { type: 1, target: FIGURE, arguments: [{ hub: 'claims', value: 0, filler: '', type: 'Initial' }] };
const invocation = { type: 1, invocationId: 'a', target: 'SubscribeToAll', arguments: [{}] };
const isCompletion = (record: unknown) => JSON.stringify(record).includes('"type":3');

async function expectOpen(wire: Wire): Promise<void> {
  expect(await wire.next()).toEqual({});
  expect(await wire.next()).toEqual(figure);
  // A client of stateful reconnect miscounts where an event shares the frame of the answer.
  expect(wire.frames[0]).toBe(`{}${SEPARATOR}`);
  await wire.close();
}

async function expectRefused(wire: Wire, error: string): Promise<void> {
  expect(await wire.next()).toEqual({ error: expect.stringContaining(error) });
  expect(await wire.closed).toMatchObject({ code: 1000 });
  expect(wire.records).toBeArrayOfSize(1);
  expect(server.hubs.load()).toMatchObject({ connections: 0, following: 0, behind: 0 });
}

describe('a handshake', () => {
  test.each([2, 1, 0, -1, -(2 ** 31)])('of version %i: any up to the highest', async (version) => {
    const wire = await connect();
    wire.send(handshake('json', version));
    await expectOpen(wire);
  });

  test.each(['JSON', 'Json', 'jSoN'])('that names its protocol %s', async (protocol) => {
    const wire = await connect();
    wire.send(json({ protocol, version: 0 }));
    await expectOpen(wire);
  });

  test.each(['MessagePack', 'MESSAGEPACK'])('that names its protocol %s', async (protocol) => {
    const wire = await connect();
    wire.send(json({ protocol, version: 0 }));
    expect(await wire.next()).toEqual({});
    expect(await wire.next()).toEqual([1, {}, null, FIGURE, [expect.objectContaining({ value: 0 })], []]);
    await wire.close();
  });

  test('in pieces of one character', async () => {
    const wire = await connect();
    for (const character of handshake()) wire.send(character);
    await expectOpen(wire);
  });

  test('in pieces of one byte, with a field that nobody knows, in more than ASCII', async () => {
    const wire = await connect();
    const bytes = Buffer.from(json({ protocol: 'json', version: 1, client: 'Painel é 🎈' }));
    for (const byte of bytes) wire.send(Uint8Array.of(byte));
    await expectOpen(wire);
  });

  test.each([
    ['text', json({ protocol: 'json', version: 1 }, invocation, { type: 6 })],
    ['bytes', Uint8Array.from(Buffer.from(json({ protocol: 'json', version: 1 }, invocation)))],
  ])('with records behind it in the same frame, %s', async (_kind, frame) => {
    const wire = await connect();
    wire.send(frame);
    expect(await wire.next(isCompletion)).toEqual({ type: 3, invocationId: 'a' });
    expect(wire.records[0]).toEqual({});
    await wire.close();
  });

  test('of MessagePack is answered in a binary frame, and may have binary records behind it', async () => {
    const wire = await connect();
    const records = messagePack([1, {}, 'a', 'SubscribeToAll', [{}], []]);
    wire.send(Uint8Array.from([...Buffer.from(handshake('messagepack')), ...records]));
    expect(await wire.next()).toEqual({});
    expect(wire.frames[0]).toBeInstanceOf(Uint8Array);
    expect(await wire.next((record) => Array.isArray(record) && record[0] === 3)).toEqual([3, {}, 'a', 2]);
    await wire.close();
  });
});

describe('a handshake that is refused', () => {
  test.each([
    [json({ protocol: 'xml', version: 1 }), "The protocol 'xml' is not supported."],
    [json({ protocol: 'json', version: 3 }), "The server does not support version 3 of the 'json' protocol."],
    [json({ protocol: 'messagepack', version: 9 }), "version 9 of the 'messagepack' protocol"],
    [json({ protocol: 'json', version: 1.5 }), 'version 1.5'],
    [json({ protocol: 'json', version: 2.5 }), 'version 2.5'],
    [json({ protocol: ' json', version: 1 }), "The protocol ' json' is not supported."],
    [json({ protocol: 'json', version: '1' }), 'must be a handshake'],
    [json({ protocol: 'json' }), 'must be a handshake'],
    [json({ version: 1 }), 'must be a handshake'],
    [json({ protocol: ['json'], version: 1 }), 'must be a handshake'],
    [json(invocation), 'must be a handshake'],
    [json([]), 'must be a handshake'],
    [json(null), 'must be a handshake'],
    [`garbage${SEPARATOR}`, 'must be a handshake'],
    [SEPARATOR, 'must be a handshake'],
    [`${SEPARATOR}${handshake()}`, 'must be a handshake'],
    [Uint8Array.from([0xff, 0xfe, 0x1e]), 'not UTF-8'],
    [messagePack([6]), 'not UTF-8'],
    ['x'.repeat(70_000), 'at most 65536 bytes'],
    [json({ protocol: 'x'.repeat(1_000), version: 1 }), `'${'x'.repeat(50)}' is not supported.`],
  ])('%p', async (frame, error) => {
    const wire = await connect();
    if (typeof frame === 'string') wire.send(frame);
    else wire.send(Uint8Array.from([...frame, 0x1e]));
    await expectRefused(wire, error);
  });

  test('because it does not come within 15 s', async () => {
    const wire = await connect();
    wire.send('{"protocol":"json",');
    server.advance(15 * SECOND - 1);
    wire.send('"version":1');
    expect(wire.records).toBeEmpty();
    server.advance(1);
    await expectRefused(wire, 'Handshake was canceled.');
  });

  test('once it is done nothing is left of its time', async () => {
    const wire = await connect();
    wire.send(handshake());
    await wire.next();
    server.advance(20 * SECOND);
    wire.send(json(invocation));
    await wire.next(isCompletion);
    await wire.close();
  });

  test('because the server stops', async () => {
    const wire = await connect();
    void server.hubs.close();
    await expectRefused(wire, 'the server is stopping');
  });

  test('a client that goes without a word leaves nothing behind', async () => {
    const wire = await connect();
    await wire.close();
    expect(server.hubs.load()).toMatchObject({ connections: 0, following: 0, behind: 0 });
    server.advance(60 * SECOND);
  });
});

test('a server that stops does not wait for a client that has not said what it speaks', async () => {
  const undecided = await openWire(server.url, '/hubs/claims');
  void server.hubs.close();
  expect(await undecided.closed).toEqual({ code: 1001, reason: 'the server is stopping' });
});
