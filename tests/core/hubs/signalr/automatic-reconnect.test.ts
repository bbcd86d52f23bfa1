import { afterAll, beforeAll, expect, test } from 'bun:test';
import { HubConnectionState } from '@microsoft/signalr';
import { connectSignalR, NAMED_WAYS } from '../../../support/signalr-client.ts';
import { startTcpProxy, type TcpProxy } from '../../../support/tcp-proxy.ts';
import { type HubServer, startHubServer } from '../hub-server.ts';
import { FIGURE, figureFeatures } from './figure-features.ts';

let proxy: TcpProxy;
let server: HubServer;

async function startServer(): Promise<HubServer> {
  const started = startHubServer(figureFeatures('claims'));
  await started.supervisor.running[0]?.actor.refresh();
  return started;
}

beforeAll(async () => {
  server = await startServer();
  proxy = await startTcpProxy(server.url);
});

afterAll(async () => {
  await proxy.close();
  await server.stop();
});

/** The server ends, and for a while there is none where it was. */
async function restart(): Promise<void> {
  proxy.forwardTo(null);
  await server.stop();
  expect(server.errors).toEqual([]);
  server = await startServer();
  proxy.forwardTo(server.url);
}

test.each(NAMED_WAYS)('over %s the client is back by itself after a restart', async (_name, way) => {
  const client = await connectSignalR(proxy.url, 'claims', {
    ...way,
    targets: [FIGURE],
    // Longer in all than a restart takes on a busy machine.
    reconnectAfterMs: [0, 20, 40, 80, 160, 320, 640, ...Array<number>(20).fill(1_000)],
  });
  expect(await client.next(FIGURE)).toMatchObject({ type: 'Initial' });
  const back = client.reconnected();
  await restart();
  await back;
  expect(await client.next(FIGURE)).toMatchObject({ type: 'Initial' });
  await client.invoke('ForceUpdate');
  expect(await client.next(FIGURE)).toMatchObject({ type: 'Manual' });
  expect(client.state).toBe(HubConnectionState.Connected);
  await client.connection.stop();
});

test('without automatic reconnect the client learns why the connection ended', async () => {
  const client = await connectSignalR(proxy.url, 'claims', { targets: [FIGURE] });
  await client.next(FIGURE);
  await restart();
  expect((await client.closed)?.message).toContain('the server is stopping');
});
