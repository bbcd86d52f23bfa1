import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { HubConnectionState } from '@microsoft/signalr';
import { connectSignalR, NAMED_WAYS, refusalOf, type SignalRClient } from '../../../support/signalr-client.ts';
import { type HubServer, startHubServer } from '../hub-server.ts';
import type { ScriptedFeatures } from '../scripted-features.ts';
import { FIGURE, figureFeatures } from './figure-features.ts';

type Name = 'claims' | 'users';

let scripted: ScriptedFeatures<Name>;
let server: HubServer;

beforeAll(async () => {
  scripted = figureFeatures('claims', 'users');
  server = startHubServer(scripted);
  for (const { actor } of server.supervisor.running) await actor.refresh();
});

afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const targetsOf = ({ events }: SignalRClient) => events.map(({ target }) => target);

describe.each(NAMED_WAYS)('invocations over %s', (_name, way) => {
  async function connect(hub: string): Promise<SignalRClient> {
    const client = await connectSignalR(server.url, hub, { ...way, targets: [FIGURE] });
    await client.next(FIGURE);
    return client;
  }

  test('GetInitialData: the data, and the events with type Initial', async () => {
    const client = await connect('claims');
    expect(await client.invoke('GetInitialData')).toBeFalsy();
    expect(await client.next('InitialData')).toEqual({ value: 0, filler: '' });
    expect(await client.next(FIGURE)).toEqual({ hub: 'claims', value: 0, filler: '', type: 'Initial' });
    await client.connection.stop();
  });

  test('ForceUpdate: everyone gets the emission, the caller alone its outcome', async () => {
    const { claims } = scripted.scripts;
    const [caller, witness] = await Promise.all([connect('claims'), connect('all')]);
    await caller.invoke('ForceUpdate');
    expect(await caller.next('UpdateProcessed')).toEqual({ status: 'ok' });
    for (const each of [caller, witness]) {
      expect(await each.next(FIGURE, (argument) => isOf(argument, 'claims'))).toMatchObject({ type: 'Manual' });
    }
    claims.failWith('the script says no');
    await caller.invoke('ForceUpdate');
    expect(await caller.next('UpdateProcessed')).toEqual({ status: 'error', message: 'the script says no' });
    claims.failWith(null);
    await caller.invoke('ForceUpdate');
    expect(targetsOf(witness)).not.toContain('UpdateProcessed');
    for (const each of [caller, witness]) await each.connection.stop();
  });

  test('SubscribeToStatus: the status now, and at each change; nobody else hears of it', async () => {
    const { claims } = scripted.scripts;
    const [subscriber, other] = await Promise.all([connect('claims'), connect('claims')]);
    await subscriber.invoke('SubscribeToStatus');
    expect(await subscriber.next('SubscriptionConfirmed')).toEqual({ topic: 'Status' });
    const live = { hub: 'claims', status: 'live', since: null, reason: null };
    expect(await subscriber.next('Status')).toEqual(live);
    claims.failWith('gone');
    await other.invoke('ForceUpdate');
    const stale = { hub: 'claims', status: 'stale', since: expect.stringMatching(/Z$/), reason: 'gone' };
    expect(await subscriber.next('Status')).toEqual(stale);
    claims.failWith(null);
    await other.invoke('ForceUpdate');
    expect(await subscriber.next('Status')).toEqual(live);
    expect(targetsOf(other)).not.toContain('Status');
    for (const each of [subscriber, other]) await each.connection.stop();
  });

  test('SubscribeTo…: a confirmation with the topic', async () => {
    const client = await connect('users');
    await client.invoke('SubscribeToAnything');
    expect(await client.next('SubscriptionConfirmed')).toEqual({ topic: 'Anything' });
    await client.invoke('subscribeanything');
    expect(await client.next('SubscriptionConfirmed')).toEqual({ topic: 'anything' });
    await client.connection.stop();
  });

  test('send asks for no answer, and none comes', async () => {
    const client = await connect('users');
    await client.connection.send('SubscribeToUsers', {});
    expect(await client.next('SubscriptionConfirmed')).toEqual({ topic: 'Users' });
    await client.connection.send('NoSuchMethod', {});
    await client.invoke('SubscribeToMore');
    expect(await client.next('SubscriptionConfirmed')).toEqual({ topic: 'More' });
    await client.connection.stop();
  });

  test('an unknown method is refused in the words of ASP.NET Core, and the connection lives on', async () => {
    const client = await connect('users');
    for (const method of ['Nope', '', '__proto__', 'Subscribe', 'é']) {
      expect(await refusalOf(client.invoke(method))).toBe(
        `Failed to invoke '${method}' due to an error on the server. HubException: Method does not exist.`,
      );
    }
    expect(client.state).toBe(HubConnectionState.Connected);
    await client.invoke('SubscribeToUsers');
    await client.connection.stop();
    expect(await client.closed).toBeUndefined();
  });

  test('a method that is nearly one names the one that was meant; letter case does not matter', async () => {
    const client = await connect('users');
    for (const method of ['FORCEUPDATE', 'getinitialdata', 'subscribeToSTATUS']) await client.invoke(method);
    for (const [method, meant] of [
      ['ForceUpdates', 'ForceUpdate'],
      ['force_updat', 'ForceUpdate'],
      ['GetIntialData', 'GetInitialData'],
      ['StreamSnapshot', 'StreamSnapshots'],
    ] as const) {
      expect(await refusalOf(client.invoke(method))).toEndWith(`Method does not exist. Did you mean '${meant}'?`);
    }
    await client.connection.stop();
  });

  test('sixteen invocations wait their turn, the seventeenth is refused', async () => {
    const { users } = scripted.scripts;
    const client = await connect('users');
    users.hold();
    const first = client.invoke('ForceUpdate');
    const waiting = Array.from({ length: 15 }, () => client.invoke('SubscribeToUsers'));
    expect(await refusalOf(client.invoke('SubscribeToUsers'))).toContain('At most 16 invocations may wait');
    users.release();
    await Promise.all([first, ...waiting]);
    await client.invoke('SubscribeToUsers');
    expect(targetsOf(client).filter((target) => target === 'SubscriptionConfirmed')).toBeArrayOfSize(16);
    await client.connection.stop();
  });
});

function isOf(argument: unknown, hub: string): boolean {
  return typeof argument === 'object' && argument !== null && 'hub' in argument && argument.hub === hub;
}
