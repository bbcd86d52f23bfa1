import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { SignJWT } from 'jose';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumPath, withoutBrowser } from '../../../support/browser.ts';
import { type CompanySources, companySources, startCompanyServer } from '../../../support/company-server.ts';
import type { TestServer } from '../../../support/test-server.ts';

// Machines that do other things besides take their time.
setDefaultTimeout(120_000);

const SECRET = 'a secret for tests, which is long enough';
const CLIENT = Bun.fileURLToPath(new URL('../browser/signalr.js', import.meta.resolve('@microsoft/signalr')));

/** A page of another origin, as the admin front end is one: it does the connecting. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>A page</title><script src="/signalr.js"></script><script>
  const FINANCIAL = ['InitialData', 'RevenueUpdate', 'FinancialUpdate', 'UpdateProcessed', 'SubscriptionConfirmed'];
  window.converse = async (url, options, token) => {
    const events = [];
    const connection = new signalR.HubConnectionBuilder()
      .withUrl(url, { ...options, accessTokenFactory: () => token })
      .withAutomaticReconnect()
      .configureLogging(signalR.LogLevel.None)
      .build();
    const processed = new Promise((resolve) => connection.on('UpdateProcessed', resolve));
    for (const target of FINANCIAL) connection.on(target, (argument) => { events.push({ target, argument }); });
    try {
      await connection.start();
      for (const method of ['GetInitialData', 'SubscribeToFinancial', 'ForceUpdate']) await connection.invoke(method, {});
      await processed;
      await connection.stop();
      return { events };
    } catch (error) {
      return { error: String(error), events };
    }
  };
</script>`;

interface Outcome {
  readonly error?: string;
  readonly events: readonly { readonly target: string; readonly argument: Readonly<Record<string, unknown>> }[];
}

function servePage() {
  return Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    routes: {
      '/': new Response(PAGE, { headers: { 'content-type': 'text/html' } }),
      '/signalr.js': () => new Response(Bun.file(CLIENT)),
    },
  });
}

function token(role = 'Admin'): Promise<string> {
  const key = new TextEncoder().encode(SECRET);
  return new SignJWT({ role }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(key);
}

describe.skipIf(chromiumPath === undefined)(`Chromium, on a page of another origin${withoutBrowser}`, () => {
  let frontEnd: ReturnType<typeof servePage>;
  let stranger: ReturnType<typeof servePage>;
  let company: CompanySources;
  let server: TestServer;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    frontEnd = servePage();
    stranger = servePage();
    company = await companySources();
    const origins = [`http://localhost:${frontEnd.port}`];
    server = await startCompanyServer(company, { access: { secret: SECRET }, origins });
    const found = chromiumPath === undefined ? {} : { executablePath: chromiumPath };
    browser = await chromium.launch({ ...found, args: ['--no-sandbox', '--disable-gpu'] });
    page = await browser.newPage();
    await page.goto(`http://localhost:${frontEnd.port}/`);
  });

  afterAll(async () => {
    await browser.close();
    await server.stop();
    expect(server.errors).toEqual([]);
    await Promise.all([frontEnd.stop(true), stranger.stop(true)]);
  });

  async function converse(on: Page, options: Readonly<Record<string, unknown>>, withToken: string): Promise<Outcome> {
    const url = `${server.url}/hubs/financial`;
    const script = `converse(${[url, options, withToken].map((value) => JSON.stringify(value)).join(', ')})`;
    return on.evaluate<Outcome>(script);
  }

  const argumentsOf = ({ events }: Outcome, target: string) =>
    events.filter((event) => event.target === target).map(({ argument }) => argument);

  test.each([
    [
      'the front end’s way: a WebSocket without negotiation, the token in the query',
      { skipNegotiation: true, transport: 1 },
    ],
    ['a negotiated WebSocket', { transport: 1 }],
    ['Server-Sent Events', { transport: 2 }],
    ['long polling', { transport: 4 }],
    ['whatever the client chooses', {}],
  ])(
    '%s',
    async (_name, options) => {
      const sockets: string[] = [];
      page.on('websocket', (socket) => sockets.push(socket.url()));
      const outcome = await converse(page, options, await token());
      expect(outcome.error).toBeUndefined();
      // On connecting, on `GetInitialData`, and with the emission of `ForceUpdate`.
      const initial = argumentsOf(outcome, 'InitialData');
      expect(initial.length).toBeGreaterThanOrEqual(3);
      for (const argument of initial) {
        expect(Object.keys(argument)).toEqual(['paymentSummary', 'revenue', 'chargebacks']);
        expect(argument.paymentSummary).toMatchObject({ TotalPayments: 4 });
      }
      const types = argumentsOf(outcome, 'FinancialUpdate').map(({ type }) => type);
      expect(types.slice(0, 2)).toEqual(['Initial', 'Initial']);
      expect(types.at(-1)).toBe('Manual');
      expect(argumentsOf(outcome, 'UpdateProcessed')).toEqual([{ status: 'ok' }]);
      expect(argumentsOf(outcome, 'SubscriptionConfirmed')).toEqual([{ topic: 'Financial' }]);
      const usesSocket = !('transport' in options) || options.transport === 1;
      expect(sockets.filter((url) => url.includes('access_token='))).toBeArrayOfSize(usesSocket ? 1 : 0);
      page.removeAllListeners('websocket');
    },
    120_000,
  );

  test('a token that may not read', async () => {
    const student = await token('Student');
    for (const options of [{ skipNegotiation: true, transport: 1 }, { transport: 2 }]) {
      expect(await converse(page, options, student)).toMatchObject({ error: expect.any(String), events: [] });
    }
  });

  test('a page of an origin that nobody allowed', async () => {
    const strange = await browser.newPage();
    await strange.goto(`http://localhost:${stranger.port}/`);
    for (const options of [
      { skipNegotiation: true, transport: 1 },
      { transport: 1 },
      { transport: 2 },
      { transport: 4 },
    ]) {
      const outcome = await converse(strange, options, await token());
      expect(outcome).toMatchObject({ error: expect.any(String), events: [] });
    }
    await strange.close();
  });
});
