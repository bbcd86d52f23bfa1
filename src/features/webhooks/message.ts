import { Webhook } from 'standardwebhooks';
import { type Instant, isoInstant } from '../../core/figures/calendar.ts';
import { ALL_HUBS, type Notification } from '../../core/notifications/notification.ts';
import type { WebhookFormat } from './settings.ts';
import { slackMessage } from './slack.ts';
import { teamsMessage } from './teams.ts';

/** The body of a request and the headers that belong to it. */
export interface WebhookMessage {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface MessageOptions {
  readonly format: WebhookFormat;
  readonly secrets: readonly string[];
  /** The same at each attempt. */
  readonly id: string;
  /** The instant of this attempt: receivers refuse a message that was signed more than 5 minutes ago. */
  readonly at: Instant;
}

export function webhookMessage(notification: Notification, options: MessageOptions): WebhookMessage {
  const type = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Greg-BI' };
  switch (options.format) {
    case 'slack':
      return { body: JSON.stringify(slackMessage(notification)), headers: type };
    case 'teams':
      return { body: JSON.stringify(teamsMessage(notification)), headers: type };
    case 'standard': {
      const body = JSON.stringify({ type: 'notification', timestamp: notification.at, data: notification });
      return { body, headers: { ...type, ...signatureHeaders(body, options) } };
    }
  }
}

/**
 * One signature for each secret, so that a receiver may change its secret at any time (Standard Webhooks 1.0.0, "Webhook
 * headers").
 */
function signatureHeaders(body: string, { id, at, secrets }: MessageOptions): Record<string, string> {
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, new Date(at), body));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1_000)),
    'webhook-signature': signatures.join(' '),
  };
}

/** A message for the doctor. Its id is none that a notification has. */
export function testNotification(at: Instant): Notification {
  return {
    id: 0,
    hub: ALL_HUBS,
    severity: 'info',
    title: 'Test message',
    message: 'Notifications of Greg BI arrive here',
    at: isoInstant(at),
    data: { isTest: true },
  };
}
