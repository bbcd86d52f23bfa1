import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { AssetFile } from '../../../src/core/http/assets.ts';
import { features } from '../../../src/features/index.ts';
import { companySources, routesOfServer, startCompanyServer } from '../../support/company-server.ts';
import { rawAnswer } from '../../support/raw-request.ts';
import type { TestServer } from '../../support/test-server.ts';
import { problem } from './problem.ts';

/** What Chromium sends for an address that a person opens. */
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';
const HTML = '<!doctype html><title>A page</title>';
const SCRIPT = new TextEncoder().encode(`console.log(${'1 + '.repeat(2_000)}1);`);

const page: readonly AssetFile[] = [
  { path: '/index.html', bytes: new TextEncoder().encode(HTML) },
  {
    path: '/assets/index-a1.js',
    bytes: SCRIPT,
    // Made with the least effort, so that an answer tells whether it was made beforehand.
    compressed: {
      br: new Uint8Array(brotliCompressSync(SCRIPT, { params: {} })),
      gzip: new Uint8Array(gzipSync(SCRIPT, { level: 1 })),
    },
  },
  { path: '/assets/font-b2.woff2', bytes: new Uint8Array(4_000) },
];

let files: () => Promise<readonly AssetFile[]> = async () => page;
let server: TestServer;
let guarded: TestServer;
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { headers, redirect: 'manual' });

beforeAll(async () => {
  const assets = { documentationScript: import.meta.path, page: { files: () => files() } };
  const company = await companySources();
  server = await startCompanyServer(company, { assets });
  guarded = await startCompanyServer(await companySources(), { assets, access: { secret: 'x'.repeat(32) } });
});
afterAll(() => Promise.all([server.stop(), guarded.stop()]));

describe('GET /', () => {
  test.each([BROWSER, 'text/html', 'TEXT/HTML; q=0.5, application/json;q=0.4', 'text/html, application/json'])(
    'is the page for who accepts %s',
    async (accept) => {
      const response = await get('/', { accept });
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(await response.text()).toBe(HTML);
    },
  );

  test.each(['*/*', 'application/json', 'text/*', 'text/html;q=0, */*', 'application/json, text/html;q=0.9', ''])(
    'is an index of routes for who accepts %p',
    async (accept) => {
      const response = await get('/', { accept });
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(response.headers.get('vary')?.split(', ')).toContain('Accept');
    },
  );

  test('is the index for a client that sends no Accept at all', async () => {
    const { headers } = await rawAnswer(server.url, 'GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
    expect(headers.get('content-type')).toStartWith('application/json');
  });

  test('lists each route and each hub once, all of which are there', async () => {
    const Index = Type.Object({ routes: Type.Array(Type.String()), hubs: Type.Array(Type.String()) });
    const { routes, hubs } = Value.Parse(Index, await (await get('/')).json());
    expect(new Set(routes).size).toBe(routes.length);
    for (const { name } of features) {
      expect(routes).toContain(`GET /api/${name}`);
      expect(hubs).toContain(`/hubs/${name}`);
    }
    for (const hub of hubs) expect((await get(hub)).status).toBe(426);
    for (const route of routes.filter((each) => each.startsWith('GET '))) {
      // No outlet is configured here.
      const status = route.includes('/outlets/') ? 404 : route.includes('/rows/jobs/') ? 503 : 200;
      expect(`${route} ${(await get(route.slice('GET '.length).replace('{categoria}', 'Videos'))).status}`).toBe(
        `${route} ${status}`,
      );
    }
  });

  test('is asked for again each time, and not sent again', async () => {
    for (const accept of [BROWSER, '*/*']) {
      const { headers } = await get('/', { accept });
      expect(headers.get('cache-control')).toBe('no-cache');
      expect(headers.get('vary')?.split(', ')).toEqual(['Accept', 'Origin', 'Accept-Encoding']);
      const again = await get('/', { accept, 'if-none-match': headers.get('etag') ?? '' });
      expect(again.status).toBe(304);
    }
  });

  test('has a tag of its own for the page, and another for the index', async () => {
    const tags = await Promise.all(
      [BROWSER, '*/*'].map(async (accept) => (await get('/', { accept })).headers.get('etag')),
    );
    expect(new Set(tags).size).toBe(2);
  });

  test('is answered to who has no token, and so is what the page loads', async () => {
    for (const path of ['/', '/assets/index-a1.js']) {
      for (const accept of [BROWSER, '*/*']) {
        expect((await fetch(guarded.url + path, { headers: { accept } })).status).toBe(200);
      }
    }
    expect((await fetch(`${guarded.url}/api/about`)).status).toBe(401);
  });
});

describe('the policy of the page', () => {
  const policyOf = async (host: string) => {
    const request = `GET / HTTP/1.1\r\nhost: ${host}\r\naccept: text/html\r\nconnection: close\r\n\r\n`;
    const { headers } = await rawAnswer(guarded.url, request);
    return new Map(
      (headers.get('content-security-policy') ?? '').split('; ').map((each) => {
        const [name = '', ...sources] = each.split(' ');
        return [name, sources.join(' ')];
      }),
    );
  };

  test('allows nothing but files and data of this server, and nothing inline', async () => {
    const policy = await policyOf('bi.example.com');
    expect(Object.fromEntries(policy)).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'font-src': "'self'",
      'img-src': "'self' data:",
      'connect-src': "'self' ws://bi.example.com wss://bi.example.com",
      'manifest-src': "'self'",
      'base-uri': "'none'",
      'frame-ancestors': "'none'",
      'form-action': "'none'",
    });
  });

  test.each(['localhost:8000', '[::1]:8000', '127.0.0.1'])(
    'lets the page connect to %s, where it came from',
    async (host) => {
      expect((await policyOf(host)).get('connect-src')).toBe(`'self' ws://${host} wss://${host}`);
    },
  );

  test.each(['a;script-src *', 'a *', "a'", 'a,b'])('takes nothing over from a host such as %s', async (host) => {
    const policy = await policyOf(host);
    expect(policy.get('script-src')).toBe("'self'");
    expect(policy.get('connect-src')).toMatch(/^'self'(?: ws:\/\/[\w.:-]+ wss:\/\/[\w.:-]+)?$/);
  });

  test('is of a 304 too', async () => {
    const { headers } = await get('/', { accept: BROWSER });
    const again = await get('/', { accept: BROWSER, 'if-none-match': headers.get('etag') ?? '' });
    expect(again.headers.get('content-security-policy')).toBe(headers.get('content-security-policy'));
  });

  test.each(['/', '/assets/index-a1.js'])(
    'goes with headers that keep %s from being guessed, framed or told',
    async (path) => {
      const { headers } = await get(path, { accept: BROWSER });
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    },
  );
});

