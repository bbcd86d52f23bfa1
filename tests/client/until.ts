import type { Client, ClientEvents } from '../../src/client/index.ts';

/** Longer than anything takes; only a test that fails waits so long. */
const PATIENCE_MS = 45_000;

/**
 * The next value of an event that is wanted.
 *
 * @throws Error if none comes in time
 */
export function nextOf<Name extends keyof ClientEvents>(
  client: Client,
  event: Name,
  isWanted: (value: ClientEvents[Name]) => boolean = () => true,
): Promise<ClientEvents[Name]> {
  const { promise, resolve, reject } = Promise.withResolvers<ClientEvents[Name]>();
  const timer = setTimeout(() => reject(new Error(`No such ${event}; ${JSON.stringify(client.state)}`)), PATIENCE_MS);
  const remove = client.on(event, (value) => {
    if (isWanted(value)) resolve(value);
  });
  return promise.finally(() => {
    clearTimeout(timer);
    remove();
  });
}
