import { afterEach, beforeEach, expect, test } from 'bun:test';
import type { OutletFetch } from '../../../src/core/outlets/outlet.ts';
import { createWebhookOutlets, type WebhookSettings } from '../../../src/features/webhooks/index.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import { startWebhookReceiver, verifiedContent, type WebhookReceiver } from '../../support/webhook-receiver.ts';
import { SECRET } from './running-webhooks.ts';

const clock = createVirtualClock(Date.now());
const plainFetch: OutletFetch = (url, init) => fetch(url, { ...init, redirect: 'manual' });

let receiver: WebhookReceiver;

beforeEach(() => {
  receiver = startWebhookReceiver();
});

afterEach(() => receiver[Symbol.asyncDispose]());

type Address = WebhookSettings['addresses'][number];

async function check(write: boolean, address: Partial<Address> = {}, allowPrivate = true) {
  const addresses = [
    { ...({ format: 'standard', severity: 'info', hubs: null } as const), url: `${receiver.url}/s3cr3t`, ...address },
  ];
  const settings = { addresses, secrets: [SECRET], allowPrivate };
  const [outlet] = createWebhookOutlets(settings, { clock, onNotice: () => {} });
  const findings = await outlet?.check?.({ write, fetch: plainFetch });
  expect(JSON.stringify(findings)).not.toContain('s3cr3t');
  return findings;
}

test('says what an address is, and sends nothing', async () => {
  expect(await check(false, { format: 'slack', severity: 'warning', hubs: ['claims', 'all'] })).toEqual([
    {
      what: `Webhook 1 (127.0.0.1:${receiver.port})`,
      verdict: 'ok',
      found: 'messages for Slack, warning and above, of claims, all, at 127.0.0.1',
      next: null,
    },
  ]);
  expect(receiver.received).toEqual([]);
});

test('sends a test message where that is asked for, with an id that no notification has', async () => {
  expect(await check(true)).toMatchObject([
    { verdict: 'ok', found: 'signed JSON, at 127.0.0.1; accepts a test message (204)' },
  ]);
  const [request] = receiver.received;
  if (request === undefined) throw new Error('Nothing was received');
  expect(request.headers['webhook-id']).toMatch(/^test-\d+$/);
  expect(verifiedContent(request, SECRET)).toMatchObject({ data: { id: 0, severity: 'info', data: { isTest: true } } });
});

test.each([
  [400, 'refuses a test message (400)', 'check its format in NOTIFY_WEBHOOKS'],
  [404, 'answers 404', 'check its address in NOTIFY_WEBHOOKS, and its secret'],
  [410, 'is gone (410)', 'take it off NOTIFY_WEBHOOKS, or restart to try it again'],
  [503, 'answers 503', 'check the receiver and the network'],
])('%i is broken', async (status, found, next) => {
  receiver.answer(() => status);
  expect(await check(true)).toMatchObject([{ verdict: 'broken', found: expect.stringContaining(found), next }]);
});

test('a private address is broken, and nothing is sent', async () => {
  expect(await check(true, {}, false)).toMatchObject([
    {
      verdict: 'broken',
      found: '127.0.0.1 is an address of this machine',
      next: 'NOTIFY_ALLOW_PRIVATE=true allows that',
    },
  ]);
  expect(receiver.received).toEqual([]);
});
