import { describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { chromiumPath, withoutBrowser } from '../support/browser.ts';
import { SLOW_MS, stage } from './stage.ts';
import { VIEWS, type Visit, visit } from './visit.ts';

const SIZES = [
  [320, 640],
  [768, 1024],
  [1280, 800],
  [1920, 1080],
  [3840, 2160],
] as const;

const Widths = Type.Object({
  scrollWidth: Type.Number(),
  scrollHeight: Type.Number(),
  innerWidth: Type.Number(),
  innerHeight: Type.Number(),
});
const Found = Type.Array(Type.String());

describe.skipIf(chromiumPath === undefined)(`the layout of the page${withoutBrowser}`, () => {
  const on = stage();

  /** What is wrong with a view at its present size. */
  const flaws = async (opened: Visit): Promise<string[]> => {
    const { scrollWidth, innerWidth } = await opened.probe(Widths, 'widths()');
    const cut = await opened.probe(Found, 'cutTexts()');
    const over = await opened.probe(Found, 'overlaps()');
    return [
      ...(scrollWidth > innerWidth ? [`scrolls sideways: ${scrollWidth} of ${innerWidth}`] : []),
      ...cut,
      ...over.map((pair) => `overlap: ${pair}`),
    ];
  };

  test.each(VIEWS)(
    `%s fits every screen: nothing overflows, overlaps or is cut off${withoutBrowser}`,
    async (view) => {
      const opened = await visit(on.browser, on.server.url);
      await opened.show(view);
      const found: string[] = [];
      for (const [width, height] of SIZES) {
        await opened.page.setViewportSize({ width, height });
        await opened.probe(Type.Undefined(), `untilShown('${view}')`);
        found.push(...(await flaws(opened)).map((flaw) => `${width}: ${flaw}`));
      }
      expect(found).toEqual([]);
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `a wall has no scroll bar and cuts nothing off at any size${withoutBrowser}`,
    async () => {
      const found: string[] = [];
      for (const view of VIEWS) {
        const opened = await visit(on.browser, on.server.url, { query: `?wall=1&views=${view}` });
        await opened.page.locator('.wall-figure [data-figure]').first().waitFor();
        for (const [width, height] of SIZES) {
          await opened.page.setViewportSize({ width, height });
          await opened.probe(Type.Undefined(), `untilShown('${view === 'overview' ? 'financial' : view}')`);
          const { scrollHeight, innerHeight } = await opened.probe(Widths, 'widths()');
          const high = scrollHeight > innerHeight ? [`scrolls: ${scrollHeight} of ${innerHeight}`] : [];
          found.push(...[...high, ...(await flaws(opened))].map((flaw) => `${view} ${width}: ${flaw}`));
        }
        await opened.close();
      }
      expect(found).toEqual([]);
    },
    SLOW_MS,
  );

  test(
    `long figures of a wall fit their cells at any size${withoutBrowser}`,
    async () => {
      const opened = await visit(on.browser, on.server.url, { query: '?wall=1&views=financial' });
      await opened.page.locator('.wall-figure [data-figure]').first().waitFor();
      const found: string[] = [];
      for (const [width, height] of SIZES) {
        await opened.page.setViewportSize({ width, height });
        for (const long of ['R$ 12.345.679', '-R$ 888.888.888', '123.456,7 MB']) {
          const wide = await opened.probe(Found, `tooWideForTheWall('${long}')`);
          found.push(...wide.map((flaw) => `${width}: ${flaw}`));
        }
      }
      expect(found).toEqual([]);
      await opened.close();
    },
    SLOW_MS,
  );
});
