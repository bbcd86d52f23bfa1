import type { Environment, Socket } from './environment.ts';
import { readFrame } from './frames.ts';
import { hubAddress } from './hub-address.ts';
import { UnreachableError } from './rest.ts';
import type { FeatureName, UpdateOutcome } from './shapes.ts';
import type { TokenSource } from './token.ts';

export interface ForceUpdateOptions {
  /** `http://…` */
  readonly origin: string;
  readonly feature: FeatureName;
  readonly token: TokenSource;
  readonly environment: Pick<Environment, 'openSocket' | 'schedule'>;
}

/** Longer than the deadline of a refresh. */
const ANSWER_WITHIN_MS = 45_000;

/**
 * Over a connection of its own: on the hub `all` the method would refresh every feature.
 *
 * @throws UnreachableError if there is no answer in time
 */
export async function forceUpdate({ origin, feature, token, environment }: ForceUpdateOptions): Promise<UpdateOutcome> {
  const address = hubAddress(origin, feature, await token());
  const { promise, resolve, reject } = Promise.withResolvers<UpdateOutcome>();
  const fail = (why: string) => reject(new UnreachableError(`${feature} could not be updated: ${why}`));
  const cancel = environment.schedule(ANSWER_WITHIN_MS, () => fail('there was no answer'));
  const ask = () => socket?.send(JSON.stringify({ type: 'Invoke', method: 'ForceUpdate' }));
  const receive = (data: unknown) => {
    const message = readFrame(data);
    if (message?.kind === 'update-processed') resolve(message.outcome);
  };
  let socket: Socket | undefined;
  try {
    const closed = () => fail('the connection was refused or lost');
    socket = environment.openSocket(address, { opened: ask, received: receive, closed });
  } catch {
    fail('the browser lets no connection be made');
  }
  try {
    return await promise;
  } finally {
    cancel();
    socket?.abandon();
  }
}
