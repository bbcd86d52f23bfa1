import { distinctUntilChanged, filter, map, config as rxjsConfig } from 'rxjs';
import packageJson from '../package.json' with { type: 'json' };
import { banner } from './banner.ts';
import { type Config, ConfigError, loadConfig } from './config/config.ts';
import { createAccess } from './core/access/access.ts';
import type { Feed } from './core/feeds/feed.ts';
import type { ServerOptions } from './core/http/serve.ts';
import { createNotifications } from './core/notifications/create-notifications.ts';
import { withoutMemories } from './core/notifications/notification-store.ts';
import { createLog, type Log } from './core/observe/log.ts';
import { systemClock } from './core/runtime/clock.ts';
import { supervise } from './core/runtime/supervisor.ts';
import { createVolatileStore, openStore, type Store } from './core/store/store.ts';
import { features } from './features/index.ts';
import { createFeeds, type OpenSourcesOptions, openSources } from './open-feeds.ts';
import { openMirror } from './open-mirror.ts';

/** A shutdown that takes longer is cut short. */
const STOP_WITHIN_MS = 5_000;
/** Requests that are under way at a shutdown get this long; one that was sent by half would never end. */
const ANSWER_WITHIN_MS = 2_000;

/** The whole program: configuration → feeds → mirror → actors → server → signals. */
async function main(): Promise<void> {
  const config = loadConfig([...features.map(({ name }) => name)]);
  const log = createLog(config.logLevel);
  const onError = (error: unknown) => log.error({ err: error }, 'unexpected error');
  rxjsConfig.onUnhandledError = onError;
  let stop = async () => {};
  onFirstSignal((signal) => {
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        onError(error);
        process.exit(1);
      },
    );
  });

  const options: OpenSourcesOptions = {
    config,
    features,
    clock: systemClock,
    random: Math.random,
    onProgress: (text) => console.log(text),
    onError,
  };
  // What takes its time begins together: sources, mirror and store, while the rest of the program is loaded.
  const [opened, mirror, store, { createHubs }, { serve }] = await Promise.all([
    openSources(options),
    openMirror({
      timeZone: config.timeZone,
      storage: config.mirror.storage,
      directory: config.stateDirectory,
      onNotice: (text) => log.warn(text),
      onLost: onError,
    }),
    openStoreOrGoWithout(config, log),
    import('./core/hubs/hubs.ts'),
    import('./core/http/serve.ts'),
  ]);
  const feeds = createFeeds(opened, mirror, options);
  const supervisor = supervise({
    features,
    feeds,
    mirror,
    timings: config.timings,
    clock: systemClock,
    random: Math.random,
    sequences: store,
    onError,
  });
  const journal = createNotifications({
    running: supervisor.running,
    feeds,
    store: opened.outlivesRestarts ? store.notifications : withoutMemories(store.notifications),
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
  const server = listen(serve, {
    host: config.host,
    port: config.port,
    running: supervisor.running,
    feeds,
    mirror,
    hubs,
    journal,
    access: createAccess(config.access),
    origins: config.origins,
    clock: systemClock,
    about: { title: 'Greg BI', version: packageJson.version, description: packageJson.description },
    onError,
  });
  for (const { actor } of supervisor.running) {
    actor.statusChanges.subscribe(({ feature, failing }) =>
      failing === null ? log.info({ feature }, 'live') : log.warn({ feature, ...failing }, 'source fails'),
    );
  }
  for (const feed of Object.values(feeds)) logFeed(log, feed);
  supervisor.start();
  opened.start();
  console.log(banner({ config, url: server.url, hubs: hubs.names, sources: opened.description }));

  stop = async () => {
    opened.stop();
    // The actors first: what they still hold is emitted before the connections close.
    await supervisor.stop();
    await hubs.close();
    await Promise.race([server.stop(), Bun.sleep(ANSWER_WITHIN_MS)]);
    await server.stop(true);
    await Promise.allSettled([mirror.close(), store.close()]);
  };
}

/** A line when a feed learns of changes in another way than before, and when its mirror was found to be wrong. */
function logFeed(log: Log, feed: Feed): void {
  const ways = feed.statusChanges.pipe(
    filter(({ mode }) => mode !== null),
    distinctUntilChanged((before, next) => before.mode === next.mode && before.reason === next.reason),
  );
  ways.subscribe(({ source, mode, reason }) => {
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

/** The server cannot listen where it was told to. */
class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** @throws ListenError with what would do instead */
function listen<Server>(serve: (options: ServerOptions) => Server, options: ServerOptions): Server {
  const { host, port } = options;
  try {
    return serve(options);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      const advice = `Stop that one, or choose another: PORT=${port + 1}`;
      throw new ListenError(`Port ${port} is taken by another program. ${advice}`, { cause: error });
    }
    if (code === 'EACCES') {
      throw new ListenError(`Port ${port} is not open to this user. Choose one above 1023: PORT=8000`, {
        cause: error,
      });
    }
    if (code === 'EADDRNOTAVAIL' || code === 'EINVAL') {
      throw new ListenError(`HOST=${host} is no address of this machine. HOST=0.0.0.0 is all of them`, {
        cause: error,
      });
    }
    throw error;
  }
}

async function openStoreOrGoWithout(config: Config, log: Log): Promise<Store> {
  try {
    return await openStore(config.stateDirectory, (error) => log.error({ err: error }, 'the store cannot be written'));
  } catch (error) {
    log.warn(
      { err: error, directory: config.stateDirectory },
      'STATE_DIR cannot be used; sequence numbers go by the clock',
    );
    return createVolatileStore(Date.now());
  }
}

function onFirstSignal(stop: (signal: string) => void): void {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => {
      if (!stopping) stop(signal);
      stopping = true;
    });
  }
}

/** What a person can do about a start that failed; undefined where nobody foresaw it. */
function explain(error: unknown): string | undefined {
  if (error instanceof ConfigError) return `The configuration makes no sense:\n${error.message}`;
  if (!(error instanceof Error)) return undefined;
  return error.name.endsWith('Error') && error.name !== 'Error' && error.name !== 'TypeError'
    ? error.message
    : undefined;
}

main().catch((error: unknown) => {
  console.error(explain(error) ?? error);
  process.exit(1);
});
