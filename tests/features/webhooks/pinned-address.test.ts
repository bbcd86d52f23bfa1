import { afterEach, describe, expect, test } from 'bun:test';
import { SIGNED_CERTIFICATES, TEST_KEY } from '../../support/tds/certificate.ts';
import { until } from '../../support/until.ts';
import { startWebhookReceiver, verifiedContent, type WebhookReceiver } from '../../support/webhook-receiver.ts';
import { type RunningWebhooks, type RunningWebhooksOptions, runWebhooks, SECRET } from './running-webhooks.ts';

const NAME = 'db.example';
const PUBLIC = '93.184.215.14';

let webhooks: RunningWebhooks;
const receivers: WebhookReceiver[] = [];

afterEach(async () => {
  await webhooks.stop();
  expect(webhooks.errors).toEqual([]);
  await Promise.all(receivers.splice(0).map((receiver) => receiver[Symbol.asyncDispose]()));
});

function run(options: RunningWebhooksOptions): RunningWebhooks {
  webhooks = runWebhooks(options);
  return webhooks;
}

/** A receiver with a certificate for `NAME` only. */
function startTlsReceiver(cert: string = SIGNED_CERTIFICATES.forAnotherName): WebhookReceiver {
  const receiver = startWebhookReceiver({ tls: { key: TEST_KEY, cert } });
  receivers.push(receiver);
  return receiver;
}

const failureOf = ({ actors }: RunningWebhooks) => actors[0]?.status().failing?.reason;

describe('over TLS', () => {
  test('the address that was looked up is called, and its certificate checked for the name', async () => {
    const receiver = startTlsReceiver();
    const hosts: string[] = [];
    const { notify, untilDelivered } = run({
      addresses: [{ url: `https://${NAME}:${receiver.port}/hook` }],
      resolve: async (host) => {
        hosts.push(host);
        return ['127.0.0.1'];
      },
    });
    await notify();
    await notify();
    await untilDelivered();
    const [request] = receiver.received;
    if (request === undefined) throw new Error('Nothing was received');
    expect(request.headers.host).toBe(`${NAME}:${receiver.port}`);
    expect(verifiedContent(request, SECRET)).toMatchObject({ type: 'notification' });
    // At the time of each request.
    expect(hosts).toEqual([NAME, NAME]);
  });

  test.each([
    ['other.example', SIGNED_CERTIFICATES.forAnotherName],
    [NAME, SIGNED_CERTIFICATES.forLocalhost],
    ['localhost', SIGNED_CERTIFICATES.expired],
  ])('a receiver that cannot prove to be %s gets nothing', async (name, certificate) => {
    const receiver = startTlsReceiver(certificate);
    const { notify, untilFailed } = run({
      addresses: [{ url: `https://${name}:${receiver.port}/s3cr3t` }],
      resolve: async () => ['127.0.0.1'],
    });
    await notify();
    await untilFailed(1);
    expect(receiver.received).toEqual([]);
    expect(failureOf(webhooks)).toContain(`${name}:${receiver.port}: 127.0.0.1:${receiver.port} cannot be reached (`);
    expect(failureOf(webhooks)).toMatch(/CERT/);
    expect(failureOf(webhooks)).not.toContain('s3cr3t');
  });

  test('a connection is not used for another name at the same address', async () => {
    const receiver = startTlsReceiver();
    const { notify, actors } = run({
      addresses: [NAME, 'other.example'].map((name) => ({ url: `https://${name}:${receiver.port}/` })),
      resolve: async () => ['127.0.0.1'],
    });
    await notify();
    await receiver.untilReceived(1);
    await notify();
    await receiver.untilReceived(2);
    expect(receiver.received.map(({ headers: { host } }) => host)).toEqual(
      [NAME, NAME].map((name) => `${name}:${receiver.port}`),
    );
    await until(() => actors[1]?.status().failing?.passes === 1);
    expect(actors[1]?.status().lastSuccess).toBeNull();
  });
});

describe('a name', () => {
  /** Every call of `fetch`, which has no public receiver here. */
  function recorded(): { readonly calls: string[]; readonly send: NonNullable<RunningWebhooksOptions['send']> } {
    const calls: string[] = [];
    return {
      calls,
      async send(url, { headers, tls }) {
        calls.push(`${url} for ${new Headers(headers).get('host')}, TLS name ${tls?.serverName}`);
        return new Response(null, { status: calls.length === 1 ? 500 : 200 });
      },
    };
  }
  const settings = { allowPrivate: false };

  test.each([
    ['127.0.0.1', 'an address of this machine'],
    ['10.1.2.3', 'a private address'],
    ['169.254.169.254', 'a link-local address'],
    ['::ffff:192.168.0.1', 'a private address'],
    ['fd00::1', 'a private address'],
  ])('that stands for %s is refused', async (address, kind) => {
    const { calls, send } = recorded();
    const { notify, untilFailed, actors } = run({
      ...{ addresses: [{ url: 'https://hooks.example/s3cr3t' }], settings, send },
      // One public address does not help.
      resolve: async () => [PUBLIC, address],
    });
    await notify();
    await untilFailed(1);
    expect(actors[0]?.status().activity).toBe('refused');
    expect(failureOf(webhooks)).toBe(
      `hooks.example stands for ${address}, ${kind}; NOTIFY_ALLOW_PRIVATE=true allows that`,
    );
    expect(calls).toEqual([]);
  });

  test('is looked up for each request, and a private address is refused whenever it appears', async () => {
    const { calls, send } = recorded();
    const lookups = [[PUBLIC], ['127.0.0.1']];
    const { notify, untilFailed, untilNextPass, actors } = run({
      ...{ addresses: [{ url: 'https://hooks.example:8443/a?b' }], settings, send },
      resolve: async () => lookups.shift() ?? ['10.0.0.1'],
    });
    await notify();
    await untilFailed(1);
    await untilNextPass();
    await untilFailed(2);
    expect(actors[0]?.status().activity).toBe('refused');
    // The host is an IP address: nothing looks a name up after the check.
    expect(calls).toEqual([`https://${PUBLIC}:8443/a?b for hooks.example:8443, TLS name hooks.example`]);
  });

  test('with several addresses is tried at the next one after a failure', async () => {
    const calls: string[] = [];
    const { notify, untilFailed, untilNextPass, untilDelivered } = run({
      ...{ addresses: [{ url: 'https://hooks.example./' }], settings },
      resolve: async () => [PUBLIC, '2606:2800:21f:cb07:6820:80da:af6b:8b2c'],
      async send(url, { tls }) {
        calls.push(`${url} ${tls?.serverName}`);
        if (calls.length === 1) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
        return new Response(null, { status: 200 });
      },
    });
    await notify();
    await untilFailed(1);
    await untilNextPass();
    await untilDelivered();
    expect(calls).toEqual([
      `https://${PUBLIC}/ hooks.example`,
      'https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/ hooks.example',
    ]);
  });

  test('that cannot be looked up is tried again', async () => {
    const { calls, send } = recorded();
    const { notify, untilFailed, actors } = run({
      ...{ addresses: [{ url: 'https://hooks.example/' }], settings, send },
      resolve: () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })),
    });
    await notify();
    await untilFailed(1);
    expect(actors[0]?.status().activity).toBe('backing-off');
    expect(failureOf(webhooks)).toBe('hooks.example cannot be looked up (ENOTFOUND)');
    expect(calls).toEqual([]);
  });
});
