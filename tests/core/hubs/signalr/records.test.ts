import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { encode } from '@msgpack/msgpack';
import { handshake, json, messagePack, openWire, type Wire, withLength } from '../../../support/signalr-wire.ts';
import { type HubServer, startHubServer } from '../hub-server.ts';
import { FIGURE, figureFeatures } from './figure-features.ts';

const SECOND = 1_000;
const LARGEST_BYTES = 64 * 1024;

let server: HubServer;

beforeEach(async () => {
  server = startHubServer(figureFeatures('claims'));
  await server.supervisor.running[0]?.actor.refresh();
});

afterEach(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

/** The same records in both protocols. */
interface Protocol {
  readonly name: 'json' | 'messagepack';
  invocation(id: string | null, target: string, ...args: unknown[]): Uint8Array<ArrayBuffer>;
  completion(id: string, error?: string): unknown;
  of(type: number, value?: string | number): Uint8Array<ArrayBuffer>;
  readonly ping: unknown;
  close(error: string | null): unknown;
}

const jsonProtocol: Protocol = {
  name: 'json',
  invocation: (invocationId, target, ...args) =>
    bytes({ type: 1, ...(invocationId === null ? {} : { invocationId }), target, arguments: args }),
  completion: (invocationId, error) => ({ type: 3, invocationId, ...(error === undefined ? {} : { error }) }),
  of: (type, value) =>
    bytes({ type, ...(typeof value === 'number' ? { sequenceId: value } : { invocationId: value }) }),
  ping: { type: 6 },
  close: (error) => (error === null ? { type: 7 } : { type: 7, error: expect.stringContaining(error) }),
};

const messagePackProtocol: Protocol = {
  name: 'messagepack',
  invocation: (id, target, ...args) => messagePack([1, { header: 'ignored' }, id, target, args, []]),
  completion: (id, error) => (error === undefined ? [3, {}, id, 2] : [3, {}, id, 1, error]),
  of: (type, value) => messagePack(typeof value === 'number' ? [type, value] : [type, {}, value]),
  ping: [6],
  close: (error) => [7, error === null ? null : expect.stringContaining(error), false],
};

function bytes(record: unknown): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(json(record)));
}

const concat = (...pieces: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(pieces));
const isOfType = (type: number) => (record: unknown) =>
  Array.isArray(record) ? record[0] === type : JSON.stringify(record).startsWith(`{"type":${type}`);

describe.each([jsonProtocol, messagePackProtocol])('records of $name', (protocol) => {
  const { invocation, completion, of } = protocol;

  async function connect(): Promise<Wire> {
    const wire = await openWire(server.url, '/hubs/claims?protocol=signalr');
    wire.send(handshake(protocol.name));
    await wire.next();
    await wire.next((record) => JSON.stringify(record).includes(FIGURE));
    return wire;
  }

  async function expectClosed(wire: Wire, error: string | null): Promise<void> {
    expect(await wire.next(isOfType(7))).toEqual(protocol.close(error));
    expect(await wire.closed).toMatchObject({ code: 1000 });
    expect(server.hubs.load()).toMatchObject({ connections: 0, following: 0, behind: 0 });
  }

  test('several in one frame are answered in their order', async () => {
    const wire = await connect();
    wire.send(
      concat(invocation('1', 'SubscribeToA'), of(6), invocation(null, 'Nope'), invocation('2', 'SubscribeToB')),
    );
    expect(await wire.next(isOfType(3))).toEqual(completion('1'));
    expect(await wire.next(isOfType(3))).toEqual(completion('2'));
    await wire.close();
  });

  test('one over several frames, a byte each, in more than ASCII', async () => {
    const wire = await connect();
    const pieces = concat(invocation('é🎈', 'SubscribeToÁgua', 'ação'), invocation('last', 'Nope'));
    for (const byte of pieces) wire.send(Uint8Array.of(byte));
    expect(await wire.next(isOfType(3))).toEqual(completion('é🎈'));
    expect(await wire.next(isOfType(3))).toEqual(completion('last', expect.stringContaining("'Nope'")));
    expect(JSON.stringify(wire.records)).toContain('"Água"');
    await wire.close();
  });

  test('of a type that nobody knows are ignored', async () => {
    const wire = await connect();
    for (const type of [0, 10, 42, -1, 1.5]) wire.send(of(type, 'x'));
    wire.send(invocation('1', 'SubscribeToA'));
    expect(await wire.next(isOfType(3))).toEqual(completion('1'));
    await wire.close();
  });

  test('that answer nothing of ours, or cancel what is not there, are ignored', async () => {
    const wire = await connect();
    for (const type of [2, 3, 5]) wire.send(of(type, 'x'));
    // Without stateful reconnect nothing is counted.
    for (const type of [8, 9]) wire.send(of(type, 5));
    wire.send(invocation('1', 'SubscribeToA'));
    expect(await wire.next(isOfType(3))).toEqual(completion('1'));
    await wire.close();
  });

  test('as large as may be are read', async () => {
    const wire = await connect();
    const room = LARGEST_BYTES - invocation('1', 'SubscribeToA', '').byteLength - 8;
    wire.send(invocation('1', 'SubscribeToA', 'x'.repeat(room)));
    expect(await wire.next(isOfType(3))).toEqual(completion('1'));
    await wire.close();
  });

  test('over 64 KiB end the connection, and so does one that would become as large', async () => {
    const wire = await connect();
    const tooLarge = invocation('2', 'SubscribeToB', 'x'.repeat(LARGEST_BYTES));
    wire.send(tooLarge);
    await expectClosed(wire, 'at most 65536 bytes');

    const unending = await connect();
    unending.send(tooLarge.slice(0, LARGEST_BYTES - 100));
    if (protocol.name === 'json') unending.send(Uint8Array.from(Buffer.alloc(200, 'x')));
    await expectClosed(unending, 'at most 65536 bytes');
  });

  test('a Close of the client is answered and ends it', async () => {
    const wire = await connect();
    wire.send(concat(of(7), invocation('1', 'SubscribeToA')));
    await expectClosed(wire, null);
    expect(wire.records.some(isOfType(3))).toBe(false);
  });

  test('a ping leaves each 15 s, and a client that is silent for 30 s is gone', async () => {
    const silent = await connect();
    const alive = await connect();
    const pingsOf = ({ records }: Wire) => records.filter(isOfType(6));
    for (let seconds = 5; seconds <= 30; seconds += 5) {
      server.advance(5 * SECOND);
      alive.send(concat(of(6), invocation('x', 'SubscribeToA')));
      await alive.next(isOfType(3));
      expect(pingsOf(alive)).toEqual(Array(Math.floor(seconds / 15)).fill(protocol.ping));
    }
    expect(server.hubs.load().connections).toBe(2);
    server.advance(5 * SECOND);
    expect((await silent.closed).code).toBe(1006);
    expect(server.hubs.load().connections).toBe(1);
    await alive.close();
  });
});

