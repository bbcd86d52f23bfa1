import { createHash } from 'node:crypto';
import type { Notification } from '../../core/notifications/notification.ts';
import type { OutletFetch, OutletRequest } from '../../core/outlets/outlet.ts';
import { RetryLaterError } from '../../core/outlets/outlet-errors.ts';
import type { Clock } from '../../core/runtime/clock.ts';
import { webhookMessage } from './message.ts';
import { type PinnedAddress, pinAddress, type Resolve } from './pinned-address.ts';
import type { WebhookAddress, WebhookSettings } from './settings.ts';

export interface ReceiverOptions {
  readonly settings: WebhookSettings;
  /** The place in the list of addresses, from 1: how a person finds the address, which is never shown. */
  readonly number: number;
  readonly clock: Clock;
  readonly resolve: Resolve;
}

/** Sends messages to one address. */
export interface Receiver {
  readonly address: WebhookAddress;
  /** Identifies the address without giving it away. */
  readonly fingerprint: string;
  /** For people: `Webhook 2 (hooks.slack.com)`. */
  readonly label: string;
  /** Looks the address up, and checks it. */
  pin(signal: AbortSignal): Promise<PinnedAddress>;
  /**
   * @param id the same at each attempt
   * @throws RefusedError, RetryLaterError if there is no response
   */
  send(notification: Notification, id: string, through: Connection): Promise<Response>;
}

export interface Connection {
  readonly fetch: OutletFetch;
  readonly signal: AbortSignal;
}

export function createReceiver(address: WebhookAddress, options: ReceiverOptions): Receiver {
  const { settings, number, clock, resolve } = options;
  const url = new URL(address.url);
  const label = `Webhook ${number} (${url.host})`;
  let failures = 0;
  const pin = (signal: AbortSignal) =>
    pinAddress(url, { allowPrivate: settings.allowPrivate, resolve, signal, attempt: failures });
  return {
    address,
    fingerprint: createHash('sha256').update(address.url).digest('hex').slice(0, 12),
    label,
    pin,
    async send(notification, id, { fetch, signal }) {
      const { format } = address;
      const { url: pinnedUrl, host, serverName } = await pin(signal);
      const at = clock.now();
      const { body, headers } = webhookMessage(notification, { format, secrets: settings.secrets, id, at });
      const init: BunFetchRequestInit & OutletRequest = {
        method: 'POST',
        // The receiver has it: what else it says must not cause a repeat.
        ignoresBody: true,
        headers: { ...headers, host },
        body,
        ...(serverName === undefined ? {} : { tls: { serverName } }),
      };
      try {
        return await fetch(pinnedUrl, init);
      } catch (error) {
        failures++;
        if (!(error instanceof RetryLaterError) || signal.aborted) throw error;
        throw new RetryLaterError(`${url.host}: ${error.message}`, error.afterMs);
      }
    },
  };
}
