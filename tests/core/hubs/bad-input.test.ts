import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { connectHub, type HubClient } from '../../support/hub-client.ts';
import { OPCODE, openRawWebSocket } from '../../support/raw-websocket.ts';
import { flawsOf } from './frames.ts';
import { type HubServer, startHubServer } from './hub-server.ts';
import { ScriptedData, scriptFeatures } from './scripted-features.ts';

const schemas = new Map([['claims', ScriptedData]]);
const KIB = 1024;

let server: HubServer;
let client: HubClient;

beforeEach(async () => {
  server = startHubServer(scriptFeatures('claims'));
  client = await connectHub(server.url, 'claims');
  await client.nextOf('Snapshot');
});

afterEach(async () => {
  await server.stop();
  expect(client.frames.flatMap((frame) => flawsOf(frame, schemas))).toEqual([]);
  expect(server.errors).toEqual([]);
});

/** The code of the one Error frame that something earns. */
async function errorOf(frame: string | Uint8Array<ArrayBuffer>): Promise<unknown> {
  client.sendRaw(frame);
  const { code } = await client.nextOf('Error');
  client.send({ type: 'Ping', timestamp: 'still there' });
  expect(await client.next()).toEqual({ type: 'Pong', timestamp: 'still there' });
  return code;
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('a frame that makes no sense earns an Error frame', () => {
  test.each([
    ['', 'bad-json'],
    ['ping', 'bad-json'],
    ['{"type":"Ping"', 'bad-json'],
    ["{'type':'Ping'}", 'bad-json'],
    ['{"type":"Ping"}{"type":"Ping"}', 'bad-json'],
    ['{"protocol":"json","version":1}\u001e', 'bad-json'],
    ['\u0000', 'bad-json'],
    ['NaN', 'bad-json'],
    ['[]', 'invalid-frame'],
    ['[{"type":"Ping"}]', 'invalid-frame'],
    ['17', 'invalid-frame'],
    ['"Ping"', 'invalid-frame'],
    ['null', 'invalid-frame'],
    ['true', 'invalid-frame'],
    ['1e999', 'invalid-frame'],
    ['{}', 'unknown-type'],
    ['{"type":"ping"}', 'unknown-type'],
    ['{"type":6}', 'unknown-type'],
    ['{"type":["Ping"]}', 'unknown-type'],
    ['{"type":"Snapshot","hub":"claims"}', 'unknown-type'],
    ['{"type":"constructor"}', 'unknown-type'],
    ['{"__proto__":{"type":"Ping"}}', 'unknown-type'],
    ['{"type":"Invoke"}', 'invalid-frame'],
    ['{"type":"Subscribe","method":null}', 'invalid-frame'],
    ['{"type":"Invoke","method":["ForceUpdate"]}', 'invalid-frame'],
    ['{"type":"Invoke","method":{"name":"ForceUpdate"}}', 'invalid-frame'],
  ])('%j: %s', async (frame, code) => {
    expect(await errorOf(frame)).toBe(code);
  });

  test.each([
    ['{"type":"Ping"}\u001e', 'ends in 0x1E'],
    ['{"protocol":"json","version":1}\u001e', '?protocol=signalr'],
    ['{"type":6}\u001e', 'ends in 0x1E'],
    ['{"type":"ping"}', 'did you mean Ping?'],
    ['{"type":"INVOKE","method":"ForceUpdate"}', 'did you mean Invoke?'],
    ['{"type":"subscribe","method":"SubscribeToA"}', 'did you mean Subscribe?'],
    ['{"Type":"Ping"}', '"type", not "Type"'],
    ['{"type":"Invoke","Method":"ForceUpdate"}', '"method", not "Method"'],
    ['{"type":"Invoke","method":"ForceUpdates"}', 'did you mean ForceUpdate?'],
    ['{"type":"Invoke","method":"force_updat"}', 'did you mean ForceUpdate?'],
    ['{"type":"Subscribe","method":"GetInitialDate"}', 'did you mean GetInitialData?'],
    ['{"type":"Invoke","method":"SubcribeToStatus"}', 'did you mean SubscribeToStatus?'],
  ])('that of %j tells what was meant: %s', async (frame, words) => {
    client.sendRaw(frame);
    const { message } = await client.nextOf('Error');
    expect(message).toContain(words);
  });

  test.each([
    ['nothing', new Uint8Array()],
    ['JSON', new TextEncoder().encode('{"type":"Ping"}')],
    ['no text at all', new Uint8Array([0xff, 0xfe, 0x00])],
  ])('a binary frame of %s', async (_what, bytes) => {
    expect(await errorOf(bytes)).toBe('binary-frame');
  });

  test('nesting without end', async () => {
    const deepest = 32 * KIB - 50;
    expect(await errorOf(nested(deepest))).toMatch(/^(bad-json|invalid-frame)$/);
    expect(await errorOf(`{"type":${nested(deepest)}}`)).toMatch(/^(bad-json|unknown-type)$/);
    expect(await errorOf(`{"type":"Invoke","method":${nested(deepest)}}`)).toMatch(/^(bad-json|invalid-frame)$/);
    expect(await errorOf(`{"type":"Ping","timestamp":${nested(deepest)}}`)).toMatch(/^(bad-json|invalid-frame)$/);
    client.sendRaw(`{"type":"Invoke","method":"SubscribeToX","args":${nested(deepest)}}`);
    expect(await client.next()).toMatchObject({ type: 'SubscriptionConfirmed' });
  });

  test('a timestamp that no echo can carry', async () => {
    for (const timestamp of ['{}', '[1]', 'true', '{"toJSON":1}', '1e999', '-1e999']) {
      expect(await errorOf(`{"type":"Ping","timestamp":${timestamp}}`)).toBe('invalid-frame');
    }
    client.sendRaw('{"type":"Ping","timestamp":12345678901234567890}');
    expect(await client.next()).toEqual({ type: 'Pong', timestamp: 12345678901234567000 });
  });
});

describe('size', () => {
  const padded = (bytes: number) => {
    const frame = '{"type":"Ping","padding":""}';
    return frame.replace('""', `"${'x'.repeat(bytes - frame.length)}"`);
  };

  test('64 KiB are read, one byte more is refused, counted in bytes and not in characters', async () => {
    client.sendRaw(padded(64 * KIB));
    expect(await client.next()).toEqual({ type: 'Pong', timestamp: null });
    expect(await errorOf(padded(64 * KIB + 1))).toBe('frame-too-large');
    expect(await errorOf('é'.repeat(32 * KIB + 1))).toBe('frame-too-large');
    expect(await errorOf(new Uint8Array(64 * KIB + 1))).toBe('frame-too-large');
    expect(await errorOf(padded(KIB * KIB))).toBe('frame-too-large');
  });

  test('more than 1 MiB ends the connection with 1009', async () => {
    const raw = await openRawWebSocket(server.url, '/hubs/claims?protocol=json', {});
    raw.send(OPCODE.text, padded(KIB * KIB + 1));
    const { payload } = await raw.waitFor(({ opcode }) => opcode === OPCODE.close);
    expect(payload.readUInt16BE(0)).toBe(1009);
    await raw.ended;
    expect(await errorOf('still here')).toBe('bad-json');
  });

  test('text that is not UTF-8 ends the connection with 1007', async () => {
    const raw = await openRawWebSocket(server.url, '/hubs/claims?protocol=json');
    raw.send(OPCODE.text, Uint8Array.of(0x22, 0xff, 0xfe, 0x22));
    const { payload } = await raw.waitFor(({ opcode }) => opcode === OPCODE.close);
    expect(payload.readUInt16BE(0)).toBe(1007);
  });
});

describe('patience', () => {
  test('the 20th frame within a minute that makes no sense ends the connection with 1008', async () => {
    for (let sent = 0; sent < 19; sent++) expect(await errorOf('nonsense')).toBe('bad-json');
    client.sendRaw('nonsense');
    expect(await client.nextOf('Error')).toMatchObject({ code: 'bad-json' });
    expect(await client.closed).toEqual({ code: 1008, reason: 'too many invalid frames' });
    expect(server.hubs.load().connections).toBe(0);
  });

  test('those of more than a minute ago are forgotten, and those of others do not count', async () => {
    const other = await connectHub(server.url, 'claims');
    for (let minute = 0; minute < 3; minute++) {
      for (let sent = 0; sent < 19; sent++) expect(await errorOf('nonsense')).toBe('bad-json');
      for (let sent = 0; sent < 5; sent++) other.sendRaw('nonsense');
      server.advance(60_000);
      client.send({ type: 'Ping' });
      other.send({ type: 'Ping' });
      expect(await client.nextOf('Pong')).toBeDefined();
      expect(await other.nextOf('Pong')).toBeDefined();
    }
  });
});

describe('whatever comes', () => {
  const json = fc.json({ maxDepth: 4, noUnicodeString: false });
  const half = fc.tuple(json, fc.nat()).map(([text, cut]) => text.slice(0, cut % (text.length + 1)));
  const almost = fc
    .record(
      {
        type: fc.oneof(fc.constantFrom('Invoke', 'Subscribe', 'Ping', 'Snapshot', ''), fc.jsonValue()),
        method: fc.oneof(
          fc.constantFrom('GetInitialData', 'SubscribeToStatus', 'subscribe'),
          fc.string(),
          fc.jsonValue(),
        ),
        args: fc.jsonValue(),
        timestamp: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    .map((frame) => JSON.stringify(frame));
  const text = fc.oneof(fc.string({ unit: 'binary' }), json, half, almost);
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Uint8Array.from(array));
  const batch = fc.array(fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: bytes }), {
    minLength: 1,
    maxLength: 18,
  });

  test('text and bytes at random: Error frames, answers, or the end of that connection, and nothing else', async () => {
    let sent = 0;
    const property = fc.asyncProperty(batch, async (frames) => {
      const visitor = await connectHub(server.url, 'claims');
      for (const frame of frames) visitor.sendRaw(typeof frame === 'string' ? frame.toWellFormed() : frame);
      sent += frames.length;
      // Fewer than 20 frames a connection: none of them may end it.
      visitor.send({ type: 'Ping', timestamp: 'the end' });
      await visitor.nextOf('Pong', { timestamp: 'the end' });
      expect(visitor.frames.flatMap((frame) => flawsOf(frame, schemas))).toEqual([]);
      await visitor.close();
    });
    await fc.assert(property, { numRuns: 500 });
    expect(sent).toBeGreaterThan(2_000);
    expect(server.hubs.load()).toMatchObject({ connections: 1, following: 1, behind: 0 });
  });

  test('bytes at random where frames should be end that connection alone', async () => {
    const property = fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (garbage) => {
      const raw = await openRawWebSocket(server.url, '/hubs/claims?protocol=json');
      raw.sendUnframed(garbage);
      raw.destroy();
      await raw.ended;
    });
    await fc.assert(property, { numRuns: 200 });
    expect(await errorOf('still here')).toBe('bad-json');
  });
});
