import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HISTORY_FILE, type History, openHistory } from './core/history/history.ts';
import type { Log } from './core/observe/log.ts';
import { systemClock } from './core/runtime/clock.ts';
import { SourceError } from './core/runtime/source-errors.ts';
import { openStore, type Store } from './core/store/store.ts';
import { createVolatileStore } from './core/store/volatile-store.ts';

/** The folder for data that must survive a restart. */
export interface StateFolder {
  /** Null if nothing can be stored. */
  readonly directory: string | null;
  /** Notices about it. */
  readonly notices: readonly string[];
}

/** Opens the folder, creating it if missing. If it is not writable, the server runs without one. */
export function openStateFolder(directory: string): StateFolder {
  const probe = join(directory, `.greg-bi-${process.pid}`);
  try {
    mkdirSync(directory, { recursive: true });
    closeSync(openSync(probe, 'w'));
    rmSync(probe);
    return { directory, notices: [] };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === null) throw error;
    return { directory: null, notices: [withoutState(directory, reason)] };
  }
}

/** Opens the store in that folder, or one that stores nothing. */
export async function openStateStore(directory: string | null, log: Log): Promise<Store> {
  const volatile = createVolatileStore(Date.now());
  if (directory === null) return volatile;
  try {
    return await openStore(directory, (error) => log.error({ err: error }, 'the store cannot be written'), {
      onNotice: (text) => log.warn(text),
    });
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === null) log.error({ err: error }, 'unexpected error');
    return { ...volatile, notices: [withoutState(directory, reason ?? 'an unexpected error, which has been logged')] };
  }
}

export interface StateHistoryOptions {
  /** The state folder; null keeps the history in memory. */
  readonly directory: string | null;
  readonly timeZone: string;
  readonly maximumBytes: number;
  readonly log: Log;
}

/** Opens the history in the state folder. If its file cannot be used, the history is in memory. */
export async function openStateHistory({ directory, log, ...options }: StateHistoryOptions): Promise<History> {
  const onLost = (error: unknown) => log.error({ err: error }, 'the history stopped');
  const open = (folder: string | null) => openHistory({ ...options, directory: folder, clock: systemClock, onLost });
  if (directory === null) return open(null);
  try {
    return await open(directory);
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === null) throw error;
    const file = join(directory, HISTORY_FILE);
    log.warn(
      `${file} cannot be used (${reason}): the history is not kept over a restart. Move the file away, or repair it`,
    );
    return open(null);
  }
}

function withoutState(directory: string, reason: string): string {
  const effect = 'nothing survives a restart, and sequence numbers follow the clock';
  return `STATE_DIR=${directory} cannot be used (${reason}): ${effect}. Name a folder that this user may write to, now ${resolve(directory)}`;
}

/** Null for a bug of our own. */
function reasonOf(error: unknown): string | null {
  // An error that crosses threads keeps its name but not its class.
  if (error instanceof SourceError || (error instanceof Error && error.name === 'SQLiteError')) return error.message;
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}
