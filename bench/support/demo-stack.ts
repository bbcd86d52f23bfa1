import type { SourceName } from '../../src/company/table.ts';
import { createFeed } from '../../src/core/feeds/feed.ts';
import type { FeedSource } from '../../src/core/feeds/feed-source.ts';
import type { Mirror } from '../../src/core/mirror/mirror.ts';
import { systemClock } from '../../src/core/runtime/clock.ts';
import type { Feeds } from '../../src/core/runtime/supervisor.ts';
import { openDemo } from '../../src/demo/open.ts';
import { features } from '../../src/features/index.ts';
import { mirroredIn } from '../../src/open-feeds.ts';
import { openMirror } from '../../src/open-mirror.ts';

const onError = (error: unknown) => console.error(error);

/** The mirror in its Worker, as the program has it. */
export function benchMirror(): Promise<Mirror> {
  return openMirror({ timeZone: 'America/Sao_Paulo', directory: null, onNotice: console.error, onLost: onError });
}

/** Feeds over sources, with the timings of the program. */
export function feedsOver(sources: { readonly [Source in SourceName]: FeedSource }, mirror: Mirror): Feeds {
  const feedOf = (name: SourceName) =>
    createFeed({
      source: sources[name],
      mirror: mirror.writer(name, mirroredIn(name, features)),
      clock: systemClock,
      random: Math.random,
      onError,
    });
  return { sql: feedOf('sql'), documents: feedOf('documents') };
}

/** The demo company in which nothing moves, in Workers of its own. */
export async function demoSources(scale: number): Promise<{ readonly [Source in SourceName]: FeedSource }> {
  const { sources } = await openDemo({
    directory: null,
    keptIn: null,
    rate: 0,
    seed: 1,
    scale,
    tables: { sql: mirroredIn('sql', features), documents: mirroredIn('documents', features) },
    clock: systemClock,
    onProgress: () => {},
    onError,
  });
  return sources;
}
