import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { handshake, json, negotiatedToken, openWire, SEPARATOR, type Wire } from '../../../support/signalr-wire.ts';
import { until } from '../../../support/until.ts';
import { type HubServer, startHubServer } from '../hub-server.ts';
import { FIGURE, figureFeatures } from './figure-features.ts';

const SECOND = 1_000;

let server: HubServer;

beforeAll(async () => {
  server = startHubServer(figureFeatures('claims'));
  await server.supervisor.running[0]?.actor.refresh();
});

beforeEach(() => until(() => server.hubs.load().connections === 0));

afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const dialects = () => server.hubs.statuses().find(({ hub }) => hub === 'claims')?.dialects;
const connect = (query: string) => openWire(server.url, `/hubs/claims${query}`);

async function expectSignalR(wire: Wire): Promise<void> {
  wire.send(handshake());
  expect(await wire.next()).toEqual({});
  expect(await wire.next()).toMatchObject({ type: 1, target: FIGURE });
  expect(dialects()).toEqual({ 'signalr-json': 1 });
  await wire.close();
}

async function expectPlain(wire: Wire): Promise<void> {
  expect(await wire.next()).toMatchObject({ type: 'Connected', hub: 'claims' });
  expect(await wire.next()).toMatchObject({ type: 'Snapshot', reason: 'Initial' });
  expect(wire.frames.join('')).not.toContain(SEPARATOR);
  expect(dialects()).toEqual({ json: 1 });
  await wire.close();
}

/** However long it is silent, it is not taken for a plain one. */
async function expectPatience(wire: Wire): Promise<void> {
  server.advance(10 * SECOND);
  expect(wire.frames).toBeEmpty();
  await expectSignalR(wire);
}

describe('SignalR is spoken with', () => {
  test('?id=', async () => expectPatience(await connect(`?id=${await negotiatedToken(server.url, 'claims')}`)));
  test('?id= and ?protocol=json', async () => {
    await expectPatience(await connect(`?protocol=json&id=${await negotiatedToken(server.url, 'claims')}`));
  });
  test('?protocol=signalr', async () => expectPatience(await connect('?protocol=signalr')));
  test.each(['?protocol=SignalR', '?PROTOCOL=SIGNALR', '?Protocol=signalR&access_token=whatever'])(
    '%s, in any letter case',
    async (query) => expectPatience(await connect(query)),
  );
  test('?ID=', async () => expectPatience(await connect(`?ID=${await negotiatedToken(server.url, 'Claims')}`)));
  test('?access_token= alone', async () => expectPatience(await connect('?access_token=whatever')));
  test('?protocol=signalr and ?access_token=', async () => {
    await expectPatience(await connect('?access_token=whatever&protocol=signalr'));
  });

  test.each(['', '?protocol=', '?protocol=other&access_token=x', '?other=1'])(
    '%p, when the first frame is a handshake',
    async (query) => expectSignalR(await connect(query)),
  );

  test('a first frame of bytes that is a handshake', async () => {
    const wire = await connect('');
    wire.send(Uint8Array.from(Buffer.from(handshake('messagepack'))));
    expect(await wire.next()).toEqual({});
    await until(() => dialects()?.['signalr-messagepack'] === 1);
    await wire.close();
  });

  test('a first frame that is a handshake for a protocol that nobody has', async () => {
    const wire = await connect('');
    wire.send(json({ protocol: 'bson', version: 1 }));
    expect(await wire.next()).toEqual({ error: "The protocol 'bson' is not supported." });
    expect(await wire.closed).toMatchObject({ code: 1000 });
  });
});

describe('plain JSON is spoken with', () => {
  test('?protocol=json, at once', async () => expectPlain(await connect('?protocol=json')));
  test('?Protocol=JSON, at once', async () => expectPlain(await connect('?Protocol=JSON')));
  test('?protocol=json and ?access_token=, at once', async () => {
    await expectPlain(await connect('?access_token=whatever&protocol=json'));
  });
  test('?protocol=json, though the first frame is a handshake', async () => {
    const wire = await connect('?protocol=json');
    wire.send(handshake());
    expect(await wire.next((frame) => JSON.stringify(frame).includes('bad-json'))).toMatchObject({ type: 'Error' });
    await wire.close();
  });

  test.each(['', '?protocol=other'])('%p, after a second of silence and not before', async (query) => {
    const wire = await connect(query);
    server.advance(SECOND - 1);
    expect(dialects()).toEqual({});
    expect(wire.frames).toBeEmpty();
    server.advance(1);
    await expectPlain(wire);
  });

  test.each([
    '{"type":"Ping","timestamp":1}',
    '{"type":"Ping","protocol":"json","version":1}',
    'nonsense',
    `nonsense${SEPARATOR}`,
    '{"protocol":"json","version":1}',
    json({ type: 6 }),
    json({ type: 1, protocol: 'json', target: 'ForceUpdate' }),
    Uint8Array.of(0x02, 0x91, 0x06),
    '',
  ])('a first frame of %p', async (frame) => {
    const wire = await connect('');
    wire.send(typeof frame === 'string' ? frame : Uint8Array.from(frame));
    await expectPlain(wire);
  });

  test('a handshake that comes too late is a frame that makes no sense', async () => {
    const wire = await connect('');
    server.advance(SECOND);
    wire.send(handshake());
    expect(await wire.next((frame) => JSON.stringify(frame).includes('"Error"'))).toMatchObject({ code: 'bad-json' });
    await wire.close();
  });
});

test('a hub counts its clients by what they speak and by what carries them', async () => {
  const wires = [await connect('?protocol=json'), await connect('?protocol=signalr')];
  wires[1]?.send(handshake('messagepack'));
  await until(() => server.hubs.load().connections === 2);
  expect(server.hubs.statuses()[0]).toMatchObject({
    dialects: { json: 1, 'signalr-messagepack': 1 },
    transports: { webSockets: 2 },
  });
  for (const wire of wires) await wire.close();
});
