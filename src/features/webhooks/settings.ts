import type { Notification } from '../../core/notifications/notification.ts';

/** What a receiver is sent: JSON as in Standard Webhooks, or a message of Slack or Teams. */
export type WebhookFormat = 'standard' | 'slack' | 'teams';

/** A receiver of notifications. */
export interface WebhookAddress {
  /** Without our own parameters. Secret: it alone lets anyone post to Slack and Teams. */
  readonly url: string;
  readonly format: WebhookFormat;
  /** The least severity that is sent. */
  readonly severity: Notification['severity'];
  /** Hubs whose notifications are sent; null for all. */
  readonly hubs: readonly string[] | null;
}

export interface WebhookSettings {
  readonly addresses: readonly WebhookAddress[];
  /** `whsec_…`; each of them signs. Slack and Teams take no signature. */
  readonly secrets: readonly string[];
  /** May send to addresses that are not on the public internet. */
  readonly allowPrivate: boolean;
}
