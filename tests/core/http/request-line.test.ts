import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { SignJWT } from 'jose';
import { claims } from '../../../src/features/claims/index.ts';
import { storage } from '../../../src/features/storage/index.ts';
import { companySources, startCompanyServer } from '../../support/company-server.ts';
import { firstLineOf, rawAnswer, upgradeRequest } from '../../support/raw-request.ts';
import { AnyObject, bodyOf } from '../../support/response-body.ts';
import type { TestServer } from '../../support/test-server.ts';

const features = [claims, storage];
/** With access control: a token counts, and any host may be named. */
let guarded: TestServer;
/** Without access control: only this machine's own names count. */
let local: TestServer;
let token: string;

beforeAll(async () => {
  const company = await companySources({ features });
  const secret = 'a secret of at least thirty-two bytes';
  local = await startCompanyServer(company, { features });
  guarded = await startCompanyServer(company, { features, access: { secret } });
  token = await new SignJWT({ role: 'Admin' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode(secret));
});
afterAll(async () => {
  await guarded.stop();
  await local.stop();
});

/** @param host null for a request without the header, which HTTP/1.0 allows */
function request(target: string, host: string | null, method = 'GET'): string {
  const version = host === null ? '1.0' : '1.1';
  const header = host === null ? '' : `host: ${host}\r\n`;
  return `${method} ${target} HTTP/${version}\r\n${header}authorization: Bearer ${token}\r\nconnection: close\r\n\r\n`;
}

const HOSTS: readonly (readonly [string, string | null])[] = [
  ['none', null],
  ['an empty one', ''],
  ['a blank', ' '],
  ['one letter', 'a'],
  ['two letters', 'bi'],
  ['three letters', 'api'],
  ['two letters and a port', 'bi:80'],
  ['a digit', '1'],
  ['a port of one digit', 'a:1'],
  ['localhost', 'localhost'],
  ['localhost and a port', 'localhost:8000'],
  ['a name of several parts', 'bi.example.com:8000'],
  ['IPv4', '10.0.0.1'],
  ['IPv6', '[::1]'],
  ['IPv6 and a port', '[fe80::1]:8000'],
  ['IPv6 with a zone', '[fe80::1%25eth0]:80'],
  ['IPv6 without brackets', '::1'],
  ['a port that is none', 'localhost:99999'],
  ['a port that is a word', 'localhost:http'],
  ['no port behind the colon', 'localhost:'],
  ['several colons', 'a:b:c'],
  ['no IPv4', '1.2.3.999'],
  ['dots', '..'],
  ['an underscore', '_bi_'],
  ['a comma', 'a,b'],
  ['a blank inside', 'a b'],
  ['a slash', 'a/b'],
  ['a question mark', 'localhost?'],
  ['a user', 'user@localhost'],
  ['a quote', '"a"'],
  ['an accent', 'ação'],
  ['half of punycode', 'xn--'],
  ['percent-encoded', '%61'],
  ['a long one', 'x'.repeat(300)],
];

describe.each(HOSTS)('Host: %s', (_, host) => {
  test.each([
    ['/health', 200],
    ['/api/claims/summary', 200],
    ['/claims?x=/y', 200],
    ['/api/storage/largest-files?limit=0', 400],
    ['/api/storage/by-category/a%20b?limit=2', 200],
    ['/swagger/json', 200],
    ['/', 200],
    ['/nope', 404],
    ['/hubs/nope', 404],
    ['/hubs/claims', 426],
  ])('GET %s → %d', async (target, status) => {
    const answer = await rawAnswer(guarded.url, request(target, host));
    expect(answer.status).toBe(status);
    if (status >= 400) {
      expect(JSON.parse(answer.body.toString())).toMatchObject({ status, instance: target.split('?', 1)[0] });
    }
  });

  test('a hub can be negotiated', async () => {
    const answer = await rawAnswer(guarded.url, request('/hubs/claims/negotiate?negotiateVersion=1', host, 'POST'));
    expect(answer.status).toBe(200);
  });

  if (host !== null) {
    test('a WebSocket opens', async () => {
      const upgrade = upgradeRequest('/hubs/claims', { host, authorization: `Bearer ${token}` });
      expect(await firstLineOf(guarded.url, upgrade)).toStartWith('HTTP/1.1 101');
    });
  }
});

/** What the refused requests below ask for. */
const INSTANCES = ['/health', '/api/claims/summary', '/api/claims', '//localhost/'];

describe('without access control', () => {
  const own: readonly (string | null)[] = [null, '', 'localhost', 'localhost:1', '127.0.0.1', '[::1]', '[::1]:80'];
  test.each(own)('Host %p is answered: this machine, or no browser', async (host) => {
    for (const target of ['/health', '/api/claims/summary', '/swagger']) {
      expect((await rawAnswer(local.url, request(target, host))).status).toBe(200);
    }
  });

  // A browser sends whatever stands in the address, and some of these are names that anyone can own.
  const foreign = ['evil.example', 'bi', 'a', '"a".evil.example', '{a}.evil.example', 'a b', 'localhost.evil.example'];
  test.each([...foreign, 'localhost@evil.example', 'evil.example/localhost', '10.0.0.1', '[::2]', '::1', '1.2.3.999'])(
    'Host %s is refused',
    async (host) => {
      for (const target of [
        '/health',
        '/api/claims/summary',
        'http://localhost/api/claims',
        '/%61pi/claims',
        '//localhost/',
      ]) {
        const { status, body } = await rawAnswer(local.url, request(target, host));
        expect(status).toBe(403);
        expect(INSTANCES).toContain(Object(JSON.parse(body.toString())).instance);
      }
      expect(await firstLineOf(local.url, upgradeRequest('/hubs/claims', { host }))).toStartWith('HTTP/1.1 403');
    },
  );
});

describe('a page may read what its own server answers', () => {
  const allowed = async (host: string, origin: string) => {
    const target = request('/claims/summary', host).replace('connection', `origin: ${origin}\r\nconnection`);
    return (await rawAnswer(guarded.url, target)).headers.get('access-control-allow-origin');
  };

  test.each(['bi', 'bi:8000', 'bi.example.com', '[::1]:8000'])('at %s', async (host) => {
    expect(await allowed(host, `http://${host}`)).toBe(`http://${host}`);
  });

  test('and none of another server, whatever stands in for a host that cannot be read', async () => {
    for (const origin of ['http://localhost', 'http://host.invalid', 'http://unknown.invalid', 'null']) {
      expect(await allowed('"a"', origin)).toBeNull();
    }
  });
});

describe('the path', () => {
  const statusOf = async (target: string, host: string | null = 'localhost') =>
    (await rawAnswer(local.url, request(target, host))).status;

  test.each([
    '/api/%63laims',
    '/%61%70%69/claims/summary',
    '/api/storage/largest%2Dfiles?limit=3',
    '/api/storage/largest%2dfiles',
    '/%68ealth',
    '/%73wagger/%6Ason',
    '/api/claims/',
    '/api/./claims',
    '/api/claims/x/../summary',
    '/api/x/%2e%2E/claims',
    '/api/claims?a=%00#b?c',
    '/api/claims#part',
    'http://localhost/api/%63laims',
    'http://elsewhere.example/api/claims',
  ])('%s is the one that is meant', async (target) => {
    expect(await statusOf(target)).toBe(200);
    if (target.startsWith('/')) expect(await statusOf(target, null)).toBe(200);
  });

  test.each([
    '//api/claims',
    '//api//claims',
    '/api//claims',
    '///',
    '//evil.example/api/claims',
    '/api%2fclaims',
    '/api/claims%00',
    '/api/%',
    '/api/%6',
    '/api/%zzlaims',
    '/api/%2563laims',
    '/http://localhost/api/claims',
    '/api;x=1/claims',
    '/..%2f..%2fetc/passwd',
    '/%c0%af',
  ])('%s is another', async (target) => {
    for (const host of ['localhost', null]) expect(await statusOf(target, host)).toBe(404);
  });

  test('a parameter is decoded once', async () => {
    const categoryOf = async (path: string) =>
      (await bodyOf(await fetch(`${local.url}/api/storage/by-category/${path}`), AnyObject)).Category;
    expect(await categoryOf('Vid%65os')).toBe('Videos');
    expect(await categoryOf('%2565')).toBe('%65');
    expect(await categoryOf('a%2Fb')).toBe('a/b');
    expect(await categoryOf('%C3%A7')).toBe('ç');
  });

  test('a hub has it as well: an encoded letter opens the same one', async () => {
    const line = await firstLineOf(local.url, upgradeRequest('/%68ubs/%63laims'));
    expect(line).toStartWith('HTTP/1.1 101');
  });

  test('a tunnel is not possible here', async () => {
    expect(await firstLineOf(local.url, 'CONNECT localhost:80 HTTP/1.1\r\nhost: localhost\r\n\r\n')).toMatch(/ 4\d\d /);
    expect(await firstLineOf(guarded.url, 'CONNECT x:80 HTTP/1.1\r\nhost: x\r\n\r\n')).toMatch(/ 4\d\d /);
  });
});

test('nothing of all this was an error of ours', () => {
  expect([...local.errors, ...guarded.errors]).toEqual([]);
});
