import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Browser, Page } from 'playwright-core';
import { chromiumPath, launchBrowser, openWatchedPage, withoutBrowser } from '../support/browser.ts';
import { companySources, startCompanyServer } from '../support/company-server.ts';
import type { TestServer } from '../support/test-server.ts';

const SLOW_MS = 90_000;
const WIDTHS = [320, 768, 1280, 1920, 3840];

/** The lists that are shown as tables, and what names a row in each. */
const ROW_KEYS: Readonly<Record<string, string>> = {
  'claims.active': 'id',
  'claims.byReason': 'Reason',
  'claims.byStatus': 'Status',
  'financial.revenueByDay': 'Date',
  'subscriptions.list': 'Id',
  'content.list': 'Id',
  'storage.stats.CategoryBreakdown': 'FeatureCategoria',
  'storage.largestFiles': 'Id',
};

const Shown = Type.Array(Type.Object({ name: Type.String(), value: Type.String() }));
type Shown = Static<typeof Shown>;
const Rows = Type.Array(Type.Record(Type.String(), Type.Unknown()));
const Snapshot = Type.Object({ data: Type.Unknown() });
const Growth = Type.Object({
  Summary: Type.Object({ TotalGBAdded: Type.Number(), TotalFilesAdded: Type.Number(), AvgGBPerDay: Type.Number() }),
});
const Files = Type.Object({ Files: Type.Array(Type.Object({ FileName: Type.String() })) });

const FIGURES = `[...document.querySelectorAll('main [data-figure]')].map(({ dataset }) => (
  { name: dataset.figure, value: dataset.value }
))`;

/** How much wider than the window the page is, once its charts have followed their cards. */
const BEYOND = `(async () => {
  const beyond = () => document.documentElement.scrollWidth - innerWidth;
  for (let frame = 0; frame < 120 && beyond() > 0; frame += 1) await new Promise(requestAnimationFrame);
  return Math.max(0, beyond());
})()`;

async function figuresIn(page: Page): Promise<Shown> {
  return Value.Parse(Shown, await page.evaluate(FIGURES));
}

function at(data: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => Object(value)[name], data);
}

/** What the snapshot says of a figure: a scalar by its path, a cell by list, key and column. */
function expected(feature: string, data: unknown, name: string): string {
  const list = Object.keys(ROW_KEYS).find((path) => name.startsWith(`${path}.`));
  if (list === undefined) return String(at(data, name.slice(feature.length + 1)) ?? '');
  const column = name.slice(name.lastIndexOf('.') + 1);
  const key = name.slice(list.length + 1, name.lastIndexOf('.'));
  const rows = Value.Parse(Rows, at(data, list.slice(feature.length + 1)));
  const row = rows.find((one) => String(one[ROW_KEYS[list] ?? '']) === key);
  return row === undefined ? `no row ${key}` : String(row[column] ?? '');
}

describe.skipIf(chromiumPath === undefined)(`the views of the page${withoutBrowser}`, () => {
  let browser: Browser;
  let server: TestServer;

  beforeAll(async () => {
    browser = await launchBrowser();
    server = await startCompanyServer(await companySources());
  }, SLOW_MS);
  afterAll(() => Promise.all([browser.close(), server.stop()]));

  const answer = async (path: string): Promise<unknown> => (await fetch(server.url + path)).json();
  const visit = async (feature: string) => {
    const watched = await openWatchedPage(browser, server.url);
    await watched.page.goto(`${server.url}/#/${feature}`);
    await watched.page.locator('.view-grid').waitFor();
    return watched;
  };

  for (const feature of ['claims', 'financial', 'subscriptions', 'support', 'content', 'users', 'storage']) {
    test(
      `${feature}: every figure is the snapshot's, at every width, and nothing is wider than the page${withoutBrowser}`,
      async () => {
        const { page, complaints } = await visit(feature);
        const { data } = Value.Parse(Snapshot, await answer(`/api/${feature}`));
        const shown = await figuresIn(page);
        expect(shown.length).toBeGreaterThan(8);
        expect(shown).toEqual(shown.map(({ name }) => ({ name, value: expected(feature, data, name) })));
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 800 });
          expect(`${width}: ${await page.evaluate(BEYOND)}`).toBe(`${width}: 0`);
        }
        expect(complaints).toEqual([]);
        await page.close();
      },
      SLOW_MS,
    );
  }

  test(
    `storage: a longer period and the files of a category are asked for on demand${withoutBrowser}`,
    async () => {
      const { page } = await visit('storage');
      const path = '/api/storage/growth-trend?days=365';
      await Promise.all([
        page.waitForResponse(`${server.url}${path}`),
        page.getByRole('button', { name: /^365/ }).click(),
      ]);
      const { Summary } = Value.Parse(Growth, await answer(path));
      for (const [name, value] of Object.entries(Summary)) {
        if (name === 'Days') continue;
        await page.locator(`.growth [data-figure="storage.growth.Summary.${name}"][data-value="${value}"]`).waitFor();
      }
      await page.getByRole('combobox').selectOption('Videos');
      const { Files: files } = Value.Parse(Files, await answer('/api/storage/by-category/Videos?limit=500'));
      expect(files.length).toBeGreaterThan(0);
      for (const { FileName } of files) await page.getByRole('cell', { name: FileName, exact: true }).first().waitFor();
      await page.close();
    },
    SLOW_MS,
  );

  test(
    `storage: a question that failed says so, and is asked again${withoutBrowser}`,
    async () => {
      const { page } = await visit('storage');
      await page.route('**/api/storage/growth-trend**', (route) => route.abort());
      await page.getByRole('main').getByRole('button', { name: /^90/ }).click();
      const again = page.locator('.asked-failed').getByRole('button');
      await again.waitFor();
      expect(await page.locator('.growth').count()).toBe(0);
      await page.unroute('**/api/storage/growth-trend**');
      await again.click();
      await page.locator('.growth').waitFor();
      await page.close();
    },
    SLOW_MS,
  );

  test(
    `users: names and e-mails are masked with a switch${withoutBrowser}`,
    async () => {
      const { page } = await visit('users');
      const table = page.locator('.table-grid').last();
      const plain = (await table.textContent()) ?? '';
      expect(plain).toContain('@');
      expect(plain).not.toContain('•••');
      await page.locator('.table-tools').getByRole('button', { pressed: false }).first().click();
      await page.getByRole('cell', { name: '•••@' }).first().waitFor();
      const masked = await table.textContent();
      for (const [address] of plain.matchAll(/[\w.]+@/g)) expect(masked).not.toContain(address);
      await page.close();
    },
    SLOW_MS,
  );
});
