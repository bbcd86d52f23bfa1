import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { HubConnectionState } from '@microsoft/signalr';
import {
  connectSignalR,
  createSignalRClient,
  refusalOf,
  type SignalRClient,
  type SignalRClientOptions,
} from '../../../support/signalr-client.ts';
import { startTcpProxy, type TcpProxy } from '../../../support/tcp-proxy.ts';
import { until } from '../../../support/until.ts';
import { type HubServer, startHubServer } from '../hub-server.ts';
import { figureOf, type ScriptedFeatures } from '../scripted-features.ts';
import { FIGURE, figureFeatures } from './figure-features.ts';

// Machines that do other things besides take their time.
setDefaultTimeout(30_000);

const INTERVAL_MS = 250;
const SECOND = 1_000;

let scripted: ScriptedFeatures<'claims'>;
let server: HubServer;
let proxy: TcpProxy;

beforeEach(async () => {
  scripted = figureFeatures('claims');
  scripted.scripts.claims.weigh(20_000);
  server = startHubServer({ ...scripted, intervalMs: INTERVAL_MS });
  await server.supervisor.running[0]?.actor.refresh();
  proxy = await startTcpProxy(server.url);
});

afterEach(async () => {
  await proxy.close();
  await server.stop();
  expect(server.errors).toEqual([]);
});

const options = (protocol: 'json' | 'messagepack'): SignalRClientOptions => ({
  protocol,
  stateful: true,
  targets: [FIGURE],
});

async function emit(figure: number): Promise<void> {
  server.advance(INTERVAL_MS);
  const published = server.published('claims', ({ data }) => figureOf({ data }) === figure);
  scripted.scripts.claims.show(figure);
  await published;
}

/** The figures that a client was sent, in the order they came. */
const figuresOf = ({ events }: SignalRClient) => events.map(({ argument }) => figureOf({ data: argument }));
const showing = (figure: number) => (argument: unknown) => figureOf({ data: argument }) === figure;
const upTo = (last: number) => Array.from({ length: last + 1 }, (_, figure) => figure);

describe.each(['json', 'messagepack'] as const)('stateful reconnect, %s', (protocol) => {
  test.each([1, 10, 9_000, 20_150, 20_400])(
    'cut %i bytes into an emission, nothing is lost or doubled',
    async (bytes) => {
      const client = await connectSignalR(proxy.url, 'claims', options(protocol));
      await client.next(FIGURE, showing(0));
      const isCut = proxy.cutAfter(bytes);
      await emit(1);
      await emit(2);
      await isCut;
      await emit(3);
      await client.next(FIGURE, showing(3));
      await emit(4);
      await client.next(FIGURE, showing(4));
      expect(figuresOf(client)).toEqual(upTo(4));
      expect(client.state).toBe(HubConnectionState.Connected);
      expect(server.hubs.load().connections).toBe(1);
      await client.connection.stop();
    },
  );

  test('cut again and again', async () => {
    const client = await connectSignalR(proxy.url, 'claims', options(protocol));
    for (let round = 0; round < 12; round++) {
      await client.next(FIGURE, showing(2 * round));
      const isCut = proxy.cutAfter((round * 7_919) % 41_000);
      await emit(2 * round + 1);
      await emit(2 * round + 2);
      await isCut;
    }
    await client.next(FIGURE, showing(24));
    expect(figuresOf(client)).toEqual(upTo(24));
    await client.connection.stop();
  });

  test('what was invoked before the cut runs once, and is answered after it', async () => {
    const { claims } = scripted.scripts;
    const client = await connectSignalR(proxy.url, 'claims', options(protocol));
    await client.next(FIGURE);
    claims.hold();
    const loads = claims.loads;
    const answered = client.invoke('ForceUpdate');
    await until(() => claims.loads > loads);
    proxy.cut();
    // Sent while there is no connection: it goes out when there is one again.
    const another = client.invoke('SubscribeToMore');
    await until(() => proxy.accepted === 3);
    claims.release();
    await Promise.all([answered, another]);
    expect(claims.loads).toBe(loads + 1);
    expect(await client.next('UpdateProcessed')).toEqual({ status: 'ok' });
    expect(await client.next('SubscriptionConfirmed')).toEqual({ topic: 'More' });
    await client.connection.stop();
  });

  test('a stream goes on', async () => {
    const client = await connectSignalR(proxy.url, 'claims', options(protocol));
    const items: unknown[] = [];
    const ignore = { complete() {}, error() {} };
    client.connection.stream('StreamSnapshots').subscribe({ ...ignore, next: (item) => items.push(figureOf(item)) });
    await until(() => items.length === 1);
    const isCut = proxy.cutAfter(25_000);
    await emit(1);
    await isCut;
    await emit(2);
    await until(() => items.length === 3);
    expect(items).toEqual(upTo(2));
    await client.connection.stop();
  });
});