describe('what the page loads', () => {
  test('is kept for a year and never asked for again', async () => {
    const { headers } = await get('/assets/index-a1.js');
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  });

  test.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ] as const)('is sent as it was compressed beforehand: %s', async (coding, decompress) => {
    const request = `GET /assets/index-a1.js HTTP/1.1\r\nhost: localhost\r\naccept-encoding: ${coding}\r\nconnection: close\r\n\r\n`;
    const { headers, body } = await rawAnswer(server.url, request);
    expect(headers.get('content-encoding')).toBe(coding);
    expect(body.equals(Buffer.from(page[1]?.compressed?.[coding] ?? []))).toBe(true);
    expect(decompress(body).equals(Buffer.from(SCRIPT))).toBe(true);
  });

  test.each(['/assets/', '/assets/nope.js', '/assets/../index.html', '/assets/..%2findex.html', '/index.html'])(
    '%s is not among it',
    async (path) => {
      const { status, headers } = await rawAnswer(
        server.url,
        `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
      );
      expect(status).toBe(404);
      expect(headers.get('content-type')).toBe('application/problem+json');
    },
  );
});

describe('a page that could not be built', () => {
  beforeAll(() => {
    files = () => Promise.reject(new Error('preact is missing, in /some/folder'));
  });
  afterAll(() => {
    files = async () => page;
  });

  test('says so to people, with a way out and nothing of the cause', async () => {
    const response = await get('/', { accept: BROWSER });
    const text = await response.text();
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    for (const words of ['could not be built', 'npm run assets', 'href="/swagger"']) expect(text).toContain(words);
    expect(text).not.toContain('preact');
  });

  test('leaves everything else as it is', async () => {
    expect((await get('/')).status).toBe(200);
    expect((await get('/api/claims/summary')).status).toBe(200);
    expect((await problem(await get('/assets/index-a1.js'))).detail).toContain('/ has the page as it is now');
  });

  test('is the page again once it is built', async () => {
    files = async () => page;
    expect(await (await get('/', { accept: BROWSER })).text()).toBe(HTML);
  });
});

test('the routes of the page are not operations of the REST interface', async () => {
  const paths = routesOfServer(server, await companySources()).map(({ path }) => path);
  for (const path of ['/', '/assets/*']) expect(paths).not.toContain(path);
});

test('nothing of all this was an error of ours', () => {
  expect([...server.errors, ...guarded.errors]).toEqual([]);
});
