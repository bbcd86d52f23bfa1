import { createHmac, timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { until } from './until.ts';

/** A request as it arrived. */
export interface ReceivedWebhook {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the receiver does: an answer, or nothing until it is stopped. */
export type ReceiverAnswer = number | Response | 'silence';

export interface WebhookReceiver extends AsyncDisposable {
  /** Without a path: `http://127.0.0.1:1234`. */
  readonly url: string;
  readonly port: number;
  /** Every request, in the order of arrival. */
  readonly received: readonly ReceivedWebhook[];
  /** The ids of the messages that were answered with 2xx, in the order of arrival. */
  readonly accepted: readonly string[];
  /** The answer to each request from now on; 204 before the first call. */
  answer(next: (request: ReceivedWebhook) => ReceiverAnswer): void;
  /** Waits for so many requests in all. */
  untilReceived(count: number): Promise<void>;
}

export interface ReceiverOptions {
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly port?: number;
}

/** A receiver of webhooks over real sockets. */
export function startWebhookReceiver({ tls, port = 0 }: ReceiverOptions = {}): WebhookReceiver {
  const received: ReceivedWebhook[] = [];
  const accepted: string[] = [];
  let answer: (request: ReceivedWebhook) => ReceiverAnswer = () => 204;
  const server = Bun.serve({
    port,
    hostname: '127.0.0.1',
    ...(tls === undefined ? {} : { tls }),
    idleTimeout: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const webhook = {
        method: request.method,
        path: pathname + search,
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
      };
      received.push(webhook);
      const response = responseOf(answer(webhook));
      if ((await response).ok) accepted.push(webhook.headers['webhook-id'] ?? '');
      return response;
    },
  });
  return {
    url: server.url.origin,
    port: Number(server.port),
    received,
    accepted,
    answer(next) {
      answer = next;
    },
    untilReceived: (count) => until(() => received.length >= count),
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

async function responseOf(answer: ReceiverAnswer): Promise<Response> {
  if (answer instanceof Response) return answer;
  return answer === 'silence' ? new Promise(() => {}) : new Response(null, { status: answer });
}

/**
 * The content of a message whose signature is right: by the library of Standard Webhooks, and by its specification (1.0.0,
 * "Signature scheme"): HMAC-SHA256 of `id.timestamp.body` with the bytes of the secret.
 *
 * @throws WebhookVerificationError, Error if it is not signed with this secret
 */
export function verifiedContent({ headers, body }: ReceivedWebhook, secret: string): unknown {
  const content = new Webhook(secret).verify(body, headers);
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const expected = createHmac('sha256', key).update(signed).digest();
  const signatures = (headers['webhook-signature'] ?? '').split(' ').map((signature) => signature.split(','));
  const isRight = signatures.some(([version, signature = '']) => {
    const bytes = Buffer.from(signature, 'base64');
    return version === 'v1' && bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
  if (!isRight) throw new Error('No signature is right');
  return content;
}
