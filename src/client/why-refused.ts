import type { Environment } from './environment.ts';
import { get, ProblemError } from './rest.ts';
import type { Refusal } from './state.ts';

export interface WhyRefusedOptions {
  /** `http://…` */
  readonly origin: string;
  readonly hub: string;
  readonly token: string | undefined;
  readonly environment: Pick<Environment, 'fetch' | 'schedule'>;
}

/**
 * Asks the server why it refused an upgrade, which a WebSocket does not tell. The hub's address without an upgrade is
 * refused for the same reason, else with 426.
 *
 * @returns undefined if it did not refuse the caller, or does not answer
 */
export async function whyRefused({ origin, hub, token, environment }: WhyRefusedOptions): Promise<Refusal | undefined> {
  try {
    await get({ origin, token: () => token, environment }, `/hubs/${hub}`);
  } catch (error) {
    if (error instanceof ProblemError && (error.status === 401 || error.status === 403)) {
      return { code: error.status, words: error.message };
    }
  }
  return undefined;
}
