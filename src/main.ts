import { distinctUntilChanged, filter, map, config as rxjsConfig } from 'rxjs';
import packageJson from '../package.json' with { type: 'json' };
import { banner } from './banner.ts';
import { loadConfig } from './config/config.ts';
import { createAccess } from './core/access/access.ts';
import type { Feed } from './core/feeds/feed.ts';
import { recordHistory } from './core/history/record-history.ts';
import { createNotifications } from './core/notifications/create-notifications.ts';
import { forNewSources } from './core/notifications/notification-store.ts';
import { createLog, type Log } from './core/observe/log.ts';
import { systemClock } from './core/runtime/clock.ts';
import { supervise } from './core/runtime/supervisor.ts';
import { keepNewest, restoreSnapshots, type WarmStartOptions } from './core/store/warm-start.ts';
import { createEncoder } from './features/exports/encoder.ts';
import { createExporter } from './features/exports/export-file.ts';
import { exportRoutes } from './features/exports/routes.ts';
import { features } from './features/index.ts';
import { listen } from './listen.ts';
import { openAssets } from './open-assets.ts';
import { createFeeds, type OpenSourcesOptions, openSources } from './open-feeds.ts';
import { openMirror } from './open-mirror.ts';
import { openOutlets } from './open-outlets.ts';
import { openStateFolder, openStateHistory, openStateStore } from './open-state.ts';
import { onStopSignal, runStopSteps, type StopStep } from './shutdown.ts';
import { explainStart } from './start-errors.ts';

/** Budget of all stop steps. With the exit of the process a shutdown stays below 5 s. */
const STOP_WITHIN_MS = 4_500;

/** The whole program: configuration → feeds → mirror → actors → outlets → server → signals. */
async function main(): Promise<void> {
  const config = loadConfig([...features.map(({ name }) => name)]);
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
  const state = openStateFolder(config.stateDirectory);

  const options: OpenSourcesOptions = {
    config,
    features,
    stateDirectory: state.directory,
    clock: systemClock,
    random: Math.random,
    onProgress: (text) => console.log(text),
    onError,
  };
  const sources = openSources(options);
  // These take longest, so they start in parallel while the rest of the program loads.
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
  const feeds = createFeeds(opened, mirror, options);
  const warmStart: WarmStartOptions = {
    features,
    feeds,
    timeZone: config.timeZone,
    store,
    onDropped: (feature, reason) => log.info({ feature, reason }, 'the snapshot before the restart is not used'),
    onError,
  };
  const supervisor = supervise({
    features,
    restored: await restoreSnapshots(warmStart),
    feeds,
    mirror,
    timings: config.timings,
    clock: systemClock,
    random: Math.random,
    sequences: store,
    onError,
  });
  keepNewest(supervisor.running, warmStart);
  const journal = createNotifications({
    running: supervisor.running,
    feeds,
    store: opened.outlivesRestarts ? store.notifications : forNewSources(store.notifications, systemClock.now()),
    clock: systemClock,
    onError,
  });
  const hubs = createHubs({
    running: supervisor.running,
    journal,
    emission: (hub) => ({
      intervalMs: config.emission.intervalMsByHub[hub] ?? config.emission.intervalMs,
      unchanged: config.emission.unchanged,
    }),
    clock: systemClock,
    onError,
  });
  const outlets = await openOutlets({
    config,
    features,
    running: supervisor.running,
    journal,
    store: store.outlets,
    clock: systemClock,
    log,
    random: Math.random,
    onError,
  });
  const encoder = createEncoder({ clock: systemClock, onLost: onError });
  const exporter = createExporter({ dialect: config.exports.dialect, timeZone: config.timeZone }, encoder);
  const server = await listen(serve, {
    host: config.host,
    port: config.port,
    running: supervisor.running,
    feeds,
    mirror,
    hubs,
    journal,
    outlets,
    history,
    access: createAccess(config.access),
    origins: config.origins,
    assets,
    clock: systemClock,
    about: {
      title: 'Greg BI',
      version: packageJson.version,
      description: packageJson.description,
      timeZone: config.timeZone,
    },
    outletRoutes: exportRoutes(supervisor.running, exporter),
    onError,
  });
  for (const { actor } of supervisor.running) {
    actor.statusChanges.subscribe(({ feature, failing }) =>
      failing === null ? log.info({ feature }, 'live') : log.warn({ feature, ...failing }, 'source fails'),
    );
  }
  for (const feed of Object.values(feeds)) logFeed(log, feed);
  const stopRecording = recordHistory({ running: supervisor.running, feeds, history, clock: systemClock, onError });
  supervisor.start();
  outlets.start();
  opened.start();
  const notices = [...config.notices, ...state.notices, ...store.notices];
  for (const notice of notices) log.warn(notice);
  console.log(banner({ config, url: server.url, hubs: hubs.names, sources: opened.description, notices }));

  // Builds the page before the first request for it.
  assets.page.files().catch(() => {});

  stopSteps = [
    // Actors first: they emit what is pending before the connections close.
    {
      name: 'actors',
      atMostMs: 1_500,
      atLeastMs: 0,
      run: () => Promise.all([opened.stop(), supervisor.stop(), outlets.stop()]),
    },
    { name: 'hubs', atMostMs: 1_250, atLeastMs: 1_000, run: () => hubs.close() },
    // A half-sent request would never end, so it is cut off after the limit.
    { name: 'requests', atMostMs: 2_000, atLeastMs: 250, run: () => server.stop() },
    { name: 'sockets', atMostMs: 500, atLeastMs: 100, run: () => server.stop(true) },
    {
      name: 'mirror, store and history',
      atMostMs: STOP_WITHIN_MS,
      atLeastMs: 700,
      run: () => {
        stopRecording();
        return Promise.all([mirror.close(), store.close(), encoder.close(), history.close()]);
      },
    },
  ];
}

/** Logs when a feed follows changes in another mode, and when reconciliation finds differences. */
function logFeed(log: Log, feed: Feed): void {
  const modes = feed.statusChanges.pipe(
    filter(({ mode }) => mode !== null),
    distinctUntilChanged((before, next) => before.mode === next.mode && before.reason === next.reason),
  );
  modes.subscribe(({ source, mode, reason }) => {
    if (reason === null) log.info({ source, mode }, 'changes are followed');
    else log.warn({ source, mode, reason }, 'changes could be followed in a better way');
  });
  const differences = feed.statusChanges.pipe(
    map(({ reconciled }) => reconciled?.differing ?? []),
    filter((tables) => tables.length > 0),
    distinctUntilChanged(),
  );
  differences.subscribe((tables) =>
    log.warn({ source: feed.name, tables }, 'the mirror was wrong and is loaded again'),
  );
}

main().catch((error: unknown) => {
  console.error(explainStart(error) ?? error);
  process.exit(1);
});
