import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Cron } from 'croner';
import type { Outlet, OutletFinding } from '../../core/outlets/outlet.ts';
import { RefusedError, RetryLaterError } from '../../core/outlets/outlet-errors.ts';
import type { Clock } from '../../core/runtime/clock.ts';
import type { Feature } from '../../core/runtime/define-feature.ts';
import type { Snapshot } from '../../core/runtime/snapshot.ts';
import { isWritable, nearestExisting } from '../../core/writable-path.ts';
import { createEncoder } from './encoder.ts';
import { createExporter, type Exporter, type PlannedFile, plannedFiles } from './export-file.ts';
import { type ExportFolder, fileToWrite, openExportFolder } from './export-folder.ts';
import { FolderBusyError } from './folder-lock.ts';
import type { CsvDialect, Format } from './format.ts';

export interface ScheduledExports {
  /** The features to export. */
  readonly features: readonly Feature[];
  readonly formats: readonly Format[];
  readonly dialect: CsvDialect;
  /** A cron pattern of five fields, in the time zone. */
  readonly pattern: string;
  readonly timeZone: string;
  readonly directory: string;
  /** The newest file of each feature, part and format stays, however old. */
  readonly keepDays: number;
  readonly keepBytes: number;
  readonly clock: Clock;
}

/** Millions of rows take minutes. */
const PASS_WITHIN_MS = 15 * 60_000;
/** When a pattern has no next run, far enough away. */
const NEVER = 8.64e15;

/**
 * Files of the newest snapshots in a folder: when the schedule is first used, then at each of its times. A snapshot that
 * the folder holds already is not written again; files that the retention does not keep are deleted.
 */
export function createScheduledExports(options: ScheduledExports): Outlet {
  const { features, formats, dialect, pattern, timeZone, directory, clock } = options;
  const cron = new Cron(pattern, { timezone: timeZone, mode: '5-part' });
  const retention = { days: options.keepDays, bytes: options.keepBytes };
  // The pass in flight rejects if the Worker crashes, which the status then tells.
  const exporter = createExporter({ dialect, timeZone }, createEncoder({ clock, onLost: () => {} }));
  return {
    name: 'exports',
    title: { en: 'Exports', pt: 'Exportações' },
    target: [directory, dialect, ...formats, ...features.map(({ name }) => name)].join(' '),
    watches: 'snapshots',
    // It sends no requests.
    budget: { rate: { requests: 1, withinMs: 1_000 }, perMonth: null, requestWithinMs: 1_000 },
    passWithinMs: PASS_WITHIN_MS,
    nextPass: (now) => cron.nextRun(new Date(now))?.getTime() ?? NEVER,
    async deliver({ snapshots, now, signal }) {
      const chosen = features.flatMap((feature) => {
        const snapshot = snapshots.get(feature.name);
        return snapshot === undefined ? [] : [{ feature, snapshot }];
      });
      await explainFolder(directory, async () => {
        const folder = await openExportFolder(directory);
        // First too: the new files may only fit once the expired ones are gone.
        await folder.deleteExpired(retention, now);
        for (const file of await missingFiles(chosen, formats, exporter, folder)) {
          signal.throwIfAborted();
          await folder.write(fileToWrite(file), await exporter.encode(file));
        }
        await folder.deleteExpired(retention, now);
      });
    },
    async check() {
      return [checkFolder(directory, cron.nextRuns(2), timeZone)];
    },
  };
}

/** Creates nothing: of a folder that does not exist yet, the nearest one above it must be writable. */
function checkFolder(directory: string, runs: readonly Date[], timeZone: string): OutletFinding {
  const what = 'exports';
  const existing = nearestExisting(resolve(directory));
  const canBeWritten = statSync(existing).isDirectory() && isWritable(existing);
  if (!canBeWritten) return { what, verdict: 'broken', found: `${existing} cannot be written`, next: OTHER_FOLDER };
  const times = runs.map((run) => run.toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }));
  const found = `into ${directory}, next at ${times.join(' and ')} (${timeZone})`;
  return { what, verdict: 'ok', found, next: null };
}

interface Chosen {
  readonly feature: Feature;
  readonly snapshot: Snapshot;
}

async function missingFiles(
  chosen: readonly Chosen[],
  formats: readonly Format[],
  exporter: Exporter,
  folder: ExportFolder,
): Promise<PlannedFile[]> {
  // A name tells seq and day, so every day has a file of its own.
  const held = new Set((await folder.entries()).map(({ name }) => name));
  const planned = chosen.flatMap(({ feature, snapshot }) =>
    formats.flatMap((format) => plannedFiles(feature, snapshot, format, exporter)),
  );
  return planned.filter(({ name }) => !held.has(name));
}

const OTHER_FOLDER = 'give it to the user of the server, or set EXPORT_DIR to a folder that this user may write to';

/** Errors of the folder that only a person can put right. */
const ADVICE: Readonly<Record<string, string>> = {
  EACCES: OTHER_FOLDER,
  EPERM: OTHER_FOLDER,
  EROFS: 'set EXPORT_DIR to a folder that can be written',
  ENOTDIR: 'set EXPORT_DIR to a folder, or move the file away that is in its place',
  EEXIST: 'set EXPORT_DIR to a folder, or move the file away that is in its place',
};

async function explainFolder(directory: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new RetryLaterError(`${directory} is full: free some space, or lower EXPORT_KEEP_MB`);
    }
    if (error instanceof FolderBusyError) throw new RetryLaterError(error.message);
    const advice = ADVICE[code];
    if (advice === undefined) throw error;
    throw new RefusedError(`${directory} cannot be written (${code}): ${advice}`, { cause: error });
  }
}
