import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Browser } from 'playwright-core';
import { chromiumPath, launchBrowser } from '../tests/support/browser.ts';
import { printHeading, printTable, printTargets } from './support/report.ts';
import { type ServerProcess, startServer } from './support/server.ts';
import { median } from './support/statistics.ts';

/** Each in a profile of its own, so with an empty cache. */
const VISITS = 11;
const FIRST_FIGURE_AT_MOST_MS = 1_000;
const AT_MOST_KILOBYTES = 250;

/** Run in the page before its own scripts: when the first pixels and the first figure were drawn, ms since it was asked for. */
const WATCH = `globalThis.firstFigure = new Promise((resolve) => {
  new MutationObserver((_, observer) => {
    if (document.querySelector('[data-figure]') === null) return;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
  }).observe(document, { childList: true, subtree: true });
});
globalThis.firstPaint = new Promise((resolve) => {
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntriesByName('first-contentful-paint')) resolve(startTime);
  }).observe({ type: 'paint', buffered: true });
})`;

interface Measured {
  readonly firstPaintMs: number;
  readonly firstFigureMs: number;
  /** Of scripts, styles, fonts and the page itself, as they were sent. */
  readonly bytes: number;
}

async function measure(browser: Browser, { url }: ServerProcess): Promise<Measured> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript({ content: WATCH });
  const page = await context.newPage();
  const sizes: Promise<number>[] = [];
  page.on('requestfinished', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname !== '/' && !pathname.startsWith('/assets/')) return;
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  await page.goto(url);
  const firstFigureMs = Value.Parse(Type.Number(), await page.evaluate('firstFigure'));
  const firstPaintMs = Value.Parse(Type.Number(), await page.evaluate('firstPaint'));
  await page.waitForLoadState('networkidle');
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  await context.close();
  return { firstPaintMs, firstFigureMs, bytes };
}

printHeading(`Page: address to first figure on localhost, ${VISITS} first visits in Chromium`);
if (chromiumPath === undefined) {
  console.log('  skipped: no Chromium is installed here');
} else {
  const server = await startServer({ DEMO_RATE: '0' });
  const browser = await launchBrowser();
  // Builds the page where it is not built yet.
  await measure(browser, server);
  const visits: Measured[] = [];
  for (let index = 0; index < VISITS; index++) visits.push(await measure(browser, server));
  await browser.close();
  await server.stop();

  const figures = visits.map(({ firstFigureMs }) => firstFigureMs);
  const kilobytes = Math.max(...visits.map(({ bytes }) => bytes)) / 1024;
  printTable(
    ['ms', 'median', 'slowest'],
    [
      [
        'first paint',
        median(visits.map(({ firstPaintMs }) => firstPaintMs)),
        Math.max(...visits.map((one) => one.firstPaintMs)),
      ],
      ['first figure', median(figures), Math.max(...figures)],
    ],
  );
  printTargets([
    { words: 'first figure, median', measured: median(figures), unit: ' ms', atMost: FIRST_FIGURE_AT_MOST_MS },
    {
      words: 'page, scripts, styles and fonts, compressed',
      measured: kilobytes,
      unit: ' KB',
      atMost: AT_MOST_KILOBYTES,
    },
  ]);
}
