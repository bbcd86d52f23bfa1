import { describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { chromiumPath, withoutBrowser } from '../support/browser.ts';
import { SLOW_MS, stage } from './stage.ts';
import { VIEWS, visit } from './visit.ts';

const AT_MOST_BYTES = 250 * 1024;

describe.skipIf(chromiumPath === undefined)(`a visit to every view${withoutBrowser}`, () => {
  const on = stage();

  test(
    `asks this server alone, breaks no rule of its policy, and complains of nothing${withoutBrowser}`,
    async () => {
      const { host } = new URL(on.server.url);
      const opened = await visit(on.browser, on.server.url);
      for (const view of VIEWS) await opened.show(view);
      await opened.page.getByRole('button', { name: 'Abrir notificações' }).click();
      await opened.page.keyboard.press('Escape');
      await opened.page.goto(`${on.server.url}/?wall=1`);
      await opened.page.locator('.wall-figure [data-figure]').first().waitFor();
      expect(opened.asked.length).toBeGreaterThan(5);
      // Files that the reader saves are made in the page.
      const elsewhere = opened.asked.filter((url) => new URL(url).host !== host && !url.startsWith('data:'));
      expect(elsewhere).toEqual([]);
      expect(opened.complaints).toEqual([]);
      expect(await opened.probe(Type.Array(Type.String()), 'violations()')).toEqual([]);
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `loads at most 250 KB of scripts, styles and fonts, compressed${withoutBrowser}`,
    async () => {
      const sizes = new Map<string, number>();
      const opened = await visit(on.browser, on.server.url, {
        prepare: async (page) => {
          page.on('requestfinished', async (request) => {
            const { pathname } = new URL(request.url());
            if (pathname !== '/' && !pathname.startsWith('/assets/')) return;
            const { responseBodySize } = await request.sizes();
            sizes.set(pathname, responseBodySize);
          });
        },
      });
      for (const view of VIEWS) await opened.show(view);
      await opened.page.waitForLoadState('networkidle');
      const kinds = [...sizes.keys()].map((path) => path.split('.').at(-1));
      expect(kinds).toContain('js');
      expect(kinds).toContain('css');
      expect(kinds).toContain('woff2');
      const all = [...sizes.values()].reduce((sum, size) => sum + size, 0);
      expect(all).toBeGreaterThan(50_000);
      expect(all).toBeLessThanOrEqual(AT_MOST_BYTES);
      await opened.close();
    },
    SLOW_MS,
  );
});
