import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import * as fc from 'fast-check';
import { handshake, json, negotiatedToken, openWire } from '../../../support/signalr-wire.ts';
import { until } from '../../../support/until.ts';
import { type HubServer, startHubServer } from '../hub-server.ts';
import { type Conversation, conversation } from './arbitrary-input.ts';
import { FIGURE, figureFeatures } from './figure-features.ts';
import { negotiateRequests, readEvents } from './requests.ts';

// Machines that do other things besides take their time.
setDefaultTimeout(60_000);

/** Conversations at once. */
const BATCH = 25;

let server: HubServer;

beforeAll(async () => {
  server = startHubServer(figureFeatures('claims'));
  await server.supervisor.running[0]?.actor.refresh();
});

afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

type Carrier = (conversation: Conversation) => Promise<void>;

const overSocket =
  (path: () => Promise<string>): Carrier =>
  async ({ pieces }) => {
    const wire = await openWire(server.url, await path());
    for (const piece of pieces) wire.send(Uint8Array.from(piece));
    await Promise.race([wire.closed, wire.next().catch(() => {})]);
    await wire.close();
  };

const overEvents: Carrier = async ({ pieces }) => {
  const connection = await negotiateRequests(server.url, 'claims');
  const events = readEvents(await connection.get({ headers: { accept: 'text/event-stream' } }));
  await events.piece();
  for (const piece of pieces) expect([200, 404]).toContain((await connection.post(Uint8Array.from(piece))).status);
  await events.cancel();
};

const overPolls: Carrier = async ({ pieces }) => {
  const connection = await negotiateRequests(server.url, 'claims');
  await connection.poll();
  for (const piece of pieces) expect([200, 404]).toContain((await connection.post(Uint8Array.from(piece))).status);
  await connection.delete();
};

const carriers: readonly (readonly [name: string, carrier: Carrier])[] = [
  ['a WebSocket', overSocket(async () => '/hubs/claims?protocol=signalr')],
  ['a WebSocket that has not said what it speaks', overSocket(async () => '/hubs/claims')],
  ['a negotiated WebSocket', overSocket(async () => `/hubs/claims?id=${await negotiatedToken(server.url, 'claims')}`)],
  ['Server-Sent Events', overEvents],
  ['long polling', overPolls],
];

test.each(carriers)('whatever comes over %s, the server lives on and keeps nothing of it', async (_name, carry) => {
  await fc.assert(
    fc.asyncProperty(fc.array(conversation, { minLength: BATCH, maxLength: BATCH }), async (conversations) => {
      await Promise.all(conversations.map(silenceBroken).map(carry));
      await until(() => server.hubs.load().connections === 0);
      expect(server.hubs.load()).toMatchObject({ following: 0, behind: 0 });
      expect(server.errors).toEqual([]);
    }),
    { numRuns: 5, endOnFailure: true },
  );
  const wire = await openWire(server.url, '/hubs/claims');
  wire.send(handshake());
  await wire.next((record) => JSON.stringify(record).includes(FIGURE));
  await wire.close();
});

/** A client that says nothing at all would be waited for: time stands still here. */
function silenceBroken({ protocol, pieces }: Conversation): Conversation {
  return { protocol, pieces: [...pieces, Buffer.from(json({ type: 'anything' }))] };
}
