import { describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { chromiumPath, withoutBrowser } from '../support/browser.ts';
import { SLOW_MS, stage } from './stage.ts';
import { visit } from './visit.ts';

const Drawn = Type.Object({
  texts: Type.Array(Type.String()),
  colours: Type.Array(Type.String()),
  dots: Type.Array(Type.Number()),
});

/** Bars have round corners; the dot of a point under the pointer is larger. */
const BAR_CORNER_PX = 3;

describe.skipIf(chromiumPath === undefined)(`the charts of the page${withoutBrowser}`, () => {
  const on = stage();

  test(
    `the texts drawn on a chart follow the language and the paper${withoutBrowser}`,
    async () => {
      const opened = await visit(on.browser, on.server.url, { theme: 'dark' });
      const { page } = opened;
      await opened.show('overview');
      const before = await opened.probe(Drawn, 'drawn()');
      expect(before.texts).toContain('Média de 7 dias');
      await page.locator('.language-switch').click();
      await opened.probe(Type.Undefined(), `untilShown('overview')`);
      const after = await opened.probe(Drawn, 'drawn()');
      expect(after.texts).toContain('7-day mean');
      expect(after.texts).not.toContain('Média de 7 dias');
      await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
      const printed = await opened.probe(Drawn, 'drawn()');
      expect(printed.texts).toContain('7-day mean');
      expect(printed.colours.filter((colour) => after.colours.includes(colour))).toEqual([]);
      await page.evaluate(`dispatchEvent(new Event('afterprint'))`);
      const again = await opened.probe(Drawn, 'drawn()');
      expect(again.colours.toSorted()).toEqual(after.colours.toSorted());
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `new values move the lines without dots on them, and not at all for those who want less motion${withoutBrowser}`,
    async () => {
      const drawings: number[] = [];
      for (const reducedMotion of [false, true]) {
        const opened = await visit(on.browser, on.server.url, { reducedMotion });
        await opened.show('financial');
        await opened.probe(Drawn, 'drawn()');
        await opened.probe(Type.Number(), 'emit(1, 1)');
        await opened.probe(Type.Undefined(), 'elapsed(600)');
        const { texts, dots } = await opened.probe(Drawn, 'drawn()');
        expect(texts.length).toBeGreaterThan(0);
        expect(dots.filter((radius) => radius > BAR_CORNER_PX)).toEqual([]);
        drawings.push(texts.length);
        await opened.close();
      }
      const [moving = 0, still = 0] = drawings;
      expect(moving).toBeGreaterThan(still);
    },
    SLOW_MS,
  );
});
