import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { SignJWT } from 'jose';
import { createAccess } from '../../../src/core/access/access.ts';
import { createApp } from '../../../src/core/http/app.ts';
import { features } from '../../../src/features/index.ts';
import { assets } from '../../support/assets.ts';
import {
  type CompanySources,
  companySources,
  routesOfServer,
  startCompanyServer,
} from '../../support/company-server.ts';
import { firstLineOf, upgradeRequest } from '../../support/raw-request.ts';
import { DESCRIPTION, startTestServer, type TestServer } from '../../support/test-server.ts';
import { problem } from './problem.ts';

const SECRET = 'a secret of at least thirty-two bytes';
const ACCESS = { secret: SECRET, roles: ['Admin', 'Auditor'] };
/** One of the files that the page loads. */
const ASSET = (await assets.page.files()).map(({ path }) => path).find((path) => path.endsWith('.js')) ?? 'none';
/** Whoever reads these learns nothing of the company. */
const OPEN_PATHS = ['/', ASSET, '/docs', '/swagger', '/swagger/json', '/swagger/scalar.js', '/health', '/ready'];

let company: CompanySources;
let server: TestServer;
let admin: string;
let stranger: string;
const call = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(server.url + path, { method, headers, redirect: 'manual' });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function sign(claims: Record<string, unknown>, secret = SECRET, expires = '5m'): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('someone')
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(secret));
}

beforeAll(async () => {
  company = await companySources();
  server = await startCompanyServer(company, { access: ACCESS });
  [admin, stranger] = await Promise.all([sign({ role: 'Admin' }), sign({ role: 'Customer' })]);
});
afterAll(() => server.stop());

/** Every route that the app serves, as the router has it and not as somebody listed it. */
function servedRoutes(): { readonly method: string; readonly path: string }[] {
  const app = createApp({
    routes: routesOfServer(server, company),
    access: createAccess({ issuer: null, audience: null, ...ACCESS }),
    origins: [],
    openApi: {},
    assets,
    about: DESCRIPTION,
    hubs: { names: [], connect: async () => undefined, negotiate: async () => new Response() },
    onError: () => {},
  });
  const concrete = (path: string) =>
    path
      .replace(':categoria', 'Videos')
      .replace(':id', '1')
      .replace(':outlet', 'notion')
      .replace(':hub', 'claims')
      .replace('/assets/*', ASSET);
  return app.routes
    .map(({ method, path }) => ({ method, path: concrete(path) }))
    .filter(({ method }) => method !== 'ALL');
}

/** A hub wants an upgrade, a POST or DELETE to it names a connection, and no outlet is configured here. */
function answerOf(method: string, path: string): number {
  if (path.endsWith('/negotiate')) return 200;
  if (path.startsWith('/hubs/')) return ['GET', 'HEAD'].includes(method) ? 426 : 400;
  if (path.includes('/outlets/')) return 404;
  return path.endsWith('/sync-rows') || path.includes('/rows/jobs/') ? 503 : 200;
}

describe('every route that is served', () => {
  test('among them are those of each feature, of the status, and of the hubs', () => {
    const paths = new Set(servedRoutes().map(({ path }) => path));
    for (const { name } of features) expect([...paths]).toContain(`/${name}`);
    for (const path of ['/ws/status', '/hubs/claims', '/api/claims/sync-rows']) expect([...paths]).toContain(path);
    expect(servedRoutes().length).toBeGreaterThan(150);
  });

  test('is open to everyone, or asks for a token', async () => {
    for (const { method, path } of servedRoutes()) {
      const { status, headers } = await call(path, {}, method);
      const where = `${method} ${path}`;
      if (OPEN_PATHS.includes(path)) expect(`${where} ${status < 400}`).toBe(`${where} true`);
      else expect(`${where} ${status} ${headers.get('www-authenticate')}`).toBe(`${where} 401 Bearer`);
    }
  });

  test('is open to everyone, or refuses a token without the role', async () => {
    for (const { method, path } of servedRoutes()) {
      const { status } = await call(path, bearer(stranger), method);
      const where = `${method} ${path}`;
      if (OPEN_PATHS.includes(path)) expect(`${where} ${status < 400}`).toBe(`${where} true`);
      else expect(`${where} ${status}`).toBe(`${where} 403`);
    }
  });

  test('answers a token with the role', async () => {
    for (const { method, path } of servedRoutes()) {
      const { status } = await call(path, bearer(admin), method);
      const where = `${method} ${path}`;
      const expected = answerOf(method, path);
      if (!OPEN_PATHS.includes(path)) expect(`${where} ${status}`).toBe(`${where} ${expected}`);
    }
  });

  test('is open exactly where the list of routes says so', () => {
    const open = routesOfServer(server, company).filter((route) => route.open === true);
    expect(open.map(({ path }) => path).sort()).toEqual(['/health', '/ready']);
  });
});

