import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { HubConnectionState, type ISubscription } from '@microsoft/signalr';
import { connectSignalR, NAMED_WAYS, refusalOf, type SignalRClient } from '../../../support/signalr-client.ts';
import { type HubServer, startHubServer } from '../hub-server.ts';
import { figureOf, type ScriptedFeatures } from '../scripted-features.ts';
import { FIGURE, figureFeatures } from './figure-features.ts';

const INTERVAL_MS = 250;

let scripted: ScriptedFeatures<'claims' | 'users'>;
let server: HubServer;
let figure = 0;

beforeAll(async () => {
  scripted = figureFeatures('claims', 'users');
  server = startHubServer({ ...scripted, intervalMs: INTERVAL_MS });
  for (const { actor } of server.supervisor.running) await actor.refresh();
});

afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

/** A new figure of claims, sent to everyone. */
async function emit(): Promise<number> {
  server.advance(INTERVAL_MS);
  figure++;
  const published = server.published('claims', ({ data }) => figureOf({ data }) === figure);
  scripted.scripts.claims.show(figure);
  await published;
  return figure;
}

interface Stream {
  readonly items: readonly unknown[];
  /** How it ended: undefined for in good order. */
  readonly ended: Promise<Error | undefined>;
  readonly subscription: ISubscription<unknown>;
  /** @returns the item of an index, once it has come */
  item(index: number): Promise<unknown>;
}

function openStream({ connection }: SignalRClient, method = 'StreamSnapshots'): Stream {
  const items: unknown[] = [];
  const arrivals = new EventTarget();
  const { promise: ended, resolve } = Promise.withResolvers<Error | undefined>();
  const subscription = connection.stream<unknown>(method, {}).subscribe({
    next(item) {
      items.push(item);
      arrivals.dispatchEvent(new Event('item'));
    },
    complete: () => resolve(undefined),
    error: resolve,
  });
  return {
    items,
    ended,
    subscription,
    async item(index) {
      while (items.length <= index)
        await new Promise((next) => arrivals.addEventListener('item', next, { once: true }));
      return items[index];
    },
  };
}

describe.each(NAMED_WAYS)('StreamSnapshots over %s', (_name, way) => {
  const connect = (hub: string) => connectSignalR(server.url, hub, { ...way, targets: [FIGURE] });

  test('gives the newest at once, then one an emission, until it is disposed of', async () => {
    const client = await connect('claims');
    const stream = openStream(client);
    expect(await stream.item(0)).toEqual({
      hub: 'claims',
      seq: expect.any(Number),
      at: expect.stringMatching(/Z$/),
      status: 'live',
      unavailable: [],
      problems: [],
      data: { value: figure, filler: '' },
    });
    for (const index of [1, 2, 3]) {
      const value = await emit();
      expect(await stream.item(index)).toMatchObject({ data: { value } });
    }
    const another = openStream(client);
    expect(await another.item(0)).toMatchObject({ data: { value: figure } });

    stream.subscription.dispose();
    await client.invoke('SubscribeToClaims');
    const value = await emit();
    expect(await another.item(1)).toMatchObject({ data: { value } });
    expect(stream.items).toBeArrayOfSize(4);
    await client.connection.stop();
  });

  test('on `all` gives one a feature', async () => {
    const client = await connect('all');
    const stream = openStream(client);
    await stream.item(1);
    expect(stream.items).toMatchObject([{ hub: 'claims' }, { hub: 'users' }]);
    await emit();
    expect(await stream.item(2)).toMatchObject({ hub: 'claims', data: { value: figure } });
    await client.connection.stop();
  });

  test('is a stream, and nothing else is', async () => {
    const client = await connect('claims');
    expect(await refusalOf(client.invoke('StreamSnapshots'))).toBe(
      "The client attempted to invoke the streaming 'StreamSnapshots' method with a non-streaming invocation.",
    );
    const plain = await openStream(client, 'ForceUpdate').ended;
    expect(plain?.message).toBe(
      "The client attempted to invoke the non-streaming 'ForceUpdate' method with a streaming invocation.",
    );
    const unknown = await openStream(client, 'StreamNothing').ended;
    expect(unknown?.message).toEndWith('HubException: Method does not exist.');
    expect(client.state).toBe(HubConnectionState.Connected);
    await client.connection.stop();
  });

  test('sixteen at once, and one more when one is disposed of', async () => {
    const client = await connect('claims');
    const streams = Array.from({ length: 16 }, () => openStream(client));
    await Promise.all(streams.map(({ item }) => item(0)));
    expect((await openStream(client).ended)?.message).toContain('At most 16 streams may be open');
    streams[3]?.subscription.dispose();
    await client.invoke('SubscribeToClaims');
    await openStream(client).item(0);
    await client.connection.stop();
  });
});

test('a stream completes when the server stops', async () => {
  const own = figureFeatures('claims');
  const stopping = startHubServer(own);
  await stopping.supervisor.running[0]?.actor.refresh();
  const client = await connectSignalR(stopping.url, 'claims', { targets: [FIGURE] });
  const stream = openStream(client);
  await stream.item(0);
  await stopping.stop();
  expect(await stream.ended).toBeUndefined();
  expect((await client.closed)?.message).toContain('the server is stopping');
  expect(stopping.errors).toEqual([]);
});
