/**
 * The pictures of the README: `npm run screenshots`, which needs Chromium.
 *
 * The demo company is always the same one and nothing moves in it; dates and what counts from now still differ by the day.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBrowser } from '../support/browser.ts';
import { startProcess, temporaryFolder } from '../support/process.ts';
import { type SeededFigure, seedHistory } from './seed-history.ts';
import { type ViewName, type VisitOptions, visit } from './visit.ts';

interface Picture extends VisitOptions {
  readonly name: string;
  readonly view: ViewName;
}

const PICTURES: readonly Picture[] = [
  { name: 'overview-light', view: 'overview', width: 1440, height: 1000 },
  { name: 'overview-dark', view: 'overview', width: 1440, height: 1000, theme: 'dark' },
  { name: 'overview-phone', view: 'overview', width: 390, height: 844, density: 2 },
  { name: 'wall', view: 'financial', width: 1920, height: 1080, query: '?wall=1&views=financial' },
  { name: 'claims', view: 'claims', width: 1440, height: 1000 },
  { name: 'financial', view: 'financial', width: 1440, height: 1000, theme: 'dark' },
  { name: 'storage', view: 'storage', width: 1440, height: 1000 },
];
const FOLDER = join(import.meta.dir, '../../docs/screenshots');
const MOST_KILOBYTES = 300;

/** From −0.5 to 0.5, and the same at each run. */
function smoothNoise(seed: number, at: number): number {
  const valueAt = (whole: number) => Math.abs((Math.sin(whole * 12.9898 + seed * 78.233) * 43_758.5453) % 1) - 0.5;
  const [left, part] = [Math.floor(at), at % 1];
  const eased = part * part * (3 - 2 * part);
  return valueAt(left) * (1 - eased) + valueAt(left + 1) * eased;
}

/** A figure that grows to what it is now, and nine hours in which the server was down. */
function plausible({ path, current }: SeededFigure, hoursAgo: number): number | undefined {
  if (hoursAgo >= 57 && hoursAgo < 66) return undefined;
  const phase = path.length;
  const growth = 1 - (hoursAgo / (24 * 180)) * 0.3;
  const settled = Math.min(1, hoursAgo / 12);
  if (Number.isInteger(current) && current < 100) {
    return Math.max(0, Math.round(current * growth + 5 * smoothNoise(phase, hoursAgo / 60) * settled));
  }
  const wave = 0.05 * smoothNoise(phase, hoursAgo / 40) + 0.02 * smoothNoise(phase + 1, hoursAgo / 9);
  const value = current * (growth + wave * settled);
  return Number.isInteger(current) ? Math.round(value) : Math.round(value * 100) / 100;
}

await mkdir(FOLDER, { recursive: true });
await using state = await temporaryFolder();
const [browser, server] = await Promise.all([
  launchBrowser(),
  // A folder of its own: the history of demo data in memory would begin now.
  startProcess({
    ...{ DEMO_SEED: '1', DEMO_SCALE: '1', DEMO_RATE: '0' },
    ...{ STATE_DIR: state.path, DEMO_DIR: `${state.path}/demo` },
  }),
]);
try {
  await server.ready();
  await seedHistory({ stateDirectory: state.path, url: server.url, hours: 24 * 180, valueAgo: plausible });
  for (const { name, view, ...options } of PICTURES) {
    const opened = await visit(browser, server.url, { reducedMotion: true, ...options });
    await opened.show(view);
    // The history arrives after the figures.
    await opened.page.getByText('7 dias antes').first().waitFor();
    const png = await opened.page.screenshot({ path: join(FOLDER, `${name}.png`) });
    const kilobytes = Math.round(png.byteLength / 1024);
    console.log(`docs/screenshots/${name}.png: ${kilobytes} KB`);
    if (kilobytes > MOST_KILOBYTES) process.exitCode = 1;
    await opened.close();
  }
} finally {
  await browser.close();
  server.signal('SIGTERM');
  await server.exited;
}