test.each([
  ['no JSON', 'garbage\u001e', 'A record is not JSON'],
  ['nothing', '\u001e', 'A record is not JSON'],
  ['an array', '[1]\u001e', 'A record is a JSON object'],
  ['no type', '{"a":1}\u001e', "needs a number in 'type'"],
  ['a type that is text', '{"type":"1"}\u001e', "needs a number in 'type'"],
  ['an invocation of nothing', '{"type":1,"invocationId":"1"}\u001e', "needs text in 'target'"],
  ['an id that is a number', '{"type":1,"invocationId":1,"target":"A"}\u001e', "needs text in 'invocationId'"],
  ['a stream without an id', '{"type":4,"target":"StreamSnapshots"}\u001e', "needs text in 'invocationId'"],
  ['an id too long', json({ type: 5, invocationId: 'x'.repeat(257) }), 'at most 256 characters'],
  ['an Ack of nothing', '{"type":8}\u001e', "whole number in 'sequenceId'"],
  ['a Sequence of nothing', '{"type":9,"sequenceId":-1}\u001e', "whole number in 'sequenceId'"],
  ['bytes that are no UTF-8', Uint8Array.of(0xff, 0x1e), 'not UTF-8'],
])('JSON: %s ends the connection', async (_what, frame, error) => {
  const wire = await openWire(server.url, '/hubs/claims?protocol=signalr');
  wire.send(handshake());
  wire.send(frame);
  expect(await wire.next(isOfType(7))).toEqual({ type: 7, error: expect.stringContaining(error) });
  expect(await wire.closed).toMatchObject({ code: 1000 });
});

test.each([
  ['a text frame', 'text', 'come in binary frames'],
  ['no array', withLength(encode({ a: 1 })), 'not a MessagePack array'],
  ['an array that ends early', withLength(Uint8Array.of(0x96, 0x01)), 'not a MessagePack array'],
  ['bytes behind the array', withLength(Uint8Array.of(0x91, 0x06, 0x06)), 'not a MessagePack array'],
  ['an empty array', withLength(Uint8Array.of(0x90)), "needs a number in 'type'"],
  ['nothing', Uint8Array.of(0), 'not a MessagePack array'],
  ['a length of six bytes', Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x01), 'at most 5 bytes'],
  ['a length of gigabytes', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x07), 'at most 65536 bytes'],
  ['an id that is a number', messagePack([1, {}, 1, 'A', [], []]), "needs text in 'invocationId'"],
  ['an Ack of nothing', messagePack([8]), "whole number in 'sequenceId'"],
])('MessagePack: %s ends the connection', async (_what, frame, error) => {
  const wire = await openWire(server.url, '/hubs/claims?protocol=signalr');
  wire.send(handshake('messagepack'));
  wire.send(typeof frame === 'string' ? frame : Uint8Array.from(frame));
  expect(await wire.next(isOfType(7))).toEqual([7, expect.stringContaining(error), false]);
  expect(await wire.closed).toMatchObject({ code: 1000 });
});
