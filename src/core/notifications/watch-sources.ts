import { merge } from 'rxjs';
import type { RunningFeature } from '../runtime/supervisor.ts';
import type { Sources } from '../sources/sources.ts';
import { compareSource, SOURCE_IS_THERE } from './source-rule.ts';
import type { WatchOptions } from './watch-features.ts';

/** The hub that carries what is about several features. */
const HUB_OF_ALL = 'all';

/** Notices when a source is lost and when it is back, from how the features that read from it fare. */
export function watchSources({ running, sources, journal, clock }: WatchOptions): void {
  for (const [source, readers] of bySource(running)) {
    const rule = `source ${source}, ${sources[source].description}`;
    const actors = readers.map(({ actor }) => actor);
    merge(...actors.flatMap(({ statusChanges, publications }) => [statusChanges, publications])).subscribe(() => {
      const statuses = actors.map((actor) => actor.status());
      const comparison = compareSource(source, journal.memory(rule) ?? SOURCE_IS_THERE, statuses, clock.now());
      journal.note({ hub: HUB_OF_ALL, rule, ...comparison });
    });
  }
}

function bySource(running: readonly RunningFeature[]): Map<keyof Sources, RunningFeature[]> {
  const readers = new Map<keyof Sources, RunningFeature[]>();
  for (const each of running) {
    const { source } = each.feature;
    readers.set(source, [...(readers.get(source) ?? []), each]);
  }
  return readers;
}
