import { config as rxjsConfig } from 'rxjs';
import packageJson from '../package.json' with { type: 'json' };
import { banner } from './banner.ts';
import { type Config, loadConfig } from './config/config.ts';
import { createAccess } from './core/access/access.ts';
import { recordHistory } from './core/history/record-history.ts';
import { createNotifications } from './core/notifications/create-notifications.ts';
import { forNewSources } from './core/notifications/notification-store.ts';
import { createLog, type Log } from './core/observe/log.ts';
import { systemClock } from './core/runtime/clock.ts';
import { type Feeds, type Supervisor, supervise } from './core/runtime/supervisor.ts';
import { keepNewest, restoreSnapshots, type WarmStartOptions } from './core/store/warm-start.ts';
import { createEncoder } from './features/exports/encoder.ts';
import { createExporter } from './features/exports/export-file.ts';
import { exportRoutes } from './features/exports/routes.ts';
import { features } from './features/index.ts';
import { listen } from './listen.ts';
import { logChanges } from './log-changes.ts';
import { openAssets } from './open-assets.ts';
import { createFeeds, openSources } from './open-feeds.ts';
import { openMirror } from './open-mirror.ts';
import { openOutlets } from './open-outlets.ts';
import { openStateFolder, openStateHistory, openStateStore } from './open-state.ts';
import { onStopSignal, runStopSteps, type StopStep } from './shutdown.ts';
import { explainStart } from './start-errors.ts';

/** Budget of all stop steps. With the exit of the process a shutdown stays below 5 s. */
const STOP_WITHIN_MS = 4_500;

/** The whole program: configuration → feeds → mirror → actors → outlets → server → signals. */
async function main(): Promise<void> {
  const config = loadConfig(features.map(({ name }) => name));
  const log = createLog(config.logLevel);
  const onError = (error: unknown) => log.error({ err: error }, 'unexpected error');
  rxjsConfig.onUnhandledError = onError;
  let stopSteps: readonly StopStep[] = [];
  onStopSignal(async (signal) => {
    log.info({ signal }, 'stopping');
    const onCut = (step: string) => log.warn({ step }, 'stopping took too long and was cut short');
    await runStopSteps(stopSteps, { budgetMs: STOP_WITHIN_MS, onCut, onError });
    process.exit(0);
  });
  const context: Context = { config, log, features, clock: systemClock, random: Math.random, onError };

  const parts = await openParts(context);
  const { opened, mirror, store, history, assets, feeds } = parts;
  const supervisor = await superviseFeatures(context, parts);
  const { running } = supervisor;
  const notifications = opened.outlivesRestarts
    ? store.notifications
    : forNewSources(store.notifications, systemClock.now());
  const journal = createNotifications({ ...context, running, feeds, store: notifications });
  const hubs = parts.createHubs({ ...context, running, journal, emission: (hub) => emissionOf(config, hub) });
  const outlets = await openOutlets({ ...context, running, journal, store: store.outlets });
  const encoder = createEncoder({ clock: systemClock, onLost: onError });
  const exporter = createExporter({ dialect: config.exports.dialect, timeZone: config.timeZone }, encoder);
  const server = await listen(parts.serve, {
    ...{ host: config.host, port: config.port, access: createAccess(config.access), origins: config.origins },
    ...{ running, feeds, mirror, hubs, journal, outlets, history, assets },
    outletRoutes: exportRoutes(running, exporter),
    about: {
      title: 'Greg BI',
      version: packageJson.version,
      description: packageJson.description,
      timeZone: config.timeZone,
    },
    clock: systemClock,
    onError,
  });

  logChanges(log, running, feeds);
  const stopRecording = recordHistory({ ...context, running, feeds, history });
  supervisor.start();
  outlets.start();
  opened.start();
  const notices = [...config.notices, ...parts.notices];
  for (const notice of notices) log.warn(notice);
  console.log(banner({ config, url: server.url, hubs: hubs.names, sources: opened.description, notices }));
  // Builds the page before the first request for it.
  assets.page.files().catch(() => {});

  const stopActors = () => Promise.all([opened.stop(), supervisor.stop(), outlets.stop()]);
  const closeFiles = () => {
    stopRecording();
    return Promise.all([mirror.close(), store.close(), encoder.close(), history.close()]);
  };
  stopSteps = [
    // Actors first: they emit what is pending before the connections close.
    { name: 'actors', atMostMs: 1_500, atLeastMs: 0, run: stopActors },
    { name: 'hubs', atMostMs: 1_250, atLeastMs: 1_000, run: () => hubs.close() },
    // A half-sent request would never end, so it is cut off after the limit.
    { name: 'requests', atMostMs: 2_000, atLeastMs: 250, run: () => server.stop() },
    { name: 'sockets', atMostMs: 500, atLeastMs: 100, run: () => server.stop(true) },
    { name: 'mirror, store and history', atMostMs: STOP_WITHIN_MS, atLeastMs: 700, run: closeFiles },
  ];
}

