import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { MOST_REFUSED, MOST_WAITING } from '../../../src/features/webhooks/outlet.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { until } from '../../support/until.ts';
import { startWebhookReceiver, verifiedContent, type WebhookReceiver } from '../../support/webhook-receiver.ts';
import { type RunningWebhooks, type RunningWebhooksOptions, runWebhooks, SECRET } from './running-webhooks.ts';

let receiver: WebhookReceiver;
let webhooks: RunningWebhooks;

beforeEach(() => {
  receiver = startWebhookReceiver();
});

afterEach(async () => {
  await webhooks.stop();
  await receiver[Symbol.asyncDispose]();
  expect(webhooks.errors).toEqual([]);
});

function run(options: Partial<RunningWebhooksOptions> = {}): RunningWebhooks {
  webhooks = runWebhooks({ addresses: [{ url: `${receiver.url}/hook?a=b` }], ...options });
  return webhooks;
}

async function restart(changes: Partial<RunningWebhooksOptions> = {}): Promise<void> {
  webhooks = await webhooks.restart(changes);
}

const idsOf = ({ received }: WebhookReceiver) => received.map(({ headers }) => headers['webhook-id'] ?? '');

describe('a notification', () => {
  test('is sent signed, with its id', async () => {
    const { notify, untilDelivered, journal, clock } = run();
    const id = await notify({ data: { claim: 17, ação: 'é' } });
    await untilDelivered();
    const [request, ...others] = receiver.received;
    if (request === undefined) throw new Error('Nothing was received');
    expect(others).toEqual([]);
    expect(request).toMatchObject({ method: 'POST', path: '/hook?a=b' });
    expect(request.headers).toMatchObject({
      ...{ 'content-type': 'application/json; charset=utf-8', 'webhook-id': id, host: `127.0.0.1:${receiver.port}` },
      'webhook-timestamp': String(Math.floor(clock.now() / 1_000)),
    });
    const [notification] = journal.newest(1);
    expect(verifiedContent(request, SECRET)).toEqual({
      ...{ type: 'notification', timestamp: notification?.at, data: notification },
    });
    expect(() => verifiedContent({ ...request, body: request.body.replace('17', '18') }, SECRET)).toThrow();
    expect(() => verifiedContent(request, `whsec_${Buffer.alloc(24, 8).toString('base64')}`)).toThrow();
  });

  test('is signed with each secret while the secret is changed', async () => {
    const secrets = [SECRET, `whsec_${Buffer.alloc(64, 9).toString('base64')}`];
    const { notify, untilDelivered } = run({ settings: { secrets } });
    await notify();
    await untilDelivered();
    const [request] = receiver.received;
    if (request === undefined) throw new Error('Nothing was received');
    for (const secret of secrets) expect(verifiedContent(request, secret)).toMatchObject({ type: 'notification' });
    expect(request.headers['webhook-signature']).toMatch(/^v1,\S{44} v1,\S{44}$/);
  });

  test('goes to an address that wants its hub and its severity', async () => {
    const { notify, untilDelivered } = run({
      addresses: [{ url: `${receiver.url}/`, severity: 'warning', hubs: ['claims', 'all'] }],
    });
    await notify({ hub: 'claims', severity: 'info' });
    const first = await notify({ hub: 'claims', severity: 'warning' });
    await notify({ hub: 'financial', severity: 'critical' });
    const second = await notify({ hub: 'all', severity: 'critical' });
    await notify({ hub: 'claims', severity: 'info' });
    await untilDelivered();
    expect(idsOf(receiver)).toEqual([first, second]);
    await restart({ addresses: [{ url: `${receiver.url}/` }] });
    const third = await webhooks.notify({ severity: 'info' });
    await webhooks.untilDelivered();
    expect(idsOf(receiver)).toEqual([first, second, third]);
  });

  test('about the address itself is not sent to it', async () => {
    const { notify, untilDelivered, actors } = run();
    await notify({ hub: 'all', data: { outlet: actors[0]?.outlet.name } });
    const id = await notify({ hub: 'all', data: { outlet: 'rows' } });
    await untilDelivered();
    expect(idsOf(receiver)).toEqual([id]);
  });
});

