import { filter, firstValueFrom, map, merge, startWith } from 'rxjs';
import type { Config } from '../../config/config.ts';
import { createLog } from '../../core/observe/log.ts';
import type { Actor } from '../../core/runtime/actor.ts';
import { systemClock } from '../../core/runtime/clock.ts';
import type { Feature } from '../../core/runtime/define-feature.ts';
import type { Snapshot } from '../../core/runtime/snapshot.ts';
import { type Supervisor, supervise } from '../../core/runtime/supervisor.ts';
import { createEncoder } from '../../features/exports/encoder.ts';
import { createExporter, plannedFiles } from '../../features/exports/export-file.ts';
import { fileToWrite } from '../../features/exports/export-folder.ts';
import { features } from '../../features/index.ts';
import { createFeeds, openSources } from '../../open-feeds.ts';
import { openMirror } from '../../open-mirror.ts';
import { openStateFolder, openStateStore } from '../../open-state.ts';
import { ExportError, type ExportSource } from './export-source.ts';

/** A first load of millions of rows takes about a minute. */
const FIRST_SNAPSHOT_WITHIN_MS = 300_000;

/** Files made from the databases, as a server that has just started would make them. */
export async function exportsOfSources(config: Config): Promise<ExportSource> {
  const log = createLog(config.logLevel);
  const onError = (error: unknown) => log.error({ err: error }, 'unexpected error');
  const state = openStateFolder(config.stateDirectory);
  const options = {
    config,
    features,
    stateDirectory: state.directory,
    clock: systemClock,
    random: Math.random,
    onProgress: (text: string) => console.error(text),
    onError,
  };
  const [opened, mirror, store] = await Promise.all([
    openSources(options),
    // In memory, since the stored mirror belongs to a server.
    openMirror({ timeZone: config.timeZone, storage: 'memory', directory: null, onNotice: () => {}, onLost: onError }),
    openStateStore(state.directory, log),
  ]);
  const feeds = createFeeds(opened, mirror, options);
  const supervisor = supervise({
    ...{ features, feeds, mirror, timings: config.timings },
    ...{ clock: systemClock, random: Math.random, sequences: store, onError },
  });
  supervisor.start();
  const encoder = createEncoder({ clock: systemClock, onLost: onError });
  const exporter = createExporter({ dialect: config.exports.dialect, timeZone: config.timeZone }, encoder);
  return {
    async *files({ features: wanted, format, part }) {
      for (const feature of wanted) {
        const snapshot = await firstSnapshot(supervisor, feature);
        const files =
          part === null
            ? plannedFiles(feature, snapshot, format, exporter)
            : [exporter.plan(feature, snapshot, format, part)];
        for (const file of files) yield { file: fileToWrite(file), bytes: await exporter.encode(file) };
      }
    },
    async close() {
      opened.stop();
      await supervisor.stop();
      await Promise.all([mirror.close(), store.close(), encoder.close()]);
    },
  };
}

/** @throws ExportError if the source fails, or takes too long */
async function firstSnapshot({ running }: Supervisor, feature: Feature): Promise<Snapshot> {
  const actor = running.find((each) => each.feature.name === feature.name)?.actor;
  if (actor === undefined) throw new ExportError(`${feature.name} is not running`);
  const outcome = await Promise.race([firstOutcome(actor), Bun.sleep(FIRST_SNAPSHOT_WITHIN_MS).then(() => null)]);
  if (outcome === null)
    throw new ExportError(`${feature.name} had no figures within ${FIRST_SNAPSHOT_WITHIN_MS / 1000} s`);
  if (typeof outcome === 'string') throw new ExportError(`${feature.name} cannot be read: ${outcome}`);
  return outcome;
}

/** The snapshot, or why there is none. */
async function firstOutcome(actor: Actor): Promise<Snapshot | string> {
  const latest = actor.latest();
  if (latest !== undefined) return latest;
  const failures = actor.statusChanges.pipe(
    startWith(actor.status()),
    map(({ failing }) => failing?.reason),
    filter((reason) => reason !== undefined),
  );
  return firstValueFrom(merge(actor.publications.pipe(map(({ snapshot }) => snapshot)), failures));
}
