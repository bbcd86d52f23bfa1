import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { OPCODE, openRawWebSocket, type RawWebSocket } from '../../../support/raw-websocket.ts';
import { handshake, json, messagePack, negotiated, recordsIn } from '../../../support/signalr-wire.ts';
import { until } from '../../../support/until.ts';
import { type HubServer, startHubServer } from '../hub-server.ts';
import { figureOf, type ScriptedFeatures } from '../scripted-features.ts';
import { figureFeatures } from './figure-features.ts';

const INTERVAL_MS = 250;
const SECOND = 1_000;
const MIB = 1024 * 1024;
/** What stands around the data in a record and in a frame, and what Bun gathers for a socket before it writes. */
const SMALL = 20 * 1024;

let scripted: ScriptedFeatures<'claims'>;
let server: HubServer;
let figure: number;

beforeEach(async () => {
  scripted = figureFeatures('claims');
  server = startHubServer({ ...scripted, intervalMs: INTERVAL_MS });
  await server.supervisor.running[0]?.actor.refresh();
  scripted.scripts.claims.weigh(MIB);
  figure = 0;
});

afterEach(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const backlog = () => server.hubs.load().longestBacklogBytes;

async function emit(): Promise<void> {
  server.advance(INTERVAL_MS);
  figure++;
  const published = server.published('claims', ({ data }) => figureOf({ data }) === figure);
  scripted.scripts.claims.show(figure);
  await published;
}

/** Emits until the buffers in between are full, however large they are, and on. */
async function emitUntilStuck(): Promise<void> {
  const step = async () => {
    await emit();
    expect(backlog()).toBeLessThan(2 * MIB + SMALL);
    // What has left the server is on its way while other things happen.
    await Bun.sleep(2);
  };
  while (server.hubs.load().behind === 0) {
    if (figure > 50) throw new Error('The buffers in between never fill up');
    await step();
  }
  for (let more = 0; more < 3; more++) await step();
}

/** A client that takes in its first events, and then reads no more. */
async function connectStuck(protocol: 'json' | 'messagepack', path = '?protocol=signalr'): Promise<RawWebSocket> {
  const client = await openRawWebSocket(server.url, `/hubs/claims${path}`);
  client.send(OPCODE.text, handshake(protocol));
  await client.waitFor(({ payload }) => payload.includes('Initial'));
  client.stopReading();
  return client;
}

function figuresOf({ frames }: RawWebSocket, protocol: 'json' | 'messagepack'): unknown[] {
  const data = frames.filter(({ opcode }) => opcode === OPCODE.text || opcode === OPCODE.binary);
  return data
    .flatMap(({ payload }) => recordsIn(protocol === 'json' ? payload.toString() : payload))
    .flatMap((record) => /"value":(\d+)/.exec(JSON.stringify(record))?.[1] ?? [])
    .map(Number);
}

describe.each([
  ['json', barePath],
  ['messagepack', barePath],
  ['json', statefulPath],
] as const)('a client of %s that stops reading (%#)', (protocol, path) => {
  const record = (fields: readonly unknown[], object: unknown): Uint8Array =>
    protocol === 'json' ? Buffer.from(json(object)) : messagePack(fields);
  const opcode = protocol === 'json' ? OPCODE.text : OPCODE.binary;

  /** A client of stateful reconnect says what it has received; of others that means nothing. */
  function readOnAndAcknowledge(client: RawWebSocket): () => void {
    client.readOn();
    const timer = setInterval(() => {
      const sequenceId = client.frames.length;
      client.send(opcode, record([8, sequenceId], { type: 8, sequenceId }));
    }, 5);
    return () => clearInterval(timer);
  }

  test('costs one frame, and gets the newest when it reads again', async () => {
    const client = await connectStuck(protocol, await path());
    await emitUntilStuck();
    const stop = readOnAndAcknowledge(client);
    await until(() => figuresOf(client, protocol).at(-1) === figure);
    stop();
    const seen = figuresOf(client, protocol);
    expect(seen).toEqual([...new Set(seen)].toSorted((left, right) => Number(left) - Number(right)));
    expect(seen.length).toBeLessThan(figure + 1);
    client.destroy();
  });

  test('gets no pings', async () => {
    const client = await connectStuck(protocol, await path());
    await emitUntilStuck();
    const before = backlog();
    for (let step = 0; step < 20; step++) {
      client.send(opcode, record([6], { type: 6 }));
      server.advance(5 * SECOND);
      await Bun.sleep(1);
    }
    expect(backlog()).toBeLessThanOrEqual(before);
    client.destroy();
  });

  test('is ended with a reason when it asks without end, and gets every answer up to there', async () => {
    const client = await connectStuck(protocol, await path());
    await emitUntilStuck();
    const [id, method] = ['i'.repeat(250), 'm'.repeat(100)];
    const question = record([1, {}, id, method, [], []], { type: 1, invocationId: id, target: method });
    for (let asked = 0; asked < 1_500; asked++) client.send(opcode, question);
    await until(() => server.hubs.load().connections === 0);
    client.readOn();
    const { payload } = await client.waitFor(({ opcode: code }) => code === OPCODE.close);
    expect(payload.readUInt16BE(0)).toBe(1000);
    const answers = client.frames.filter((frame) => frame.payload.includes(id));
    expect(answers.length).toBeGreaterThan(300);
    expect(answers.length).toBeLessThan(1_200);
    expect(client.frames.at(-2)?.payload.toString()).toContain('too many answers wait unread');
    client.destroy();
  });

  test('gets the answers to what it asked, though streams of large snapshots fill its line', async () => {
    const client = await connectStuck(protocol, await path());
    for (const id of ['first', 'second']) {
      const fields = { type: 4, invocationId: id, target: 'StreamSnapshots' };
      client.send(opcode, record([4, {}, id, 'StreamSnapshots', [], []], fields));
    }
    await emitUntilStuck();
    for (const target of ['ForceUpdate', 'GetInitialData']) {
      const fields = { type: 1, invocationId: `the ${target}`, target };
      client.send(opcode, record([1, {}, fields.invocationId, target, [], []], fields));
    }
    const stop = readOnAndAcknowledge(client);
    for (const target of ['ForceUpdate', 'GetInitialData']) {
      await until(() => client.frames.some(({ payload }) => payload.includes(`the ${target}`)));
    }
    stop();
    client.destroy();
  });

  test('its streams cost one item each at most, and go on with the newest', async () => {
    const client = await connectStuck(protocol, await path());
    for (const id of ['first', 'second']) {
      const fields = { type: 4, invocationId: id, target: 'StreamSnapshots' };
      client.send(opcode, record([4, {}, id, 'StreamSnapshots', [], []], fields));
    }
    await emitUntilStuck();
    const stop = readOnAndAcknowledge(client);
    for (const id of ['first', 'second']) {
      await until(() => client.frames.some(({ payload }) => payload.includes(id) && showsNewest(payload)));
    }
    stop();
    client.destroy();
  });
});

/** Whether a frame of either protocol holds the newest figure. */
function showsNewest(payload: Buffer): boolean {
  const packed = Buffer.concat([Buffer.from('value'), messagePack(figure).subarray(1)]);
  return payload.includes(`"value":${figure},`) || payload.includes(packed);
}

async function barePath(): Promise<string> {
  return '?protocol=signalr';
}

async function statefulPath(): Promise<string> {
  const { connectionToken } = await negotiated(server.url, 'claims', 'negotiateVersion=1&useStatefulReconnect=true');
  return `?id=${connectionToken}`;
}
