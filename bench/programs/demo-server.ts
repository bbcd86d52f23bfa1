import { systemClock } from '../../src/core/runtime/clock.ts';
import { openDemoSources } from '../../src/demo/open.ts';
import { features } from '../../src/features/index.ts';
import { startTestServer } from '../../tests/support/test-server.ts';
import { answerRequests } from '../support/answer.ts';
import { watchEventLoop } from '../support/event-loop.ts';

/**
 * The server over the demo company in which nothing moves, with handles that the program does not offer: one refresh at a
 * time, and the longest stall of its event loop. The argument is the scale of the company.
 */
const [scale = '1'] = process.argv.slice(2);
const EMIT_INTERVAL_MS = 250;

const onError = (error: unknown) => console.error(error);
const { sources } = await openDemoSources({
  directory: null,
  keptIn: null,
  rate: 0,
  seed: 1,
  scale: Number(scale),
  clock: systemClock,
  onProgress: () => {},
  onError,
});
const server = startTestServer({
  features,
  sources,
  intervalMs: EMIT_INTERVAL_MS,
  timings: { manualIntervalMs: 0 },
  onError,
});
const { running } = server.supervisor;

const refresh = async (name: unknown) => {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const outcome = await running.find(({ feature }) => feature.name === name)?.actor.refresh();
  const ms = performance.now() - startedAt;
  if (outcome?.status !== 'ok') throw new Error(`${String(name)} was not refreshed: ${JSON.stringify(outcome)}`);
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1000 };
};

answerRequests({
  features: () => features.map(({ name }) => name),
  /** What one refresh takes, from the call to the publication: time, and processor time of all threads. */
  refresh,
  /** How the event loop is held up while every feature is refreshed at once. */
  async refreshAll() {
    const loop = watchEventLoop();
    await Promise.all(features.map(({ name }) => refresh(name)));
    // What was published is on its way only once the loop has turned.
    await Bun.sleep(5);
    return loop.stop();
  },
});
