import { afterEach, describe, expect, test } from 'bun:test';
import { checkOutlets } from '../../src/cli/doctor/outlets.ts';
import type { AccessOptions } from '../../src/core/access/access.ts';
import { createCalendar } from '../../src/core/figures/zone.ts';
import type { Outlet } from '../../src/core/outlets/outlet.ts';
import { RefusedError, RetryLaterError } from '../../src/core/outlets/outlet-errors.ts';
import { systemClock } from '../../src/core/runtime/clock.ts';
import { scriptFeatures } from '../core/hubs/scripted-features.ts';
import { simpleOutlet } from '../support/simple-outlet.ts';
import { startTestServer } from '../support/test-server.ts';
import { until } from '../support/until.ts';

const ACCESS: AccessOptions = {
  ...{ secret: 'a secret of more than thirty-two bytes', roles: ['Admin'], issuer: null, audience: null },
};
const NOWHERE = { host: '127.0.0.1', port: 1, access: ACCESS };
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const check = (outlets: readonly Outlet[], server = NOWHERE, write = false) =>
  checkOutlets({ outlets, server, write, calendar: createCalendar('America/Sao_Paulo'), clock: systemClock });

/** A running server with an outlet whose first pass has ended like this. */
async function serve(deliver: () => Promise<void>, changes: Partial<Outlet> = {}) {
  const outlet = simpleOutlet(deliver, changes);
  const { features, sources, scripts } = scriptFeatures('claims');
  const server = startTestServer({ features, sources, outlets: [outlet], access: ACCESS });
  closing.push(() => server.stop());
  const rows = server.outlets.find('rows');
  await until(() => rows?.status().lastSuccess !== null || rows.status().failing !== null);
  return {
    outlet,
    show: scripts.claims.show,
    server: { host: '0.0.0.0', port: Number(new URL(server.url).port), access: ACCESS },
  };
}

describe('an outlet', () => {
  test('is checked by itself, and may write where asked', async () => {
    const writes: boolean[] = [];
    const outlet = simpleOutlet(async () => {}, {
      async check({ write }) {
        writes.push(write);
        return [{ what: 'Rows.com', verdict: 'ok', found: 'accepts the key', next: null }];
      },
    });
    expect((await check([outlet]))[0]).toEqual({
      what: 'Rows.com',
      verdict: 'ok',
      found: 'accepts the key',
      next: null,
    });
    await check([outlet], NOWHERE, true);
    expect(writes).toEqual([false, true]);
  });

  test('has requests of its own for that', async () => {
    const api = Bun.serve({ port: 0, fetch: () => new Response('the table') });
    closing.push(() => api.stop(true));
    const outlet = simpleOutlet(async () => {}, {
      async check({ fetch: send }) {
        const answer = await send(`http://127.0.0.1:${api.port}`);
        return [{ what: 'Rows.com', verdict: 'ok', found: await answer.text(), next: null }];
      },
    });
    expect((await check([outlet]))[0]?.found).toBe('the table');
  });

  test.each([new RefusedError('the key is wrong'), new RetryLaterError('it cannot be reached')])(
    'whose check fails is broken: %s',
    async (error) => {
      const outlet = simpleOutlet(async () => {}, { check: () => Promise.reject(error) });
      expect((await check([outlet]))[0]).toMatchObject({ what: 'Rows.com', verdict: 'broken', found: error.message });
    },
  );
});

describe('how its passes go', () => {
  test('is unknown where no server runs', async () => {
    const [finding] = await check([simpleOutlet(async () => {})]);
    expect(finding).toMatchObject({ what: 'passes of Rows.com', verdict: 'ok' });
    expect(finding?.found).toContain('the server at 127.0.0.1:1 does not run it');
  });

  test('is a warning where the server runs without it: it was started with other settings', async () => {
    const { server } = await serve(async () => {});
    const [finding] = await check([{ ...simpleOutlet(async () => {}), name: 'notion' }], server);
    expect(finding).toMatchObject({ verdict: 'warning', next: 'start it again with these settings' });
  });

  test.each([500, 401, 200])('is a warning where the server answers %i and no status', async (status) => {
    const broken = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => Response.json({}, { status }) });
    closing.push(() => broken.stop(true));
    const server = { host: '127.0.0.1', port: Number(broken.port), access: ACCESS };
    const [finding] = await check([simpleOutlet(async () => {})], server);
    expect(finding).toMatchObject({ verdict: 'warning', next: 'see the log of the server' });
  });

  test('is asked of the running server', async () => {
    const { outlet, server } = await serve(async () => {});
    const [finding] = await check([outlet], server);
    expect(finding?.verdict).toBe('ok');
    expect(finding?.found).toMatch(
      /^last up to date at 2.*, 0 waiting, 0 requests in the last hour, 0 of 500 this month$/,
    );
  });

  test('says until when a change waits, which the requests of the month may make long', async () => {
    const { outlet, server, show } = await serve(async () => {}, { nextPass: (now) => now + 3_600_000 });
    show(2);
    const waiting = async () => (await check([outlet], server))[0]?.found ?? '';
    await until(async () => (await waiting()).includes(' 1 waiting until 2'));
  });

  test('is broken if it was refused', async () => {
    const { outlet, server } = await serve(() => Promise.reject(new RefusedError('the key is wrong')));
    const [finding] = await check([outlet], server);
    expect(finding).toMatchObject({ verdict: 'broken', next: expect.stringContaining('start the server again') });
    expect(finding?.found).toStartWith('the key is wrong (since 2');
  });

  test('is a warning if it is tried again', async () => {
    const { outlet, server } = await serve(() => Promise.reject(new RetryLaterError('cut')));
    const [finding] = await check([outlet], server);
    expect(finding).toMatchObject({ verdict: 'warning', next: expect.stringContaining('it is tried at 2') });
  });
});
