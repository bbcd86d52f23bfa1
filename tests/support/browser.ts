import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of an installed Chromium; undefined if there is none, so that its tests are skipped. */
export const chromiumPath = PLACES.find((path) => existsSync(path));

/** Appended to the name of a test that needs a browser. */
export const withoutBrowser = chromiumPath === undefined ? ' (skipped: no chromium is installed here)' : '';

/** Longer than any step takes; only a failing test waits this long. */
const PATIENCE_MS = 45_000;

/** A browser with an empty profile that can reach only this machine. */
export function launchBrowser(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('There is no Chromium');
  return chromium.launch({
    executablePath: chromiumPath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}

export interface WatchedPage {
  readonly page: Page;
  /** Blocked requests to other addresses than the server's. */
  readonly elsewhere: readonly string[];
  /** Errors of the page's console and scripts. */
  readonly complaints: readonly string[];
}

/** A page that may send requests only to `origin`. */
export async function openWatchedPage(browser: Browser, origin: string): Promise<WatchedPage> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.setDefaultTimeout(PATIENCE_MS);
  const elsewhere: string[] = [];
  const complaints: string[] = [];
  await page.route('**/*', async (route) => {
    const url = route.request().url();
    if (url.startsWith(`${origin}/`)) return route.continue();
    elsewhere.push(url);
    return route.abort();
  });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, elsewhere, complaints };
}
