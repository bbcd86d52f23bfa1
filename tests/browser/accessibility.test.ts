import { describe, expect, test } from 'bun:test';
import axe from 'axe-core';
import { chromiumPath, withoutBrowser } from '../support/browser.ts';
import { findings } from './axe-findings.ts';
import { SLOW_MS, stage } from './stage.ts';
import { LANGUAGES, VIEWS, visit } from './visit.ts';

describe.skipIf(chromiumPath === undefined)(`the page for everyone${withoutBrowser}`, () => {
  const on = stage();
  /** Its rules look into styles and frames in ways that the page's policy forbids. */
  const open = async (options: Parameters<typeof visit>[2]) => {
    const opened = await visit(on.browser, on.server.url, { bypassCSP: true, reducedMotion: true, ...options });
    await opened.page.evaluate(axe.source);
    return opened;
  };

  test.each(LANGUAGES)(
    `axe finds nothing in any view in either theme, in %s${withoutBrowser}`,
    async (language) => {
      const opened = await open({ language });
      const found: string[] = [];
      for (const view of VIEWS) {
        await opened.show(view);
        for (const theme of ['light', 'dark'] as const) {
          await opened.page.emulateMedia({ colorScheme: theme });
          for (const finding of await findings(opened)) found.push(`${view} ${theme}: ${finding}`);
        }
      }
      expect(found).toEqual([]);
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `axe finds nothing on a wall, in the drawer, or on a phone${withoutBrowser}`,
    async () => {
      const found: string[] = [];
      for (const theme of ['light', 'dark']) {
        const wall = await open({ query: `?wall=1&views=financial&theme=${theme}`, width: 1920, height: 1080 });
        await wall.page.locator('.wall-figure [data-figure]').first().waitFor();
        for (const finding of await findings(wall)) found.push(`wall ${theme}: ${finding}`);
        await wall.close();
      }
      const phone = await open({ width: 360, height: 740 });
      await phone.show('claims');
      for (const finding of await findings(phone)) found.push(`phone: ${finding}`);
      await phone.page.getByRole('button', { name: 'Abrir notificações' }).click();
      for (const finding of await findings(phone)) found.push(`drawer: ${finding}`);
      await phone.close();
      expect(found).toEqual([]);
    },
    SLOW_MS,
  );
});
