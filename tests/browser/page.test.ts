import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Browser } from 'playwright-core';
import { chromiumPath, launchBrowser, openWatchedPage, withoutBrowser } from '../support/browser.ts';
import { companySources, startCompanyServer } from '../support/company-server.ts';
import type { TestServer } from '../support/test-server.ts';

const SLOW_MS = 60_000;

/** Run in the page: what its policy forbids, and what became of it. */
const BREACHES = `new Promise((resolve) => {
  const seen = [];
  addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
    seen.push(effectiveDirective);
    if (seen.length === 3) resolve({ seen, title: document.title });
  });
  const script = document.createElement('script');
  script.textContent = 'document.title = "taken over"';
  document.body.append(script);
  document.body.setAttribute('style', 'color: red');
  fetch('http://localhost:1/').catch(() => {});
})`;
const Refused = Type.Object({ seen: Type.Array(Type.String()), title: Type.String() });

describe.skipIf(chromiumPath === undefined)(`the live page in a browser${withoutBrowser}`, () => {
  let browser: Browser;
  let open: TestServer;
  let guarded: TestServer;

  beforeAll(async () => {
    browser = await launchBrowser();
    open = await startCompanyServer(await companySources());
    guarded = await startCompanyServer(await companySources(), { access: { secret: 'x'.repeat(32) } });
  }, SLOW_MS);
  afterAll(() => Promise.all([browser.close(), open.stop(), guarded.stop()]));

  const visit = async ({ url }: TestServer) => {
    const watched = await openWatchedPage(browser, url);
    const statuses = new Map<string, number>();
    watched.page.on('response', (response) => {
      statuses.set(new URL(response.url()).pathname, response.status());
    });
    await watched.page.goto(`${url}/`);
    // Made by the script of the page.
    await watched.page.locator('body *:not(script):visible').first().waitFor();
    const loaded = [...statuses].filter(([path]) => path === '/' || path.startsWith('/assets/'));
    return { ...watched, loaded };
  };

  test(
    `loads from this server alone, and breaks no rule of its policy${withoutBrowser}`,
    async () => {
      const { page, elsewhere, complaints, loaded } = await visit(open);
      expect(elsewhere).toEqual([]);
      expect(complaints).toEqual([]);
      expect(loaded.length).toBeGreaterThan(2);
      for (const [path, status] of loaded) expect(`${path} ${status}`).toBe(`${path} 200`);
      await page.close();
    },
    SLOW_MS,
  );

  test(
    `loads where access control is on, before there is a token${withoutBrowser}`,
    async () => {
      const { page, elsewhere, complaints, loaded } = await visit(guarded);
      expect(elsewhere).toEqual([]);
      expect(complaints.filter((text) => text.includes('Content Security Policy'))).toEqual([]);
      for (const [path, status] of loaded) expect(`${path} ${status}`).toBe(`${path} 200`);
      await page.close();
    },
    SLOW_MS,
  );

  test(
    `its policy refuses inline scripts and styles, and other hosts${withoutBrowser}`,
    async () => {
      const { page, complaints } = await visit(open);
      const refused = Value.Parse(Refused, await page.evaluate(BREACHES));
      expect(refused.seen.sort()).toEqual(['connect-src', 'script-src-elem', 'style-src-attr']);
      expect(refused.title).not.toBe('taken over');
      expect(complaints.length).toBeGreaterThan(0);
      await page.close();
    },
    SLOW_MS,
  );
});
