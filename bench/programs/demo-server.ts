import { features } from '../../src/features/index.ts';
import { startTestServer } from '../../tests/support/test-server.ts';
import { answerRequests } from '../support/answer.ts';
import { benchMirror, demoSources, feedsOver } from '../support/demo-stack.ts';
import { watchEventLoop } from '../support/event-loop.ts';

/**
 * The server over an unchanging demo company, with additional requests: the figures of a single feature, and the longest
 * stall of the event loop. The argument is the scale of the company.
 */
const [scale = '1'] = process.argv.slice(2);
const EMIT_INTERVAL_MS = 250;

const mirror = await benchMirror();
const feeds = feedsOver(await demoSources(Number(scale)), mirror);
const server = startTestServer({
  features,
  sources: { feeds, mirror },
  intervalMs: EMIT_INTERVAL_MS,
  timings: { manualIntervalMs: 0, maxAgeMs: 3_600_000 },
  onError: (error) => console.error(error),
});
const { running } = server.supervisor;
const hasAll = () => running.every(({ actor }) => actor.latest() !== undefined);
while (!hasAll()) await Bun.sleep(50);

/** From the request to the parsed content. Every figure is computed, whether the content is new or not. */
const figures = async (name: unknown) => {
  const feature = features.find((each) => each.name === name);
  if (feature === undefined) throw new Error(`No feature ${String(name)}`);
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const loaded = await mirror.figures(feature, Date.now(), null);
  loaded?.content();
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1000 };
};

answerRequests({
  features: () => features.map(({ name }) => name),
  refresh: figures,
  /** Stalls of the event loop while all features refresh at once. */
  async refreshAll() {
    const loop = watchEventLoop();
    const startedAt = performance.now();
    await Promise.all(features.map(({ name }) => figures(name)));
    const ms = performance.now() - startedAt;
    // Publications are sent only in the next turn of the event loop.
    await Bun.sleep(5);
    return { ...loop.stop(), ms };
  },
  async size() {
    const { rows, bytes } = await mirror.size('sql');
    return { payments: rows.Payments ?? 0, bytes };
  },
});
