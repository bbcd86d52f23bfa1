import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import type { Range } from '../../src/web/history/range.ts';
import { en } from '../../src/web/words/en.ts';
import { pt } from '../../src/web/words/pt.ts';
import { chromiumPath, launchBrowser, withoutBrowser } from '../support/browser.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { findings } from './axe-findings.ts';
import { seedHistory } from './seed-history.ts';
import { SLOW_MS } from './stage.ts';
import { type Visit, visit } from './visit.ts';

const HOUR_MINUTES = 60;
const HOUR_MS = 3_600_000;
/** Points since four days ago: older than a day, younger than a week. */
const SEEDED_HOURS = 100;
/** The server was down. */
const HOLE = { from: 10, until: 15 } as const;
const HEADLINE = 'Reclamações ativas';
const HEADLINE_PATH = 'summary.OpenedClaims';

const Charts = Type.Array(Type.Object({ title: Type.String(), columns: Type.Array(Type.Array(Type.String())) }));
const Drawn = Type.Object({ colours: Type.Array(Type.String()), texts: Type.Array(Type.String()) });

describe.skipIf(chromiumPath === undefined)(`the range switch of the page${withoutBrowser}`, () => {
  const folder = temporaryFolders()();
  let browser: Browser;
  let server: ServerProcess;
  let newest: number;
  let current: number;

  beforeAll(async () => {
    [browser, server] = await Promise.all([
      launchBrowser(),
      // Only the history of data that outlive a restart is kept in a file.
      startProcess({ DEMO_SEED: '7', STATE_DIR: folder, DEMO_DIR: `${folder}/demo` }),
    ]);
    await server.ready();
    newest = await seedHistory({
      stateDirectory: folder,
      url: server.url,
      hours: SEEDED_HOURS,
      valueAgo: (figure, hoursAgo) => {
        if (figure.path === HEADLINE_PATH) current = figure.current;
        return hoursAgo >= HOLE.from && hoursAgo < HOLE.until ? undefined : figure.current + hoursAgo;
      },
    });
  }, SLOW_MS);
  afterAll(async () => {
    await browser.close();
    server.signal('SIGTERM');
    await server.exited;
  });

  /** What was seeded or recorded, hour by hour, the current hour last. */
  const hourly = (count: number, hour: number, none: string) =>
    Array.from({ length: count }, (_, index) => {
      const ago = Math.floor(newest / HOUR_MINUTES) - (hour - (count - 1 - index));
      // The server records too, from now on.
      if (ago <= 0) return String(current);
      return ago >= SEEDED_HOURS || (ago >= HOLE.from && ago < HOLE.until) ? none : String(current + ago);
    });

  const open = async (options: Parameters<typeof visit>[2] = {}) => {
    const opened = await visit(browser, server.url, { reducedMotion: true, ...options });
    return opened;
  };
  const choice = (page: Page, range: Range) => page.getByRole('button', { name: pt.range.short[range], exact: true });
  const choose = (page: Page, range: Range) => choice(page, range).click();
  const card = (page: Page) => page.locator('.history-card');
  /** The columns of the history's chart, once it is of so many steps. */
  const columnsOf = async ({ page, probe }: Visit, title: string, steps: number) => {
    await card(page).locator(`tbody tr:nth-child(${steps}):last-child`).waitFor({ state: 'attached' });
    const charts = await probe(Charts, 'charts()');
    const found = charts.find(
      (chart) => chart.title === pt.chart.asTable(title) || chart.title === en.chart.asTable(title),
    );
    return found?.columns ?? [];
  };

  test(
    `draws the recorded hours with their gap, and the 24 hours before${withoutBrowser}`,
    async () => {
      const opened = await open();
      const { page } = opened;
      await opened.show('claims');
      await choose(page, '24h');
      const hour = Math.floor(Date.now() / HOUR_MS);
      await card(page).getByRole('button', { name: HEADLINE }).click();
      const [values, before] = await columnsOf(opened, HEADLINE, 24);
      const possible = [hour, hour + 1].map((now) => hourly(48, now, pt.noFigure));
      expect(possible.map((each) => each.slice(24))).toContainEqual(values ?? []);
      expect(possible.map((each) => each.slice(0, 24))).toContainEqual(before ?? []);
      expect(values?.filter((value) => value === pt.noFigure)).toHaveLength(HOLE.until - HOLE.from);
      expect(await card(page).locator('.card-note').textContent()).toBe('Últimas 24 horas');
      const { texts } = await opened.probe(Drawn, 'drawn()');
      expect(texts).toContain('24 h antes');
      expect(opened.complaints).toEqual([]);
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `says both values at a point, by the keyboard too${withoutBrowser}`,
    async () => {
      const opened = await open();
      const { page } = opened;
      await opened.show('claims');
      await choose(page, '24h');
      await card(page).getByRole('button', { name: HEADLINE }).click();
      const [values, before] = await columnsOf(opened, HEADLINE, 24);
      const plot = card(page).getByRole('slider');
      await plot.focus();
      await page.keyboard.press('ArrowLeft');
      const spoken = (await plot.getAttribute('aria-valuetext')) ?? '';
      expect(spoken).toContain(`Neste período ${values?.at(-1)}, 24 h antes ${before?.at(-1)}`);
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `says since when the history is, where it is younger than the range${withoutBrowser}`,
    async () => {
      const opened = await open();
      const { page } = opened;
      await opened.show('claims');
      await card(page).getByRole('button', { name: HEADLINE }).click();
      // A week is what it starts with.
      const [values, before] = await columnsOf(opened, HEADLINE, 168);
      const hour = Math.floor(Date.now() / HOUR_MS);
      expect([hour - 1, hour].map((now) => hourly(168, now, pt.noFigure))).toContainEqual(values ?? []);
      expect(new Set(before)).toEqual(new Set([pt.noFigure]));
      expect(await card(page).locator('.card-note').textContent()).toMatch(
        /^Histórico desde \d\d\/\d\d\/\d{4},? \d\d:00$/,
      );
      const chip = page.locator('.tile', { hasText: HEADLINE }).locator('.chip');
      expect(await chip.textContent()).toMatch(/^▼ -\d+desde \d\d\/\d\d\/\d{4},? \d\d:00$/);
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `leaves the page as it is where the history is too short for a change${withoutBrowser}`,
    async () => {
      const opened = await open();
      const { page } = opened;
      await opened.show('claims');
      const chips = () => page.locator('.tile .chip').allTextContents();
      await choose(page, '90d');
      await columnsOf(opened, 'Reclamações críticas', 90);
      expect(await card(page).locator('.card-note').textContent()).toStartWith('Histórico desde');
      // Since the page was opened, as without a history.
      for (const text of await chips()) expect(text).toMatch(/desde \d\d:\d\d$/);
      await choose(page, '30d');
      await columnsOf(opened, 'Reclamações críticas', 30);
      for (const text of await chips()) expect(text).toMatch(/desde \d\d\/\d\d\/\d{4},? \d\d:\d\d$/);
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `is worked with the keyboard, in both languages, and remembered${withoutBrowser}`,
    async () => {
      const opened = await open();
      const { page } = opened;
      await opened.show('claims');
      expect(await choice(page, '7d').getAttribute('aria-pressed')).toBe('true');
      await choice(page, '7d').focus();
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Enter');
      expect(await choice(page, '24h').getAttribute('aria-pressed')).toBe('true');
      expect(await choice(page, '7d').getAttribute('aria-pressed')).toBe('false');
      await columnsOf(opened, 'Reclamações críticas', 24);
      expect(await page.locator('.tile .chip').first().textContent()).toContain('24 h antes');
      await page.locator('.language-switch').click();
      const pressed = page.getByRole('group', { name: 'Period' }).getByRole('button', { pressed: true });
      expect(await pressed.allTextContents()).toEqual(['24 h']);
      expect(await card(page).locator('.card-note').textContent()).toBe('Last 24 hours');
      expect(await page.locator('.tile .chip').first().textContent()).toContain('24 h before');
      await page.reload();
      await opened.show('claims');
      await card(page).waitFor();
      expect(await choice(page, '24h').getAttribute('aria-pressed')).toBe('true');
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `asks once for each feature, and again when the range changes${withoutBrowser}`,
    async () => {
      const opened = await open();
      const { page } = opened;
      await opened.show('overview');
      const asked = () => opened.asked.filter((address) => address.includes('/history?'));
      const answered = page.waitForResponse(
        (response) => response.url().includes('/history?') && response.url().includes('step=day'),
      );
      expect(new Set(asked().map((address) => new URL(address).pathname)).size).toBe(asked().length);
      await choose(page, '30d');
      await answered;
      const days = asked().filter((address) => address.includes('step=day'));
      expect(days.map((address) => new URL(address).pathname).sort()).toEqual(
        ['claims', 'content', 'financial', 'storage', 'subscriptions', 'support', 'users'].map(
          (name) => `/api/${name}/history`,
        ),
      );
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `asks again after a minute${withoutBrowser}`,
    async () => {
      const opened = await open({ prepare: (page) => page.clock.install() });
      const { page } = opened;
      await opened.show('claims');
      await columnsOf(opened, 'Reclamações críticas', 168);
      const asked = () => opened.asked.filter((address) => address.includes('/history?')).length;
      // The overview, which comes first, has asked too.
      const before = asked();
      await page.clock.runFor(20_000);
      expect(asked()).toBe(before);
      const again = page.waitForRequest('**/api/claims/history?*');
      await page.clock.runFor(45_000);
      await again;
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `leaves the live figures alone when the history cannot be had, and says so in one line${withoutBrowser}`,
    async () => {
      const opened = await open({
        prepare: async (page) => {
          await page.route('**/history?*', (route) => route.fulfill({ status: 503, body: '{}' }));
        },
      });
      const { page } = opened;
      await opened.show('overview');
      await page.getByText(pt.range.failed).waitFor();
      expect(await page.getByText(pt.range.failed).count()).toBe(1);
      expect(await page.locator('.feature-card [data-figure]').count()).toBeGreaterThan(20);
      await opened.show('claims');
      await page.getByText(pt.range.failed).waitFor();
      expect(await card(page).count()).toBe(0);
      expect(await page.locator('.tile .chip').first().textContent()).toContain('desde');
      await page.unroute('**/history?*');
      await choose(page, '24h');
      await card(page).waitFor();
      expect(await page.getByText(pt.range.failed).count()).toBe(0);
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `is for everyone: axe finds nothing where there is a history${withoutBrowser}`,
    async () => {
      for (const theme of ['light', 'dark'] as const) {
        const opened = await open({ bypassCSP: true, theme });
        await opened.page.evaluate(axe.source);
        await opened.show('claims');
        await columnsOf(opened, 'Reclamações críticas', 168);
        expect(await findings(opened)).toEqual([]);
        await opened.show('overview');
        expect(await findings(opened)).toEqual([]);
        await opened.close();
      }
    },
    SLOW_MS,
  );

  test(
    `has its range in the address of a wall${withoutBrowser}`,
    async () => {
      const opened = await open({ width: 1920, height: 1080, query: '?wall=1&views=claims&range=24h' });
      const { page } = opened;
      await opened.probe(Type.Undefined(), `untilShown('claims')`);
      await page.locator('.wall-figure .chip', { hasText: '24 h antes' }).first().waitFor();
      expect(await page.locator('.range-switch').count()).toBe(0);
      expect(opened.complaints).toEqual([]);
      await opened.close();
    },
    SLOW_MS,
  );
});