describe('an answer', () => {
  test.each([500, 502, 503, 504, 401, 403, 404, 405, 408, 425, 429])(
    '%i is followed by the same message',
    async (answer) => {
      receiver.answer(() => answer);
      const { notify, untilFailed, untilDelivered, untilNextPass, clock } = run();
      const ids = [await notify(), await notify()];
      await untilFailed(1);
      clock.shiftWall(120_000);
      receiver.answer(() => 200);
      await untilNextPass();
      await untilDelivered();
      expect(idsOf(receiver)).toEqual([ids[0] ?? '', ...ids]);
      const [before, after] = receiver.received;
      if (before === undefined || after === undefined) throw new Error('Too little was received');
      expect(after.body).toBe(before.body);
      const signedAt = Number(after.headers['webhook-timestamp']) - Number(before.headers['webhook-timestamp']);
      expect(signedAt).toBeGreaterThanOrEqual(120);
    },
  );

  test('that is cut or garbage is followed by the same message: the receiver may have it twice', async () => {
    const proxy = await startTcpProxy(receiver.url);
    const { notify, untilFailed, untilDelivered, untilNextPass } = run({ addresses: [{ url: `${proxy.url}/` }] });
    const cut = proxy.cutAfter(10);
    const id = await notify();
    await untilFailed(1);
    await cut;
    const restore = proxy.garble();
    await untilNextPass();
    await untilFailed(2);
    restore();
    proxy.forwardTo(null);
    proxy.cut();
    await untilNextPass();
    await untilFailed(3);
    proxy.forwardTo(receiver.url);
    await untilNextPass();
    await untilDelivered();
    expect(receiver.accepted).toEqual([id, id, id]);
    await proxy.close();
  });

  test.each([
    ['never ends', () => new ReadableStream({ start: (body) => body.enqueue(new Uint8Array(10)) })],
    ['is huge', () => new Uint8Array(6_000_000)],
  ])('2xx is an acceptance, also if its body %s', async (_, body) => {
    receiver.answer(() => new Response(body()));
    const { notify, untilDelivered, clock } = run();
    const ids = [await notify(), await notify()];
    await receiver.untilReceived(2);
    await untilDelivered();
    await clock.advance(3_600_000);
    expect(receiver.accepted).toEqual(ids);
  });

  test.each([401, 403, 404])('%i says what to check', async (status) => {
    receiver.answer(() => status);
    const { notify, untilFailed, actors } = run();
    await notify();
    await untilFailed(1);
    expect(actors[0]?.status().failing?.reason).toContain(`answers ${status}; check its address in NOTIFY_WEBHOOKS`);
  });

  test.each([429, 503])('%i with Retry-After is waited for', async (status) => {
    receiver.answer(() => new Response(null, { status, headers: { 'retry-after': '3600' } }));
    const { notify, untilFailed, untilDelivered, clock } = run();
    await notify();
    await untilFailed(1);
    receiver.answer(() => 202);
    await clock.advance(3_599_000);
    expect(receiver.received).toHaveLength(1);
    await clock.advance(2_000);
    await untilDelivered();
    expect(receiver.accepted).toHaveLength(1);
  });

  test('that does not come is waited for 15 s', async () => {
    receiver.answer(() => 'silence');
    const { notify, untilFailed, actors, clock } = run();
    await notify();
    await receiver.untilReceived(1);
    await clock.advance(14_999);
    expect(actors[0]?.status().failing).toBeNull();
    await clock.advance(1);
    await untilFailed(1);
    expect(actors[0]?.status().failing?.reason).toContain('did not answer within 15 s');
  });

  test.each([400, 413, 422])('%i skips that notification, which is said once', async (status) => {
    receiver.answer(({ body }) => (body.includes('poison') ? status : 200));
    const { notify, untilDelivered, notices } = run();
    const ids = [await notify(), await notify({ title: 'poison' }), await notify()];
    await untilDelivered();
    expect(receiver.accepted).toEqual([ids[0] ?? '', ids[2] ?? '']);
    const label = `Webhook 1 (127.0.0.1:${receiver.port})`;
    expect(notices).toEqual([`${label} refuses notification ${ids[1]} (${status}), which is skipped`]);
  });

  test('400 now and then never stops an address', async () => {
    receiver.answer(({ body }) => (body.includes('poison') ? 400 : 200));
    const { notify, untilDelivered, notices } = run();
    const good: string[] = [];
    for (let round = 0; round <= MOST_REFUSED; round++) {
      await notify({ title: 'poison' });
      good.push(await notify());
      await untilDelivered();
      await webhooks.clock.advance(1_000);
    }
    expect(receiver.accepted).toEqual(good);
    expect(notices).toHaveLength(MOST_REFUSED + 1);
  });

  test('400 again and again is one of the address, which then loses nothing more', async () => {
    receiver.answer(() => new Response('invalid_payload', { status: 400 }));
    const { notify, untilFailed, actors, notices } = run();
    const ids: string[] = [];
    for (let sent = 0; sent < MOST_REFUSED + 2; sent++) ids.push(await notify());
    await untilFailed(1);
    expect(actors[0]?.status()).toMatchObject({ activity: 'refused' });
    expect(actors[0]?.status().failing?.reason).toContain('(400, invalid_payload); check the receiver');
    expect(notices).toHaveLength(MOST_REFUSED);
    receiver.answer(() => 200);
    await restart();
    await webhooks.untilDelivered();
    expect(receiver.accepted).toEqual(ids.slice(MOST_REFUSED));
  });

  test.each([
    [410, 'is gone (410); take it off NOTIFY_WEBHOOKS'],
    [301, 'redirects (301), which is not followed; write the final address'],
    [307, 'redirects (307)'],
  ])('%i stops an address until the next start', async (status, reason) => {
    const elsewhere = startWebhookReceiver();
    receiver.answer(() => new Response(null, { status, headers: { location: `${elsewhere.url}/` } }));
    const { notify, untilFailed, actors, clock } = run();
    const ids = [await notify()];
    await untilFailed(1);
    expect(actors[0]?.status()).toMatchObject({ activity: 'refused', nextPass: null });
    expect(actors[0]?.status().failing?.reason).toContain(reason);
    ids.push(await notify());
    await clock.advance(86_400_000);
    expect(receiver.received).toHaveLength(1);
    receiver.answer(() => 200);
    await restart();
    await webhooks.untilDelivered();
    expect(receiver.accepted).toEqual(ids);
    expect(elsewhere.received).toEqual([]);
    await elsewhere[Symbol.asyncDispose]();
  });
});

