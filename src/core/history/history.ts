import type { Instant } from '../figures/calendar.ts';
import type { Clock } from '../runtime/clock.ts';
import { settledWithin } from '../runtime/settled-within.ts';
import { SourceError } from '../runtime/source-errors.ts';
import type { Calls } from '../threads/calls.ts';
import { type CreateWorker, openWorker } from '../threads/open-worker.ts';
import type { FigureValues } from './figure-values.ts';
import type { HistoryHandlers } from './history-handlers.ts';
import type { HistoryQuestion } from './history-question.ts';
import type { HistorySize } from './thinning.ts';

/** The file of the history in its folder. */
export const HISTORY_FILE = 'history.sqlite';

/** A shutdown waits this long at most for the disk, ms. */
const CLOSE_WITHIN_MS = 2_000;

/** The numeric figures of all features over time. */
export interface History {
  /**
   * Records points for the minute of `at`. They replace the points of the same minute. Resolves once they survive a crash.
   *
   * @throws SourceError if the Worker was lost, or what SQLite throws
   */
  record(points: readonly FigureValues[], at: Instant): Promise<void>;
  /** The answer of `GET /api/{feature}/history`, as JSON. @throws SourceError */
  read(question: HistoryQuestion): Promise<string>;
  /** @throws SourceError */
  size(): Promise<HistorySize>;
  /** Never rejects. */
  close(): Promise<void>;
}

export interface OpenHistoryOptions {
  /** The folder of `history.sqlite`; null keeps the history in memory. */
  readonly directory: string | null;
  /** Zone of the days that old points are thinned to. */
  readonly timeZone: string;
  /** The oldest days are dropped beyond this size. */
  readonly maximumBytes: number;
  readonly clock: Clock;
  /** Receives why the Worker crashed; it is restarted. */
  readonly onLost: (error: unknown) => void;
  readonly createWorker?: CreateWorker;
}

/**
 * Opens the history in a Worker of its own. Several processes may use one folder.
 *
 * @throws SourceError or SQLiteError if the file cannot be used
 */
export async function openHistory(options: OpenHistoryOptions): Promise<History> {
  const { directory, timeZone, maximumBytes, clock, onLost, createWorker } = options;
  const calls = await openWorker<HistoryHandlers>({
    name: 'The history',
    url: new URL('./history-worker.ts', import.meta.url),
    argv: () => [timeZone, String(maximumBytes), directory ?? ''],
    clock,
    onLost,
    createWorker,
  });
  return createHistory(calls, calls.terminate);
}

/** @param terminate ends the Worker */
export function createHistory({ call }: Pick<Calls<HistoryHandlers>, 'call'>, terminate: () => void): History {
  return {
    record: (points, at) => call('record', points, at),
    read: (question) =>
      call('read', question).catch((error: unknown) => {
        // An error that crosses threads keeps its name but not its class.
        if (!(error instanceof Error) || error.name !== 'SQLiteError') throw error;
        throw new SourceError(`The history cannot be read: ${error.message}`, { cause: error });
      }),
    size: () => call('size'),
    async close() {
      await settledWithin(
        call('close').catch(() => {}),
        CLOSE_WITHIN_MS,
      );
      terminate();
    },
  };
}
