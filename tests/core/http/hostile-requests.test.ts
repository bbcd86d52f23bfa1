import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { features } from '../../../src/features/index.ts';
import { companySources, startCompanyServer } from '../../support/company-server.ts';
import { firstLineOf } from '../../support/raw-request.ts';
import type { TestServer } from '../../support/test-server.ts';
import { brokenFeature, SECRET } from './broken-feature.ts';
import { problem } from './problem.ts';

const served = [...features, brokenFeature];
let server: TestServer;
const call = (path: string) => fetch(server.url + path, { redirect: 'manual' });

beforeAll(async () => {
  server = await startCompanyServer(await companySources({ features: served }), { features: served });
});
afterAll(() => server.stop());

describe('what a request says is not repeated', () => {
  test.each(['/nope', '/api/users/list', '/hubs/claims', '/hubs/nope', '/api/broken/throws'])(
    'a token in the query: %s',
    async (path) => {
      const response = await call(`${path}?access_token=eyJsecret&limit=0`);
      expect(await response.clone().text()).not.toContain('eyJsecret');
      expect((await problem(response)).instance).toBe(path);
    },
  );

  test('line breaks in a path make no header', async () => {
    const response = await call('/nope%0d%0aset-cookie:%20a=b%0d%0a');
    expect(response.status).toBe(404);
    expect(response.headers.get('set-cookie')).toBeNull();
    expect((await problem(response)).instance).toBe('/nope%0d%0aset-cookie:%20a=b%0d%0a');
  });

  test('line breaks in a parameter make no header', async () => {
    const response = await call('/api/storage/by-category/a%0d%0aset-cookie:%20a=b');
    expect(response.status).toBe(200);
    expect(response.headers.get('set-cookie')).toBeNull();
  });
});

describe('requests that no client of ours would send', () => {
  test.each(['/%E0%A4%A', '/%', '/%00', '/api/claims/%ff', '/..%2f..%2fetc%2fpasswd', '/swagger/..%2fpackage.json'])(
    'garbage in the path: %s → 404',
    async (path) => {
      const response = await call(path);
      expect(response.status).toBe(404);
      await problem(response);
    },
  );

  test('a URL of 8 KB is looked at', async () => {
    expect((await call(`/api/users/list?x=${'y'.repeat(8_000)}`)).status).toBe(200);
  });

  test('a URL of 20 KB → 431', async () => {
    expect((await call(`/api/users/list?x=${'y'.repeat(20_000)}`)).status).toBe(431);
  });

  test.each([
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['no host', 'GET /health HTTP/1.1\r\n\r\n'],
    ['a method of its own', 'BREW /api/claims HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'],
    ['a negative length', 'POST /api/claims/sync-rows HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n'],
    ['a header split by a bare line feed', 'GET /health HTTP/1.1\r\nhost: x\r\na: b\nc d\r\n\r\n'],
  ])('%s → a refusal, or the end of the connection', async (_, request) => {
    expect(await firstLineOf(server.url, request)).toMatch(/^(HTTP\/1\.1 4\d\d .*)?$/);
  });

  test('the server is as well as before', async () => {
    expect((await call('/api/claims')).status).toBe(200);
    expect(server.errors.map(String)).toEqual([`Error: ${SECRET}`]);
  });
});

describe('whatever a request line and a Host hold', () => {
  const character = fc.oneof(
    fc.constantFrom(...'/.%:@?#&=[]{}\\|"<>;,~_-*'),
    fc.constantFrom('%2e', '%2f', '%63', '%00', '%ff', '//', '..', 'api', 'claims', 'hubs', 'swagger', 'localhost'),
    fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)),
  );
  const target = fc.array(character, { maxLength: 12 }).map((characters) => `/${characters.join('')}`);
  const host = fc.option(fc.array(character, { maxLength: 8 }).map((characters) => characters.join('')));
  const method = fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS', 'PUT', 'CONNECT');

  test('it is a refusal or an answer, and never an error of ours', async () => {
    const before = server.errors.length;
    await fc.assert(
      fc.asyncProperty(method, target, host, async (verb, path, named) => {
        const line = `${verb} ${path} HTTP/1.${named === null ? 0 : 1}\r\n`;
        const answer = await firstLineOf(
          server.url,
          `${line}${named === null ? '' : `host: ${named}\r\n`}connection: close\r\n\r\n`,
        );
        expect(answer).toMatch(/^(HTTP\/1\.1 ([234]\d\d|503|505) .*)?$/);
      }),
      { numRuns: 500 },
    );
    expect(server.errors.slice(before).map(String)).toEqual([]);
  }, 60_000);
});
