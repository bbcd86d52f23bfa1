import { createAccess } from '../../src/core/access/access.ts';
import { isoInstant } from '../../src/core/figures/calendar.ts';
import { serve } from '../../src/core/http/serve.ts';
import { createHubs } from '../../src/core/hubs/hubs.ts';
import { createNotifications } from '../../src/core/notifications/create-notifications.ts';
import { DEFAULT_TIMINGS } from '../../src/core/runtime/actor-state.ts';
import { systemClock } from '../../src/core/runtime/clock.ts';
import { supervise } from '../../src/core/runtime/supervisor.ts';
import { createVolatileStore } from '../../src/core/store/store.ts';
import { openDemoSources } from '../../src/demo/open.ts';
import { features } from '../../src/features/index.ts';
import { answerRequests } from '../support/answer.ts';
import { watchEventLoop } from '../support/event-loop.ts';

/**
 * The server as `src/main.ts` puts it together, with handles that the program does not offer: one refresh at a time,
 * the longest stall of its event loop, and a change of one's own. Arguments: scale, and changes a second.
 */
const [scale = '1', rate = '0'] = process.argv.slice(2);
const EMIT_INTERVAL_MS = 250;

const onError = (error: unknown) => console.error(error);
const { sources, company } = await openDemoSources({
  directory: null,
  keptIn: null,
  rate: Number(rate),
  seed: 1,
  scale: Number(scale),
  clock: systemClock,
  onProgress: () => {},
  onError,
});
const store = createVolatileStore(Date.now());
const supervisor = supervise({
  features,
  sources,
  timings: { ...DEFAULT_TIMINGS, manualIntervalMs: 0 },
  clock: systemClock,
  random: Math.random,
  sequences: store,
  onError,
});
const { running } = supervisor;
const journal = createNotifications({ running, sources, store: store.notifications, clock: systemClock, onError });
const hubs = createHubs({
  running,
  journal,
  emission: () => ({ intervalMs: EMIT_INTERVAL_MS, unchanged: false }),
  clock: systemClock,
  onError,
});
const server = serve({
  host: '127.0.0.1',
  port: 0,
  running,
  sources,
  hubs,
  journal,
  access: createAccess({ secret: null, roles: ['Admin'], issuer: null, audience: null }),
  origins: [],
  clock: systemClock,
  about: { title: 'Greg BI', version: '0.0.0', description: 'A server under measurement' },
  onError,
});
supervisor.start();
company.start();

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
  url: () => `http://127.0.0.1:${server.port}`,
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
  openClaim: (id) =>
    sources.sql.write([
      {
        table: 'Claims',
        sql: 'insert into Claims (Id, MpClaimId, Type, DataCreated, Status) values (?, ?, ?, ?, 0)',
        parameters: [id, id, 'Return', isoInstant(Date.now())],
      },
    ]),
  openTicket: (id) =>
    sources.documents.insert('support_tickets', [
      {
        _id: String(id).padStart(24, 'f'),
        userId: 'nobody',
        context: 'Benchmark',
        explanation: `ticket ${id}`,
        status: 'Open',
        createdAt: new Date(),
      },
    ]),
});