describe('a client that is away', () => {
  test('for less than 30 s finds its session, and what was sent meanwhile', async () => {
    const client = await connectSignalR(proxy.url, 'claims', options('json'));
    await client.next(FIGURE, showing(0));
    const letIn = proxy.hold();
    proxy.cut();
    await until(() => proxy.accepted === 3);
    await emit(1);
    server.advance(29 * SECOND);
    letIn();
    await client.next(FIGURE, showing(1));
    server.advance(29 * SECOND);
    await emit(2);
    await client.next(FIGURE, showing(2));
    expect(figuresOf(client)).toEqual(upTo(2));
    await client.connection.stop();
    await until(() => server.hubs.load().connections === 0);
  });

  test('for 30 s finds that it is gone', async () => {
    const client = await connectSignalR(proxy.url, 'claims', options('json'));
    await client.next(FIGURE);
    const letIn = proxy.hold();
    proxy.cut();
    await until(() => proxy.accepted === 3);
    await emit(1);
    server.advance(29_999 - INTERVAL_MS);
    expect(server.hubs.load().connections).toBe(1);
    server.advance(1);
    expect(server.hubs.load()).toMatchObject({ connections: 0, following: 0, behind: 0 });
    letIn();
    expect((await client.closed)?.message).toBeString();
    expect(figuresOf(client)).toEqual([0]);
  });

  test('with automatic reconnect then starts anew', async () => {
    const client = await connectSignalR(proxy.url, 'claims', { ...options('json'), reconnectAfterMs: [0, 10, 50] });
    await client.next(FIGURE);
    const letIn = proxy.hold();
    proxy.cut();
    await until(() => proxy.accepted === 3);
    await emit(1);
    server.advance(31 * SECOND);
    const back = client.reconnected();
    letIn();
    await back;
    expect(await client.next(FIGURE)).toMatchObject({ value: 1, type: 'Initial' });
    await client.connection.stop();
  });

  test('is not asked for: nothing is kept for it', async () => {
    const client = await connectSignalR(proxy.url, 'claims', { targets: [FIGURE] });
    await client.next(FIGURE);
    proxy.cut();
    await until(() => server.hubs.load().connections === 0);
    expect((await client.closed)?.message).toContain('1006');
  });
});

test('a client that got much at once is a slow one until it acknowledges, and gets the newest then', async () => {
  const { claims } = scripted.scripts;
  claims.weigh(3 * 1024 * 1024);
  await server.supervisor.running[0]?.actor.refresh();
  const client = await connectSignalR(proxy.url, 'claims', options('json'));
  await client.next(FIGURE, showing(0));
  for (const figure of [1, 2, 3]) await emit(figure);
  expect(server.hubs.load()).toMatchObject({ connections: 1, behind: 1 });
  expect(server.hubs.load().longestBacklogBytes).toBeLessThan(3.1 * 1024 * 1024);
  // The official client acknowledges once a second.
  await client.next(FIGURE, showing(3));
  expect(figuresOf(client)).toEqual([0, 3]);
  await client.connection.stop();
});

test('a server that does not know it does not offer it', async () => {
  const client = createSignalRClient(`${server.url}/nowhere`, 'claims', options('json'));
  expect(await refusalOf(client.connection.start())).toContain('404');
});
