import { describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { CDPSession } from 'playwright-core';
import { chromiumPath, withoutBrowser } from '../support/browser.ts';
import { SLOW_MS, stage } from './stage.ts';
import { visit } from './visit.ts';

const EMISSIONS = 10_000;
/** More of them than a page can draw come in one frame: what it skips then, it skips live too. */
const A_FRAME = 20;
/** By then every view has been on, and everything is kept that is kept for ever. */
const WARM_AFTER = 3_000;
const DESK_EMISSIONS = 1_500;
const GREW_AT_MOST_BYTES = 1_500_000;
const GREW_AT_MOST_NODES = 300;

const Counters = Type.Object({ nodes: Type.Integer(), jsEventListeners: Type.Integer() });

interface Usage {
  readonly bytes: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** What the page holds after its garbage is gone. */
async function usageOf(devtools: CDPSession): Promise<Usage> {
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = Value.Parse(Counters, await devtools.send('Memory.getDOMCounters'));
  return { bytes: usedSize, nodes, listeners: jsEventListeners };
}

describe.skipIf(chromiumPath === undefined)(`a wall for weeks${withoutBrowser}`, () => {
  const on = stage();

  test(
    `a view with charts and tables on a desk grows neither${withoutBrowser}`,
    async () => {
      const opened = await visit(on.browser, on.server.url);
      await opened.show('financial');
      const devtools = await opened.context.newCDPSession(opened.page);
      await opened.probe(Type.Number(), `emit(${DESK_EMISSIONS}, ${A_FRAME})`);
      const before = await usageOf(devtools);
      const newest = await opened.probe(Type.Number(), `emit(${DESK_EMISSIONS}, ${A_FRAME})`);
      await opened.probe(Type.Number(), `shownAt('financial.revenue.MonthlyRevenue', '${newest}')`);
      const after = await usageOf(devtools);
      expect(after.bytes - before.bytes).toBeLessThan(GREW_AT_MOST_BYTES);
      expect(after.nodes - before.nodes).toBeLessThan(GREW_AT_MOST_NODES);
      expect(after.listeners - before.listeners).toBeLessThan(GREW_AT_MOST_NODES);
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `${EMISSIONS} emissions leave heap and document as they were${withoutBrowser}`,
    async () => {
      const opened = await visit(on.browser, on.server.url, {
        // The views turn every three seconds, so that they come and go meanwhile.
        query: '?wall=1&rotate=3&views=financial,overview,claims',
        width: 1920,
        height: 1080,
      });
      const { page } = opened;
      await page.locator('.wall-figure [data-figure]').first().waitFor();
      const devtools = await opened.context.newCDPSession(page);
      // The same view at both looks, just after its turn began.
      const look = async () => {
        await page.locator('.wall-title').getByText('Reclamações').waitFor();
        await page.locator('.wall-title').getByText('Financeiro').waitFor();
        return await usageOf(devtools);
      };
      await opened.probe(Type.Number(), `emit(${WARM_AFTER}, ${A_FRAME})`);
      const before = await look();
      const newest = await opened.probe(Type.Number(), `emit(${EMISSIONS - WARM_AFTER}, ${A_FRAME})`);
      const after = await look();
      await opened.probe(Type.Number(), `shownAt('financial.revenue.MonthlyRevenue', '${newest}')`);
      expect(after.bytes - before.bytes).toBeLessThan(GREW_AT_MOST_BYTES);
      expect(after.nodes - before.nodes).toBeLessThan(GREW_AT_MOST_NODES);
      expect(after.listeners - before.listeners).toBeLessThan(GREW_AT_MOST_NODES);
      expect(opened.complaints).toEqual([]);
      await opened.close();
    },
    SLOW_MS,
  );
});
