import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { OPCODE, openRawWebSocket, type RawWebSocket, type RawWebSocketOptions } from '../../support/raw-websocket.ts';
import { type HubServer, startHubServer } from './hub-server.ts';
import { scriptFeatures } from './scripted-features.ts';

const SECOND = 1_000;

let server: HubServer;

beforeEach(async () => {
  server = startHubServer(scriptFeatures('claims'));
  for (const { actor } of server.supervisor.running) await actor.refresh();
});

afterEach(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

async function connect(options: RawWebSocketOptions = {}): Promise<RawWebSocket> {
  const client = await openRawWebSocket(server.url, '/hubs/claims?protocol=json', options);
  await client.waitFor(({ payload }) => payload.includes('"Snapshot"'));
  return client;
}

const pings = ({ frames }: RawWebSocket) => frames.filter(({ opcode }) => opcode === OPCODE.ping).length;
const closings = ({ frames }: RawWebSocket) => frames.filter(({ opcode }) => opcode === OPCODE.close).length;

/** What other clients have sent has arrived by the time that this one is answered. */
async function roundTrip(witness: RawWebSocket): Promise<void> {
  const echo = `echo ${witness.frames.length}`;
  witness.send(OPCODE.text, JSON.stringify({ type: 'Ping', timestamp: echo }));
  await witness.waitFor(({ payload }) => payload.includes(`"${echo}"`));
}

/** Five seconds pass; clients that were pinged have had time to answer. */
async function fiveSeconds(witness: RawWebSocket): Promise<void> {
  server.advance(5 * SECOND);
  await roundTrip(witness);
}

describe('a quiet client', () => {
  test('is asked for a sign of life, and is gone when it gives none for a minute; one that does stays', async () => {
    const silent = await connect();
    const alive = await connect({ answerPings: true });
    const witness = await connect();
    for (let seconds = 0; seconds < 60; seconds += 5) await fiveSeconds(witness);
    expect(pings(silent)).toBeGreaterThan(0);
    expect(pings(alive)).toBeGreaterThan(0);
    expect(pings(witness)).toBe(0);
    expect(server.hubs.load().connections).toBe(3);

    await fiveSeconds(witness);
    await silent.ended;
    // Nobody is there to read a close frame.
    expect(closings(silent)).toBe(0);
    for (let seconds = 0; seconds < 300; seconds += 5) await fiveSeconds(witness);
    expect(server.hubs.load()).toMatchObject({ connections: 2, following: 2, behind: 0 });
    for (const client of [alive, witness]) client.destroy();
  });

  test.each([
    ['a message', OPCODE.text, '{"type":"Ping"}'],
    ['a message that makes no sense', OPCODE.text, 'nonsense'],
    ['a ping of its own', OPCODE.ping, 'hello'],
    ['a pong that nobody asked for', OPCODE.pong, ''],
  ])('%s is a sign of life', async (_what, opcode, payload) => {
    const client = await connect();
    const witness = await connect();
    for (let seconds = 0; seconds < 55; seconds += 5) await fiveSeconds(witness);
    client.send(opcode, payload);
    await roundTrip(witness);
    for (let seconds = 0; seconds < 50; seconds += 5) await fiveSeconds(witness);
    expect(server.hubs.load().connections).toBe(2);
    for (const each of [client, witness]) each.destroy();
  });

  test('is not kept by what it is sent', async () => {
    const silent = await connect();
    const witness = await connect();
    for (let seconds = 0; seconds < 65; seconds += 5) {
      witness.send(OPCODE.text, '{"type":"Invoke","method":"ForceUpdate"}');
      await fiveSeconds(witness);
    }
    await silent.ended;
    witness.destroy();
  });
});
