import { createSignalRClient, type SignalRClientOptions } from '../../../../support/signalr-client.ts';

const TARGETS = ['UpdateSummary', 'SummaryUpdate', 'InitialData', 'UpdateProcessed', 'SubscriptionConfirmed', 'Status'];

/**
 * Everything that a program written for `@microsoft/signalr` gets to see in one conversation with a hub: each callback
 * with its arguments, each result and each error, a line each, in their order.
 */
export async function converse(url: string, transport: SignalRClientOptions['transport'] & string): Promise<string[]> {
  const client = createSignalRClient(url, 'reference', { transport, targets: ['SummaryUpdate'] });
  const { connection } = client;
  const lines: string[] = [];
  const see = (...what: unknown[]) => lines.push(what.map((each) => JSON.stringify(each) ?? 'undefined').join(' '));
  for (const target of TARGETS) connection.on(target, (...args: unknown[]) => see('event', target, ...args));
  connection.onclose((error) => see('closed', error?.message));

  const invoke = async (method: string, ...args: unknown[]) => {
    // The result of a method without one is null with ASP.NET Core and undefined with us.
    const result = connection.invoke(method, ...args).then((value: unknown) => ['result', method, value ?? null]);
    see(...(await result.catch((error: Error) => ['error', method, error.name, error.message])));
  };
  const stream = (method: string, ...args: unknown[]) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const subscription = connection.stream(method, ...args).subscribe({
      next(item) {
        see('item', item);
        subscription.dispose();
        resolve();
      },
      complete: () => see('complete', method),
      error(error: Error) {
        see('error', method, error.name, error.message);
        resolve();
      },
    });
    return promise;
  };

  await connection.start();
  await client.next('SummaryUpdate');
  await invoke('GetInitialData', {});
  see('state', connection.state, typeof connection.connectionId);
  await invoke('forceupdate', {});
  await invoke('SubscribeToStatus', {});
  await invoke('NoSuchMethod', {});
  await invoke('StreamSnapshots', {});
  await stream('StreamSnapshots', {});
  await stream('NoSuchStream', {});
  await stream('GetInitialData', {});
  await connection.send('SubscribeToClaims', {});
  await invoke('SubscribeToClaims', {});
  await connection.stop();
  see('state', connection.state);
  return lines;
}
