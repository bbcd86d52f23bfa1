import { afterAll, beforeAll } from 'bun:test';
import type { Browser } from 'playwright-core';
import { chromiumPath, launchBrowser } from '../support/browser.ts';
import { type ServerProcess, startProcess, temporaryFolder } from '../support/process.ts';

/** The longest that a test may take on a busy machine. */
export const SLOW_MS = 120_000;

export interface Stage {
  readonly browser: Browser;
  readonly server: ServerProcess;
}

/** One browser and one server with a small demo company for a whole test file; nothing moves in it unless told otherwise. */
export function stage(environment: Readonly<Record<string, string>> = {}): Stage {
  let browser: Browser | undefined;
  let server: ServerProcess | undefined;
  let state: Awaited<ReturnType<typeof temporaryFolder>> | undefined;
  beforeAll(async () => {
    if (chromiumPath === undefined) return;
    // Of its own: notifications of other runs are kept there.
    state = await temporaryFolder();
    [browser, server] = await Promise.all([
      launchBrowser(),
      startProcess({ DEMO_SEED: '7', STATE_DIR: state.path, ...environment }),
    ]);
    await server.ready();
  }, SLOW_MS);
  afterAll(async () => {
    await browser?.close();
    server?.signal('SIGTERM');
    await server?.exited;
    await state?.[Symbol.asyncDispose]();
  }, SLOW_MS);
  const there = <Part>(part: Part | undefined): Part => {
    if (part === undefined) throw new Error('The stage is not open yet');
    return part;
  };
  return {
    get browser() {
      return there(browser);
    },
    get server() {
      return there(server);
    },
  };
}