describe('the secrets of an address', () => {
  test('are in no reason, whatever the receiver answers', async () => {
    const path = '/services/T0/B0/s3cr3tpath';
    const { notify, untilFailed, untilNextPass, actors } = run({
      addresses: [{ url: `${receiver.url}${path}?sig=s3cr3tsig` }],
    });
    const seen: string[] = [];
    const statuses = [500, 503, 404];
    receiver.answer(
      ({ path: called }) =>
        new Response(`Cannot POST ${called} s3cr3tpath`, { status: statuses[receiver.received.length - 1] ?? 500 }),
    );
    await notify();
    for (const [index] of statuses.entries()) {
      if (index > 0) await untilNextPass();
      await untilFailed(index + 1);
      seen.push(JSON.stringify(actors.map((actor) => [actor.status(), actor.outlet.name, actor.outlet.target])));
    }
    expect(seen.join()).not.toContain('s3cr3t');
  });
});

describe('several addresses', () => {
  test('do not wait for one another', async () => {
    const dead = startWebhookReceiver();
    dead.answer(() => 'silence');
    const { notify, actors } = run({ addresses: [{ url: `${dead.url}/` }, { url: `${receiver.url}/` }] });
    const ids = [await notify(), await notify(), await notify()];
    await receiver.untilReceived(3);
    expect(idsOf(receiver)).toEqual(ids);
    expect(idsOf(dead)).toEqual(ids.slice(0, 1));
    expect(actors.map((actor) => actor.outlet.name)).toEqual([
      expect.stringMatching(/^webhook-[\da-f]{12}$/),
      expect.stringMatching(/^webhook-[\da-f]{12}$/),
    ]);
    await dead[Symbol.asyncDispose]();
  });

  test('one that is new begins with the next notification, and one that stays goes on', async () => {
    const { notify, untilDelivered } = run();
    const past = [await notify(), await notify()];
    await untilDelivered();
    const second = startWebhookReceiver();
    // In another place of the list it is still the same address.
    await restart({ addresses: [{ url: `${second.url}/` }, { url: `${receiver.url}/hook?a=b` }] });
    await restart({ addresses: [{ url: `${second.url}/` }, { url: `${receiver.url}/hook?a=b` }] });
    const next = await webhooks.notify();
    await webhooks.untilDelivered();
    expect(idsOf(second)).toEqual([next]);
    expect(idsOf(receiver)).toEqual([...past, next]);
    await second[Symbol.asyncDispose]();
  });
});

