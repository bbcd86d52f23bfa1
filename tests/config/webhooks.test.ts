import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Environment } from './expectations.ts';
import { load, problemsOf } from './problems-of.ts';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

const problemsOfAddresses = (addresses: string, more: Environment = {}) =>
  problemsOf({ NOTIFY_WEBHOOKS: addresses, NOTIFY_WEBHOOK_SECRET: SECRET, ...more });

describe('an address', () => {
  test.each([
    [' , ', 'lists nothing; name at least one address'],
    ['hooks.slack.com/services/T0/B0/x', 'lists no address as number 1; https://… is one'],
    ['https://a.example,ftp://b.example/path', 'lists no address as number 2'],
    ['https://a.example/path?format=slak', 'lists a.example with format=slak; one of slack, teams, standard would do'],
    ['https://a.example/path?severity=error', 'with severity=error; one of info, warning, critical would do'],
    ['https://a.example/path?severity=info&severity=warning', 'with severity=info&severity=warning'],
    ['https://a.example/path?hub=claims+chat', 'with hub=chat; the hubs are claims, financial, all'],
    ['https://a.example/path?hub=', 'with hub=; the hubs are claims, financial, all'],
    ['http://a.example/path', 'lists a.example as number 1, which is called without TLS; write https://'],
    ['https://user:password@a.example/path', 'which has a login in it'],
    ['https://a.example/path https://a.example/path?severity=critical', 'lists an address at a.example twice'],
    [
      Array.from({ length: 11 }, (_, index) => `https://a.example/${index}`).join(' '),
      'lists 11 addresses; at most 10',
    ],
  ])('%s stops the start', (addresses, problem) => {
    const problems = problemsOfAddresses(addresses);
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(problems[0]).toStartWith('NOTIFY_WEBHOOKS: read a value, which ');
    expect(problems[0]).not.toContain('path');
    expect(problems[0]).not.toContain('password');
  });

  test.each([
    ...['https://127.0.0.1/', 'https://2130706433/', 'https://0177.1/', 'https://0x7f.0.0.1/', 'https://localhost:1/'],
    ...['https://printer.local/', 'https://[::1]/', 'https://[::ffff:10.0.0.1]/', 'https://169.254.169.254/latest/'],
    ...['https://0/', 'https://metadata.google.internal./', 'https://100.64.0.1/', 'https://[fd00::1]/'],
  ])('%s is refused, and accepted where private ones are allowed', (address) => {
    expect(problemsOfAddresses(address)).toEqual([expect.stringContaining('NOTIFY_ALLOW_PRIVATE=true allows that')]);
    expect(problemsOfAddresses(address, { NOTIFY_ALLOW_PRIVATE: 'true' })).toEqual([]);
    expect(problemsOfAddresses(address.replace('https', 'http'), { NOTIFY_ALLOW_PRIVATE: 'true' })).toEqual([]);
  });

  test('shows neither its path nor its parameters, whatever is wrong with it', () => {
    const secret = 'S3cr3tS3cr3tS3cr3t';
    const wrong = fc.constantFrom('format=x', 'severity=x', 'hub=x', 'format=x&hub=y', 'format=slack&severity=');
    const scheme = fc.constantFrom('https://', 'http://', 'ftp://', '', 'https:', 'https://u:p@', 'https://[', '//');
    fc.assert(
      fc.property(scheme, wrong, (start, parameters) => {
        const address = `${start}hooks.example/services/${secret}?sig=${secret}&${parameters}`;
        const problems = problemsOfAddresses(address);
        expect(problems).toHaveLength(1);
        expect(problems[0]).not.toContain(secret);
      }),
    );
  });
});

describe('the secret', () => {
  const makeOne = 'echo "whsec_$(openssl rand -base64 24)"';

  test('is needed where a message is signed, and nowhere else', () => {
    const slack = 'https://hooks.slack.com/services/T0/B0/path?format=slack';
    expect(problemsOf({ NOTIFY_WEBHOOKS: slack })).toEqual([]);
    const problems = problemsOf({ NOTIFY_WEBHOOKS: `${slack} https://a.example/path` });
    expect(problems).toEqual([
      `NOTIFY_WEBHOOK_SECRET: is not set, and what is sent to a.example must be signed; make one with ${makeOne}`,
    ]);
    expect(load({ NOTIFY_WEBHOOKS: slack, NOTIFY_WEBHOOK_SECRET: SECRET }).notices).toEqual([
      'NOTIFY_WEBHOOK_SECRET is not used: Slack and Teams take no signature',
    ]);
  });

  test.each([
    ...['secret', 'whsec_', 'whsec_MfKQ9r8G', `whsec_${'A'.repeat(88)}`, `whsec_${'A'.repeat(33)}`],
    ...[`${SECRET},${SECRET}`, `whsec_${'_'.repeat(32)}`, `whsk_${'A'.repeat(32)}`],
  ])('%s stops the start, and is not shown', (secret) => {
    const problems = problemsOf({ NOTIFY_WEBHOOKS: 'https://a.example', NOTIFY_WEBHOOK_SECRET: `${SECRET} ${secret}` });
    expect(problems).toEqual([
      `NOTIFY_WEBHOOK_SECRET: read a value, which has no secret as number 2; one is whsec_ and 24 to 64 bytes in base64, as by ${makeOne}`,
    ]);
  });
});

test('without addresses the other variables are said to have no effect', () => {
  expect(load({ NOTIFY_WEBHOOK_SECRET: SECRET, NOTIFY_ALLOW_PRIVATE: 'true' }).notices).toEqual([
    'NOTIFY_ALLOW_PRIVATE, NOTIFY_WEBHOOK_SECRET are not used: without NOTIFY_WEBHOOKS no notification is sent anywhere',
  ]);
});
