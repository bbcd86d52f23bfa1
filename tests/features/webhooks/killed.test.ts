import { afterEach, beforeEach, expect, test } from 'bun:test';
import type { Notification } from '../../../src/core/notifications/notification.ts';
import { openStore } from '../../../src/core/store/store.ts';
import { type ServerProcess, startProcess, temporaryFolder } from '../../support/process.ts';
import { until } from '../../support/until.ts';
import { startWebhookReceiver, verifiedContent, type WebhookReceiver } from '../../support/webhook-receiver.ts';
import { SECRET } from './running-webhooks.ts';

const KILLS = 30;
const NOTIFICATIONS = 200;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let receiver: WebhookReceiver;

beforeEach(async () => {
  folder = await temporaryFolder();
  receiver = startWebhookReceiver();
});

afterEach(async () => {
  await receiver[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function start(): Promise<ServerProcess> {
  return startProcess({
    ...{ STATE_DIR: `${folder.path}/state`, DEMO_DIR: `${folder.path}/demo` },
    ...{ NOTIFY_WEBHOOKS: `${receiver.url}/s3cr3t?severity=warning`, NOTIFY_ALLOW_PRIVATE: 'true' },
    NOTIFY_WEBHOOK_SECRET: SECRET,
  });
}

async function kill(server: ServerProcess): Promise<void> {
  server.signal('SIGKILL');
  await server.exited;
  expect(server.banner + server.log()).not.toContain('s3cr3t');
}

/** Stores notifications as a server does, for the next start. */
async function storeNotifications(): Promise<Notification[]> {
  const store = await openStore(`${folder.path}/state`, (error) => {
    throw error;
  });
  const now = Date.now();
  const notifications = Array.from({ length: NOTIFICATIONS }, (_, index): Notification => {
    const id = now + index;
    const severity = index % 10 === 0 ? 'info' : 'critical';
    return {
      id,
      hub: 'claims',
      severity,
      title: `Claim ${index}`,
      message: '',
      at: new Date(id).toISOString(),
      data: {},
    };
  });
  await store.notifications.keep({
    ...{ rule: 'a rule', memory: '', forgetBefore: 0 },
    notifications: notifications.map((notification) => ({ key: `occurrence ${notification.id}`, notification })),
  });
  await store.close();
  return notifications;
}

test(`${KILLS} kills during delivery lose nothing, and keep the order`, async () => {
  // From its first start on, a webhook gets what comes next.
  await kill(await start());
  const wanted = (await storeNotifications()).filter(({ severity }) => severity !== 'info');
  let kills = 0;
  for (; kills < KILLS && receiver.accepted.length < wanted.length; kills++) {
    const before = receiver.received.length;
    const killAfter = 1 + (kills % 4);
    const { promise: isTime, resolve } = Promise.withResolvers<void>();
    // The process is killed while its request waits for the answer, and every other time while it reads one.
    receiver.answer(() => {
      const requests = receiver.received.length - before;
      if (requests >= killAfter) resolve();
      return requests > killAfter || (requests === killAfter && kills % 2 === 0) ? 'silence' : 204;
    });
    const server = await start();
    await isTime;
    await kill(server);
  }
  expect(kills).toBe(KILLS);
  receiver.answer(() => 204);
  const server = await start();
  const last = String(wanted.at(-1)?.id);
  await until(() => receiver.accepted.includes(last));
  const status = await (await fetch(`${server.url}/ws/status`)).text();
  expect(status).toContain('Webhook 1 (127.0.0.1:');
  expect(status).not.toContain('s3cr3t');
  await kill(server);
  const first = receiver.accepted.filter((id, index) => receiver.accepted.indexOf(id) === index);
  expect(first).toEqual(wanted.map(({ id }) => String(id)));
  // A repeat is always of the newest one.
  for (const [index, id] of receiver.accepted.entries()) {
    const newest = Math.max(...receiver.accepted.slice(0, index).map(Number), 0);
    expect(Number(id)).toBeGreaterThanOrEqual(newest);
  }
  const byId = new Map(wanted.map((notification) => [String(notification.id), notification]));
  for (const request of receiver.received) {
    const id = request.headers['webhook-id'] ?? '';
    expect(verifiedContent(request, SECRET)).toEqual({
      ...{ type: 'notification', timestamp: byId.get(id)?.at, data: byId.get(id) },
    });
  }
}, 600_000); // Thirty-one starts of the server, on a machine that may be busy.
