import type { Environment } from './environment.ts';
import { ask, ProblemError } from './rest.ts';
import type { Refusal } from './state.ts';

export interface WhyRefusedOptions {
  /** `http://…` */
  readonly origin: string;
  readonly hub: string;
  readonly token: string | undefined;
  readonly environment: Pick<Environment, 'fetch' | 'schedule'>;
}

/**
 * Asks the server why it refused an upgrade, which a WebSocket does not report. It refuses any request to the hub for the
 * same reason. A POST, since a browser sends no Origin with a GET to the page's own host; one that is let in names no
 * connection, so it changes nothing and answers 400.
 *
 * @returns undefined if it did not refuse the caller, or does not answer
 */
export async function whyRefused({ origin, hub, token, environment }: WhyRefusedOptions): Promise<Refusal | undefined> {
  try {
    await ask('POST', { origin, token: () => token, environment }, `/hubs/${hub}`);
  } catch (error) {
    if (error instanceof ProblemError && (error.status === 401 || error.status === 403)) {
      return { code: error.status, words: error.message };
    }
  }
  return undefined;
}
