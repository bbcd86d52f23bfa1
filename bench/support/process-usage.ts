import { readFile } from 'node:fs/promises';

const TICK_MICROSECONDS = 10_000;

/** CPU time of a process since its start, all threads, in microseconds. */
export interface CpuTimes {
  /** In its own code. */
  readonly user: number;
  /** In the kernel, here mostly sending. */
  readonly system: number;
}

/** @throws Error when there is no such process */
export async function cpuTimesOf(pid: number): Promise<CpuTimes> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The second field is the name in brackets, which may hold blanks; utime and stime are the 14th and 15th (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { user: Number(fields[11]) * TICK_MICROSECONDS, system: Number(fields[12]) * TICK_MICROSECONDS };
}

/** CPU time of a process since its start, all threads, user and kernel, in seconds. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const { user, system } = await cpuTimesOf(pid);
  return (user + system) / 1e6;
}

/** Resident memory of a process, in bytes. */
export async function residentBytesOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** Peak resident memory of a process, in bytes. */
export async function peakBytesOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

const WINDOW_SECONDS = 1.5;
const IDLE_SHARE = 0.1;

/**
 * Waits until a process is almost idle. After its start the demo still creates indexes, with pauses of up to a second
 * between them, which would distort measurements.
 */
export async function untilIdle(pid: number): Promise<void> {
  for (let share = 1; share > IDLE_SHARE; ) {
    const before = await cpuSecondsOf(pid);
    await Bun.sleep(WINDOW_SECONDS * 1000);
    share = ((await cpuSecondsOf(pid)) - before) / WINDOW_SECONDS;
  }
}