test.each(['slack', 'teams'] as const)('%s gets one message a second', async (format) => {
  const { notify, clock, untilDelivered } = run({ addresses: [{ url: `${receiver.url}/`, format }] });
  for (let sent = 0; sent < 3; sent++) await notify();
  for (let expected = 1; expected < 3; expected++) {
    await receiver.untilReceived(expected);
    await clock.advance(999);
    expect(receiver.received).toHaveLength(expected);
    while (receiver.received.length === expected) {
      await clock.advance(1);
      await Bun.sleep(1);
    }
  }
  await untilDelivered();
  expect(receiver.received).toHaveLength(3);
});

describe('what waits', () => {
  test('is sent in order after a restart, and nothing again', async () => {
    const { notify, untilDelivered, untilFailed } = run();
    const ids = [await notify()];
    await untilDelivered();
    receiver.answer(() => 500);
    for (let sent = 0; sent < 5; sent++) ids.push(await notify());
    await untilFailed(1);
    receiver.answer(() => 200);
    await restart();
    await webhooks.untilDelivered();
    expect(receiver.accepted).toEqual(ids);
    await restart();
    await webhooks.clock.advance(3_600_000);
    expect(receiver.accepted).toEqual(ids);
  });

  test('for longer than the journal keeps it is lost, which is said once', async () => {
    const { notify, untilFailed, untilDelivered, untilNextPass, notices, clock } = run();
    const first = await notify();
    await untilDelivered();
    receiver.answer(() => 503);
    await notify();
    await untilFailed(1);
    clock.shiftWall(31 * 86_400_000);
    const last = await notify();
    await untilNextPass();
    await untilFailed(2);
    receiver.answer(() => 200);
    await untilNextPass();
    await untilDelivered();
    expect(receiver.accepted).toEqual([first, last]);
    const [from, to] = [first, last].map((id) => new Date(Number(id)).toISOString());
    expect(notices).toEqual([
      expect.stringContaining(`was behind for 30 days: what came between ${from} and ${to}, if anything, is not sent`),
    ]);
  });

  test('beyond a thousand loses the oldest, which is said', async () => {
    receiver.answer(() => 503);
    const { notify, untilFailed, untilNextPass, notices, clock, journal, actors } = run();
    await notify();
    await untilFailed(1);
    for (let sent = 0; sent < MOST_WAITING + 4; sent++) await notify();
    receiver.answer(() => 200);
    await untilNextPass();
    // Ten requests a second: time passes only while none is in flight.
    for (let status = actors[0]?.status(); status?.activity !== 'idle'; status = actors[0]?.status()) {
      await until(() => receiver.accepted.length + 1 === actors[0]?.status().requestsThisHour);
      await clock.advance(100);
      await Bun.sleep(1);
    }
    expect([...new Set(receiver.accepted)]).toEqual(
      journal
        .after(0, 2_000)
        .slice(5)
        .map(({ id }) => String(id)),
    );
    expect(notices).toEqual([
      expect.stringMatching(/gets the newest 1000 notifications only: the 5 from \S+Z to \S+Z are dropped$/),
    ]);
  }, 30_000);
});
