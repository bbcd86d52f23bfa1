import type { TSchema } from '@sinclair/typebox';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Browser, BrowserContext, Page } from 'playwright-core';

/** The views in the order of the rail. */
export const VIEWS = [
  'overview',
  'claims',
  'financial',
  'subscriptions',
  'support',
  'content',
  'users',
  'storage',
] as const;
export type ViewName = (typeof VIEWS)[number];

export const LANGUAGES = ['pt-BR', 'en-US'] as const;

/** Longer than any step takes; only a test that fails waits so long. */
const PATIENCE_MS = 30_000;

export interface VisitOptions {
  readonly language?: (typeof LANGUAGES)[number];
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** Pixels of the screen to one of the page. */
  readonly density?: number;
  readonly reducedMotion?: boolean;
  /** For tools that need what the page's policy forbids. */
  readonly bypassCSP?: boolean;
  /** `?wall=1` */
  readonly query?: string;
  /** Called before the page is asked for. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Someone who has opened the page. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Addresses that the page asked for, WebSockets included. */
  readonly asked: readonly string[];
  /** Errors of its console and scripts. */
  readonly complaints: readonly string[];
  /** Goes to a view by its fragment, as its link does, and waits until it stands. */
  show(view: ViewName): Promise<void>;
  /** Asks the page about itself: a call of `tests/web/in-page/probes.ts`. */
  probe<Schema extends TSchema>(schema: Schema, call: string): Promise<Static<Schema>>;
  close(): Promise<void>;
}

const probes = bundleProbes();

/** Opens the page in a profile of its own. */
export async function visit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> {
  const { language = 'pt-BR', theme = 'light', width = 1280, height = 800, query = '' } = options;
  const context = await browser.newContext({
    locale: language,
    colorScheme: theme,
    viewport: { width, height },
    deviceScaleFactor: options.density ?? 1,
    reducedMotion: options.reducedMotion === true ? 'reduce' : 'no-preference',
    bypassCSP: options.bypassCSP ?? false,
    timezoneId: 'America/Sao_Paulo',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript({ content: await probes });
  const page = await context.newPage();
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('websocket', (socket) => asked.push(socket.url()));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await options.prepare?.(page);
  await page.goto(`${url}/${query}`);
  const probe = async <Schema extends TSchema>(schema: Schema, call: string) =>
    Value.Parse(schema, await page.evaluate(`probes.${call}`));
  return {
    page,
    context,
    asked,
    complaints,
    probe,
    async show(view) {
      await page.evaluate(`location.hash = '#/${view === 'overview' ? '' : view}'`);
      await probe(Type.Undefined(), `untilShown('${view}')`);
    },
    close: () => context.close(),
  };
}

async function bundleProbes(): Promise<string> {
  const { outputs } = await Bun.build({
    entrypoints: [`${import.meta.dir}/../web/in-page/probes.ts`],
    target: 'browser',
    format: 'iife',
  });
  const [script] = outputs;
  if (script === undefined) throw new Error('The probes were not bundled');
  return await script.text();
}
