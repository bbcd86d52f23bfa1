import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { SignJWT } from 'jose';
import type { Browser } from 'playwright-core';
import { en } from '../../src/web/words/en.ts';
import { pt } from '../../src/web/words/pt.ts';
import { chromiumPath, launchBrowser, withoutBrowser } from '../support/browser.ts';
import { type CompanySources, companySources, startCompanyServer } from '../support/company-server.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import type { TestServer } from '../support/test-server.ts';
import { SLOW_MS } from './stage.ts';
import { type Visit, visit } from './visit.ts';

const SECRET = 'a secret that is long enough for HS256';
/** Set in the page, gone when it is loaded anew. */
const MARK = 'globalThis.stillTheSame = true';
const IS_MARKED = 'globalThis.stillTheSame === true';

/** A token of the back end. @param lasts such as `1 hour` */
function tokenFor(role: string, lasts = '1 hour'): Promise<string> {
  return new SignJWT({ role })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(lasts)
    .sign(new TextEncoder().encode(SECRET));
}

describe.skipIf(chromiumPath === undefined)(`the page on bad days${withoutBrowser}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, SLOW_MS);
  afterAll(() => browser.close());

  describe('the connection', () => {
    const folder = temporaryFolders()();
    let server: ServerProcess;
    beforeAll(async () => {
      server = await startProcess({ STATE_DIR: folder });
      await server.ready();
    }, SLOW_MS);
    afterAll(async () => {
      server.signal('SIGKILL');
      await server.exited;
    });

    const goesAndComesBack = async (opened: Visit, go: () => Promise<void>, comeBack: () => Promise<void>) => {
      const { page } = opened;
      await opened.show('claims');
      await page.evaluate(MARK);
      const before = await page.locator('[data-figure]').allTextContents();
      await go();
      const bar = page.locator('.page-bar');
      await bar.getByText(/Sem conexão há 1\ss, tentando de novo/).waitFor();
      // It counts.
      await bar.getByText(/Sem conexão há (?:[2-9]|\d\d)\ss, tentando de novo/).waitFor();
      // The count is not read aloud.
      expect(await bar.getByRole('status').textContent()).toBe(pt.lost);
      expect(await page.locator('[data-figure]').allTextContents()).toEqual(before);
      expect(await page.locator('.frame.offline').count()).toBe(1);
      await page.locator('.top-bar').getByText(pt.lost).waitFor();
      await comeBack();
      await bar.waitFor({ state: 'detached' });
      await page.locator('.top-bar').getByText(pt.live).waitFor();
      expect(await page.locator('.frame.offline').count()).toBe(0);
      expect(await page.evaluate(IS_MARKED)).toBe(true);
    };

    test(
      `the server is killed and started again: the figures stay, and the page recovers by itself${withoutBrowser}`,
      async () => {
        const opened = await visit(browser, server.url);
        const { port } = new URL(server.url);
        await goesAndComesBack(
          opened,
          async () => {
            server.signal('SIGKILL');
            await server.exited;
          },
          async () => {
            server = await startProcess({ STATE_DIR: folder, PORT: port });
          },
        );
        await opened.close();
      },
      SLOW_MS,
    );

    test(
      `the network goes away and comes back: the page notices both by itself${withoutBrowser}`,
      async () => {
        const opened = await visit(browser, server.url);
        await goesAndComesBack(
          opened,
          async () => {
            await opened.context.setOffline(true);
            // Chromium's switch leaves WebSockets open; a cable that is pulled does not.
            await opened.page.evaluate('probes.dropSockets()');
          },
          () => opened.context.setOffline(false),
        );
        await opened.close();
      },
      SLOW_MS,
    );

    test(
      `a slow network: the place of every figure is kept until it comes${withoutBrowser}`,
      async () => {
        const opened = await visit(browser, server.url, {
          prepare: async (page) => {
            const devtools = await page.context().newCDPSession(page);
            await devtools.send('Network.enable');
            const slow = { offline: false, latency: 200, downloadThroughput: 100_000, uploadThroughput: 50_000 };
            await devtools.send('Network.emulateNetworkConditions', slow);
          },
        });
        await opened.show('overview');
        expect(await opened.page.locator('.feature-card').count()).toBe(7);
        expect(opened.complaints).toEqual([]);
        await opened.close();
      },
      SLOW_MS,
    );

    test(
      `a tab that is frozen for a minute is right again at once${withoutBrowser}`,
      async () => {
        const opened = await visit(browser, server.url, {
          prepare: async (page) => {
            await page.clock.install();
            // The server's clock does not jump with the page's: without dates the page does not correct its own.
            await page.route('**/api/**', async (route) => {
              const response = await route.fetch();
              const { date: _, ...headers } = response.headers();
              await route.fulfill({ response, headers });
            });
          },
        });
        await opened.show('claims');
        const { page } = opened;
        const age = page.locator('.top-bar .state');
        const devtools = await opened.context.newCDPSession(page);
        await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
        await devtools.send('Page.setWebLifecycleState', { state: 'active' });
        // Timers that were due meanwhile run once, as after a freeze.
        await page.clock.fastForward('01:30');
        await age.getByText(/há\s1\smin/).waitFor();
        await age.getByText(pt.live).waitFor();
        expect(await page.locator('.page-bar').count()).toBe(0);
        await opened.close();
      },
      SLOW_MS,
    );

    test(
      `another version of the server: the page is loaded anew once${withoutBrowser}`,
      async () => {
        let version = '1.0.0';
        const opened = await visit(browser, server.url, {
          prepare: async (page) => {
            await page.clock.install();
            await page.route('**/api/about', async (route) => {
              const response = await route.fetch();
              await route.fulfill({
                response,
                body: (await response.text()).replace(/"version":"[^"]*"/, `"version":"${version}"`),
              });
            });
          },
        });
        await opened.show('claims');
        const { page } = opened;
        await page.evaluate(MARK);
        const reconnect = async () => {
          const about = page.waitForResponse('**/api/about');
          await page.evaluate('probes.dropSockets()');
          await page.clock.fastForward('00:40');
          await about;
        };
        const reloads = async () => {
          const loaded = page.waitForEvent('load');
          await reconnect();
          await page.locator('.page-bar').getByText(pt.newVersion).waitFor();
          await page.clock.runFor(12_000);
          await loaded;
          await opened.show('claims');
          expect(await page.evaluate(IS_MARKED)).toBe(false);
          await page.evaluate(MARK);
        };
        version = '2.0.0';
        await reloads();
        version = '1.0.0';
        await reloads();
        // Two servers of different versions behind one address do not make it load itself for ever.
        version = '2.0.0';
        await reconnect();
        await page.clock.runFor(12_000);
        await opened.show('financial');
        expect(await page.evaluate(IS_MARKED)).toBe(true);
        await opened.close();
      },
      SLOW_MS,
    );
  });

  test(
    `a source that fails: every view says since when its figures stand still, and why${withoutBrowser}`,
    async () => {
      const sources: CompanySources = await companySources();
      const server = await startCompanyServer(sources);
      const opened = await visit(browser, server.url, { language: 'en-US' });
      await opened.show('claims');
      const { page } = opened;
      const figures = await page.locator('[data-figure]').allTextContents();
      sources.failWith('The database says no');
      const band = page.locator('.stale-band');
      await band.getByText('The database says no').waitFor();
      expect(await band.textContent()).toMatch(/No update since \d+\/\d+\/\d+, \d+:\d\d/);
      expect(await band.textContent()).toContain(en.staleBecause);
      await page
        .locator('.top-bar')
        .getByText(/Stale for \d+\ssec/)
        .waitFor();
      expect(await page.locator('[data-figure]').allTextContents()).toEqual(figures);
      await opened.show('overview');
      await page
        .locator('.feature-card')
        .first()
        .getByText(/Stale for/)
        .waitFor();
      await page
        .locator('.attention')
        .getByText(/Claims without news for/)
        .waitFor();
      const line = page.locator('.attention a').filter({ hasText: 'Claims without news for' });
      await line.focus();
      const age = (await line.textContent()) ?? '';
      // It keeps the focus while its age counts.
      await page.locator('.attention a:focus').filter({ hasNotText: age }).waitFor();
      const wall = await visit(browser, server.url, { language: 'en-US', query: '?wall=1&views=overview' });
      await wall.page
        .locator('.wall-band')
        .getByText(/Claims.*: no update since \d/)
        .waitFor();
      await wall.close();
      sources.failWith(null);
      await page.locator('.feature-card').first().getByText(/Live/).waitFor();
      await opened.show('claims');
      await band.waitFor({ state: 'detached' });
      await opened.close();
      await server.stop();
    },
    SLOW_MS,
  );

  test(
    `figures that never came: every place says that there is no source, and why${withoutBrowser}`,
    async () => {
      const sources: CompanySources = await companySources();
      sources.failWith('The database says no');
      const server = await startCompanyServer(sources);
      const opened = await visit(browser, server.url, { language: 'en-US' });
      const { page } = opened;
      const card = page.locator('.feature-card').first();
      await card.getByText(/No source for/).waitFor();
      await card.getByText('The database says no').waitFor();
      await page.locator('.top-bar').getByText(en.noSource).waitFor();
      await page
        .locator('.attention')
        .getByText(/Claims without a source for/)
        .waitFor();
      await page.goto(`${server.url}/#/claims`);
      await page.locator('.stale-band').getByText('The database says no').waitFor();
      expect(await page.locator('.view-skeleton').count()).toBe(0);
      const wall = await visit(browser, server.url, { language: 'en-US', query: '?wall=1&views=overview' });
      await wall.page
        .locator('.wall-band')
        .getByText(/Claims.*: no source since \d/)
        .waitFor();
      await wall.close();
      await opened.close();
      await server.stop();
    },
    SLOW_MS,
  );

  describe('access control', () => {
    let server: TestServer;
    let sources: CompanySources;
    beforeAll(async () => {
      sources = await companySources();
      server = await startCompanyServer(sources, { access: { secret: SECRET } });
    }, SLOW_MS);
    afterAll(() => server.stop());

    const enter = async ({ page }: Visit, token: string) => {
      await page.getByLabel(pt.signIn.token).fill(token);
      await page.getByRole('button', { name: pt.signIn.enter }).click();
    };

    test(
      `a token is asked for, kept in this tab alone, and never in an address but a hub's${withoutBrowser}`,
      async () => {
        const opened = await visit(browser, server.url);
        const { page, context } = opened;
        await page.getByRole('heading', { name: pt.signIn.title }).waitFor();
        expect(await page.getByRole('alert').count()).toBe(0);
        await enter(opened, 'no token at all');
        await page.getByRole('alert').getByText(pt.signIn.refused[401]).waitFor();
        await enter(opened, await tokenFor('Reader'));
        await page.getByRole('alert').getByText(pt.signIn.refused[403]).waitFor();
        const token = await tokenFor('Admin');
        await enter(opened, token);
        await page.locator('.feature-card').first().waitFor();
        expect(await page.evaluate('Object.values(sessionStorage)')).toContain(token);
        expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(token);
        expect(await context.cookies()).toEqual([]);
        await page.reload();
        await page.locator('.feature-card').first().waitFor();
        const told = opened.asked.filter((url) => url.includes(token));
        expect(told.length).toBeGreaterThan(0);
        expect(told.filter((url) => !new URL(url).pathname.startsWith('/hubs/'))).toEqual([]);
        expect(page.url()).not.toContain(token);
        const other = await context.newPage();
        await other.goto(server.url);
        await other.getByRole('heading', { name: pt.signIn.title }).waitFor();
        await opened.close();
      },
      SLOW_MS,
    );

    test(
      `a token that expires is told apart, and a new one brings the figures back${withoutBrowser}`,
      async () => {
        const opened = await visit(browser, server.url);
        const { page } = opened;
        await page.getByRole('heading', { name: pt.signIn.title }).waitFor();
        await enter(opened, await tokenFor('Admin', '4 seconds'));
        await page.locator('.feature-card').first().waitFor();
        await page.getByRole('alert').getByText(pt.signIn.refused.expired).waitFor();
        await enter(opened, await tokenFor('Admin'));
        await page.locator('.feature-card').first().waitFor();
        await opened.close();
      },
      SLOW_MS,
    );
  });
});