/** What every part of the program is given. */
interface Context {
  readonly config: Config;
  readonly log: Log;
  readonly features: typeof features;
  readonly clock: typeof systemClock;
  readonly random: () => number;
  readonly onError: (error: unknown) => void;
}

type Parts = Awaited<ReturnType<typeof openParts>>;

/** Opens what takes longest, in parallel, while the rest of the program loads. */
async function openParts(context: Context) {
  const { config, log, onError } = context;
  const state = openStateFolder(config.stateDirectory);
  const options = { ...context, stateDirectory: state.directory, onProgress: (text: string) => console.log(text) };
  const sources = openSources(options);
  const [opened, mirror, store, history, assets, { createHubs }, { serve }] = await Promise.all([
    sources,
    openMirror({
      timeZone: config.timeZone,
      storage: state.directory === null ? 'memory' : config.mirror.storage,
      directory: state.directory,
      onNotice: (text) => log.warn(text),
      onLost: onError,
    }),
    openStateStore(state.directory, log),
    // A history of demo data in memory ends with them: the next start generates another company.
    sources.then(({ outlivesRestarts }) =>
      openStateHistory({
        directory: outlivesRestarts ? state.directory : null,
        timeZone: config.timeZone,
        maximumBytes: config.historyMaximumBytes,
        log,
      }),
    ),
    openAssets({
      watchPage: Bun.argv.includes('--watch-page'),
      onError: (error) => log.error({ err: error }, 'the live page cannot be built'),
    }),
    import('./core/hubs/hubs.ts'),
    import('./core/http/serve.ts'),
  ]);
  const feeds: Feeds = createFeeds(opened, mirror, options);
  const notices = [...state.notices, ...store.notices];
  return { opened, mirror, store, history, assets, feeds, createHubs, serve, notices };
}

/** An actor per feature, with its snapshot from before the restart. Later snapshots are kept for the next one. */
async function superviseFeatures(context: Context, { feeds, mirror, store }: Parts): Promise<Supervisor> {
  const { config, log } = context;
  const warmStart: WarmStartOptions = {
    ...context,
    feeds,
    timeZone: config.timeZone,
    store,
    onDropped: (feature, reason) => log.info({ feature, reason }, 'the snapshot before the restart is not used'),
  };
  const restored = await restoreSnapshots(warmStart);
  const supervisor = supervise({ ...context, restored, feeds, mirror, timings: config.timings, sequences: store });
  keepNewest(supervisor.running, warmStart);
  return supervisor;
}

function emissionOf({ emission }: Config, hub: string) {
  return { intervalMs: emission.intervalMsByHub[hub] ?? emission.intervalMs, unchanged: emission.unchanged };
}

main().catch((error: unknown) => {
  console.error(explainStart(error) ?? error);
  process.exit(1);
});