describe('a refusal', () => {
  test('is a problem document that says what to send, and nothing of what is there', async () => {
    const { detail, type } = await problem(await call('/api/claims'));
    expect(type).toBe('urn:greg-bi:problem:not-authenticated');
    expect(detail).toContain('Authorization: Bearer');
  });

  test('without the role names the roles', async () => {
    expect((await problem(await call('/api/claims', bearer(stranger)))).detail).toContain('Admin, Auditor');
  });

  test('comes before a bad parameter, a body and a snapshot that is not there yet', async () => {
    expect((await call('/api/users/list?limit=0')).status).toBe(401);
    const body = { method: 'POST', body: 'x'.repeat(100_000) };
    expect((await fetch(`${server.url}/api/claims/sync-rows`, body)).status).toBe(401);

    const unready = await companySources();
    const release = unready.hold();
    const waiting = startTestServer({ features, sources: unready.sources, access: ACCESS });
    const refused = await fetch(`${waiting.url}/api/claims`);
    const open = await fetch(`${waiting.url}/ready`);
    release();
    await waiting.stop();
    expect(refused.status).toBe(401);
    expect(open.status).toBe(503);
  });

  test('can be read by a page of an allowed origin', async () => {
    const { headers, status } = await call('/api/claims', { origin: 'http://localhost:5173' });
    expect(status).toBe(401);
    expect(headers.get('access-control-allow-origin')).toBe('http://localhost:5173');
  });

  test('has no ETag to compare with, and no 304', async () => {
    const response = await call('/api/claims', { 'if-none-match': '*' });
    expect(response.status).toBe(401);
    expect(response.headers.get('etag')).toBeNull();
  });

  test('of a preflight there is none: a browser sends no token with it', async () => {
    const headers = { origin: 'http://localhost:5173', 'access-control-request-method': 'GET' };
    expect((await call('/api/claims', headers, 'OPTIONS')).status).toBe(204);
  });
});

describe('a token', () => {
  test('may come in a cookie', async () => {
    expect((await call('/api/claims', { cookie: `theme=dark; jwt=${admin}` })).status).toBe(200);
  });

  test('does not count in the query, where logs and histories would keep it', async () => {
    expect((await call(`/api/claims?access_token=${admin}`)).status).toBe(401);
  });

  const bad: readonly (readonly [string, () => Promise<string>])[] = [
    ['signed with another secret', () => sign({ role: 'Admin' }, 'another secret of thirty-two bytes!')],
    ['expired', () => sign({ role: 'Admin' }, SECRET, '-1s')],
    ['tampered with', async () => admin.replace(/\.[^.]+\./, `.${btoa('{"role":"Admin","exp":9999999999}')}.`)],
    ['unsigned', async () => `${btoa('{"alg":"none"}')}.${btoa('{"role":"Admin","exp":9999999999}')}.`],
    ['no token at all', async () => 'hello'],
  ];
  test.each(bad)('%s → 401', async (_, make) => {
    expect((await call('/api/claims', bearer(await make()))).status).toBe(401);
  });
});

describe('a hub', () => {
  const upgrade = (path: string, headers: Record<string, string> = {}) =>
    firstLineOf(server.url, upgradeRequest(path, headers));

  test('each refuses an upgrade without a token, before it becomes a WebSocket', async () => {
    for (const hub of [...server.hubs.names, 'nope']) expect(await upgrade(`/hubs/${hub}`)).toStartWith('HTTP/1.1 401');
  });

  test('each refuses a token without the role', async () => {
    for (const hub of server.hubs.names) {
      expect(await upgrade(`/hubs/${hub}`, bearer(stranger))).toStartWith('HTTP/1.1 403');
      expect(await upgrade(`/hubs/${hub}?access_token=${stranger}`)).toStartWith('HTTP/1.1 403');
    }
  });

  test('each takes a token from the header, the query and the cookie', async () => {
    for (const hub of server.hubs.names) {
      expect(await upgrade(`/hubs/${hub}`, bearer(admin))).toStartWith('HTTP/1.1 101');
      expect(await upgrade(`/hubs/${hub}?access_token=${admin}`)).toStartWith('HTTP/1.1 101');
      expect(await upgrade(`/hubs/${hub}`, { cookie: `jwt=${admin}` })).toStartWith('HTTP/1.1 101');
    }
  });

  test('that does not exist → 404 with a token', async () => {
    expect(await upgrade('/hubs/nope', bearer(admin))).toStartWith('HTTP/1.1 404');
  });
});

test('none of the requests caused an unexpected error', () => {
  expect(server.errors).toEqual([]);
});
