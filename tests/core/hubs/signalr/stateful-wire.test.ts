import { afterEach, beforeEach, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { handshake, json, negotiated, openWire, type Wire } from '../../../support/signalr-wire.ts';
import { until } from '../../../support/until.ts';
import { type HubServer, startHubServer } from '../hub-server.ts';
import { figureOf, type ScriptedFeatures } from '../scripted-features.ts';
import { FIGURE, figureFeatures } from './figure-features.ts';

const INTERVAL_MS = 250;
const SECOND = 1_000;

let scripted: ScriptedFeatures<'claims'>;
let server: HubServer;
let path: string;

beforeEach(async () => {
  scripted = figureFeatures('claims');
  // Several records in each frame, so that an acknowledgement may fall within one.
  const features = scripted.features.map((feature) => ({
    ...feature,
    hub: { ...feature.hub, initialDataAtEachEmission: true },
  }));
  server = startHubServer({ ...scripted, features, intervalMs: INTERVAL_MS });
  await server.supervisor.running[0]?.actor.refresh();
  const { connectionToken } = await negotiated(server.url, 'claims', 'negotiateVersion=1&useStatefulReconnect=true');
  path = `/hubs/claims?id=${connectionToken}`;
});

afterEach(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

async function emit(figure: number): Promise<void> {
  server.advance(INTERVAL_MS);
  const published = server.published('claims', ({ data }) => figureOf({ data }) === figure);
  scripted.scripts.claims.show(figure);
  await published;
}

const WithType = Type.Object({ type: Type.Integer() });
const isOf = (type: number) => (record: unknown) => Value.Check(WithType, record) && record.type === type;
const invocation = (id: string) => json({ type: 1, invocationId: id, target: 'SubscribeToX', arguments: [] });
const sequence = (sequenceId: number) => json({ type: 9, sequenceId });

/** Connects and takes in the handshake, `InitialData` and the figure: records 1 and 2. */
async function connect(): Promise<Wire> {
  const wire = await openWire(server.url, path);
  wire.send(handshake('json', 2));
  await wire.next((record) => JSON.stringify(record).includes(FIGURE));
  return wire;
}

/** Comes back, and takes in the number with which the server goes on. */
async function comeBack(): Promise<{ readonly wire: Wire; readonly sequenceId: unknown }> {
  const wire = await openWire(server.url, path);
  const record = await wire.next();
  expect(record).toEqual({ type: 9, sequenceId: expect.any(Number) });
  return { wire, sequenceId: Value.Check(Type.Object({ sequenceId: Type.Integer() }), record) && record.sequenceId };
}

test('what was acknowledged does not come again; a frame comes whole until all of it was', async () => {
  const first = await connect();
  await emit(1);
  await first.next((record) => JSON.stringify(record).includes('"Auto"'));
  first.send(json({ type: 8, sequenceId: 3 }));
  first.send(invocation('a'));
  await first.next(isOf(3));
  await first.close();

  const { wire, sequenceId } = await comeBack();
  expect(sequenceId).toBe(3);
  await wire.next(isOf(3));
  // InitialData and the figure of the emission, the confirmation, the completion: records 3 to 6.
  expect(wire.records.slice(1).map((record) => Value.Check(WithType, record) && record.type)).toEqual([1, 1, 1, 3]);
  wire.send(json({ type: 8, sequenceId: 6 }));
  wire.send(json({ type: 6 }));
  await wire.close();

  const again = await comeBack();
  expect(again.sequenceId).toBe(7);
  await again.wire.close();
});

test('what a client sends again is not done again, and nothing counts before it says where it goes on', async () => {
  const first = await connect();
  first.send(invocation('a'));
  await first.next(isOf(3));
  await first.close();

  const { wire } = await comeBack();
  const completions = () => wire.records.filter(isOf(3)).length;
  await until(() => completions() === 1);
  // Out of turn: it does not count.
  wire.send(invocation('early'));
  wire.send(sequence(1) + invocation('a') + invocation('b'));
  await wire.next((record) => isOf(3)(record) && JSON.stringify(record).includes('"b"'));
  expect(JSON.stringify(wire.records.filter(isOf(3)))).not.toContain('early');
  expect(completions()).toBe(2);
  // The server acknowledges what has come, a second later.
  server.advance(SECOND);
  expect(await wire.next(isOf(8))).toEqual({ type: 8, sequenceId: 2 });
  await wire.close();
});

test('a client that claims to have sent more than arrived gets an error', async () => {
  const first = await connect();
  await first.close();
  const { wire } = await comeBack();
  wire.send(sequence(3));
  expect(await wire.next(isOf(7))).toEqual({ type: 7, error: expect.stringContaining('beyond what has come') });
  expect(await wire.closed).toMatchObject({ code: 1000 });
  await expect(openWire(server.url, path)).rejects.toThrow('refused');
});

test('a new transport takes the place of one that is still there', async () => {
  const first = await connect();
  const { wire } = await comeBack();
  expect((await first.closed).code).toBe(1006);
  await emit(1);
  await wire.next((record) => JSON.stringify(record).includes('"Auto"'));
  expect(server.hubs.load().connections).toBe(1);
  await wire.close();
});

test('it is the time away that counts, not the silence before it', async () => {
  const first = await connect();
  server.advance(25 * SECOND);
  await first.close();
  await until(() => server.hubs.load().connections === 1);
  server.advance(25 * SECOND);
  const { wire } = await comeBack();
  server.advance(25 * SECOND);
  wire.send(sequence(1) + invocation('a'));
  await wire.next(isOf(3));
  await wire.close();
});

test('a client that leaves in good order is not waited for', async () => {
  const first = await connect();
  first.send(json({ type: 7 }));
  expect(await first.next(isOf(7))).toEqual({ type: 7 });
  await first.closed;
  expect(server.hubs.load().connections).toBe(0);
  await expect(openWire(server.url, path)).rejects.toThrow('refused');
});
