import { distinctUntilChanged, filter, map } from 'rxjs';
import type { Feed } from './core/feeds/feed.ts';
import type { Log } from './core/observe/log.ts';
import type { Feeds, RunningFeature } from './core/runtime/supervisor.ts';

/** Logs each change of the state of a feature or feed. */
export function logChanges(log: Log, running: readonly RunningFeature[], feeds: Feeds): void {
  for (const { actor } of running) {
    actor.statusChanges.subscribe(({ feature, failing }) =>
      failing === null ? log.info({ feature }, 'live') : log.warn({ feature, ...failing }, 'source fails'),
    );
  }
  for (const feed of Object.values(feeds)) logFeed(log, feed);
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
