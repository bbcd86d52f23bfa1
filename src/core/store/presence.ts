import { hostname } from 'node:os';
import type { Instant } from '../figures/calendar.ts';
import { isRow, type Statement, statement } from './statement.ts';

/**
 * Which processes use a store. Each inserts a row at its start, renews it, and deletes it at its end. A row that is left
 * behind shows that its process was killed.
 */

/** A process that uses a store. */
export interface StoreProcess {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  readonly started: Instant;
  /** When it last renewed its row. */
  readonly beat: Instant;
}

/** How often a process renews its row, ms. */
export const BEAT_MS = 5_000;
/** A process that has not renewed its row for this long counts as ended, ms. */
const SILENT_MS = 3 * BEAT_MS;

export function thisProcess(now: Instant): StoreProcess {
  return { id: crypto.randomUUID(), pid: process.pid, host: hostname(), started: now, beat: now };
}

export const SELECT_PROCESSES = statement('select id, pid, host, started, beat from Processes order by started, id');

export function processesIn(rows: readonly unknown[]): StoreProcess[] {
  return rows.filter(isRow).map(({ id, pid, host, started, beat }) => ({
    ...{ id: String(id), pid: Number(pid), host: String(host) },
    ...{ started: Number(started), beat: Number(beat) },
  }));
}

export function renew({ id, pid, host, started }: StoreProcess, now: Instant): Statement {
  return statement('insert into Processes values (?, ?, ?, ?, ?) on conflict (id) do update set beat = excluded.beat', [
    ...[id, pid, host, started, now],
  ]);
}

export function leave({ id }: StoreProcess): Statement {
  return statement('delete from Processes where id = ?', [id]);
}

/** On another machine or in another container, only the age of the last renewal shows whether a process is alive. */
export function isAlive({ pid, host, beat }: StoreProcess, now: Instant): boolean {
  if (now - beat > SILENT_MS) return false;
  return host !== hostname() || (pid !== process.pid && exists(pid));
}

/** For people: `process 4711 on web-1`. */
export function describeProcess({ pid, host }: StoreProcess): string {
  return `process ${pid} on ${host}`;
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It exists and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
