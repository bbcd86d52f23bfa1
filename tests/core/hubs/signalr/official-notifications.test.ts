import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { Notification } from '../../../../src/core/notifications/notification.ts';
import { connectSignalR, NAMED_WAYS, type SignalRClient, type Way } from '../../../support/signalr-client.ts';
import { type HubServer, startHubServer } from '../hub-server.ts';
import { noticedFeatures } from '../noticed-features.ts';
import type { ScriptedFeatures } from '../scripted-features.ts';

const Received = Type.Object({ ...Notification.properties, at: Type.String({ pattern: 'Z$' }) });
const History = Type.Array(Received);
const Item = Type.Object({ hub: Type.Literal('notifications'), seq: Type.Integer(), data: History });

let scripted: ScriptedFeatures<'claims' | 'users'>;
let server: HubServer;
let value = 0;

beforeAll(async () => {
  scripted = noticedFeatures('claims', 'users');
  server = startHubServer(scripted);
  for (const { actor } of server.supervisor.running) await actor.refresh();
});

afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const connect = (hub: string, way?: Way) => connectSignalR(server.url, hub, { ...way, targets: ['Notification'] });
const titled = (title: string) => (argument: unknown) => Value.Check(Received, argument) && argument.title === title;
const historyOf = async (client: SignalRClient) =>
  Value.Decode(History, await client.next('InitialData', Array.isArray));

/** @returns the title of a notification */
function pass(): string {
  value++;
  scripted.scripts.claims.show(value);
  return `Passed ${value}`;
}

async function passTold(client: SignalRClient): Promise<void> {
  await client.next('Notification', titled(pass()));
}

test('before there is any, InitialData is empty', async () => {
  const client = await connect('notifications');
  expect(await historyOf(client)).toEqual([]);
  await client.connection.stop();
});

describe.each(NAMED_WAYS)('over %s', (_name, way) => {
  test('InitialData has the last 50, oldest first; each that comes is an event of its own', async () => {
    const client = await connect('notifications', way);
    const before = server.journal.newest(50).reverse();
    expect(await historyOf(client)).toEqual(before);
    const title = pass();
    expect(await client.next('Notification')).toEqual({
      id: server.journal.lastId,
      hub: 'claims',
      severity: 'warning',
      title,
      message: 'as the script wanted',
      at: expect.stringMatching(/^20\d\d-.*Z$/),
      data: { passed: value },
    });
    await client.invoke('GetInitialData');
    expect((await historyOf(client)).slice(-2)).toEqual(server.journal.newest(2).reverse());
    await client.invoke('ForceUpdate');
    expect(await client.next('UpdateProcessed')).toEqual({ status: 'ok' });
    await client.invoke('SubscribeToStatus');
    const live = { hub: 'notifications', status: 'live', since: null, reason: null };
    expect(await client.next('Status')).toEqual(live);
    expect(client.events.filter(({ target }) => target === 'Notification')).toHaveLength(1);
    await client.connection.stop();
  });

  test('`all` carries them too, and the hub of the feature does not', async () => {
    const [all, claims] = [await connect('all', way), await connect('claims', way)];
    expect(await historyOf(all)).toEqual(server.journal.newest(50).reverse());
    await passTold(all);
    await claims.invoke('ForceUpdate');
    await claims.next('UpdateProcessed');
    expect(claims.events.filter(({ target }) => target === 'Notification' || target === 'InitialData')).toEqual([]);
    await Promise.all([all.connection.stop(), claims.connection.stop()]);
  });

  test('a burst comes whole and in order', async () => {
    const client = await connect('notifications', way);
    await historyOf(client);
    const first = value + 1;
    value += 30;
    scripted.scripts.claims.show(value);
    await client.next('Notification', titled(`Passed ${value}`));
    const titles = client.events.flatMap(({ argument }) => (Value.Check(Received, argument) ? [argument.title] : []));
    expect(titles).toEqual(Array.from({ length: 30 }, (_, index) => `Passed ${first + index}`));
    await client.connection.stop();
  });
});

test('StreamSnapshots streams the last 50 together, as they change', async () => {
  const client = await connect('notifications');
  const [first, second] = [Promise.withResolvers<unknown>(), Promise.withResolvers<unknown>()];
  const subscription = client.connection.stream('StreamSnapshots').subscribe({
    next: (item) => (Value.Check(Item, item) && item.data[0]?.data.passed === value ? second : first).resolve(item),
    complete: () => {},
    error: second.reject,
  });
  value++;
  expect(await first.promise).toMatchObject({ seq: server.journal.lastId, data: server.journal.newest(50) });
  scripted.scripts.claims.show(value);
  expect(await second.promise).toMatchObject({ seq: server.journal.lastId, data: server.journal.newest(50) });
  subscription.dispose();
  await client.connection.stop();
});
