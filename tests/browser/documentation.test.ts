import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Browser } from 'playwright-core';
import { chromiumPath, launchBrowser, openWatchedPage, type WatchedPage, withoutBrowser } from '../support/browser.ts';
import { companySources, startCompanyServer } from '../support/company-server.ts';
import type { TestServer } from '../support/test-server.ts';

const SLOW_MS = 60_000;

let server: TestServer;
let browser: Browser | undefined;
let watched: WatchedPage;

beforeAll(async () => {
  if (chromiumPath === undefined) return;
  server = await startCompanyServer(await companySources());
  browser = await launchBrowser();
  watched = await openWatchedPage(browser, server.url);
}, SLOW_MS);

afterAll(async () => {
  if (browser === undefined) return;
  await browser.close();
  await server.stop();
});

describe.skipIf(chromiumPath === undefined)(`the documentation without internet${withoutBrowser}`, () => {
  const step = (name: string, run: (page: WatchedPage) => Promise<void>) => {
    test(`${name}${withoutBrowser}`, () => run(watched), SLOW_MS);
  };

  step('/docs leads to /swagger, which shows what the server is and its features', async ({ page }) => {
    await page.goto(`${server.url}/docs`);
    expect(new URL(page.url()).pathname).toBe('/swagger');
    await page.getByRole('heading', { name: 'Greg BI' }).waitFor();
    for (const { feature } of server.supervisor.running) {
      await page.getByText(feature.title.en, { exact: true }).first().waitFor();
    }
  });

  step('a route is found in the list, and shows its example', async ({ page }) => {
    await page.getByRole('link', { name: '/api/claims/summary' }).first().click();
    await page.getByRole('button', { name: 'Test Request (get /api/claims/summary)' }).waitFor();
    await page.getByText('"AverageResolutionDays"').first().waitFor();
  });

  step('the route is called from the page, and answers 200 with the figures', async ({ page }) => {
    const [answer] = await Promise.all([
      page.waitForResponse(`${server.url}/api/claims/summary`),
      page
        .getByRole('button', { name: 'Test Request (get /api/claims/summary)' })
        .click()
        .then(() => page.getByRole('button', { name: /^Send/ }).first().click()),
    ]);
    expect(answer.status()).toBe(200);
    const dialog = page.getByRole('dialog').first();
    await dialog.getByText('200 OK').waitFor();
    await dialog.getByText('"TotalAmountAtRisk"').first().waitFor();
    await dialog.getByText('349.9').first().waitFor();
  });

  step(
    'the page asked for nothing that is not on this server, and complained of nothing',
    async ({ elsewhere, complaints }) => {
      expect(elsewhere).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  step('nothing on the page leads to services of its makers', async ({ page }) => {
    for (const name of [/Ask AI/, /Generate MCP/, /Deploy/, /Share/, /Open API Client/]) {
      expect(await page.getByRole('button', { name }).count()).toBe(0);
    }
  });
});
