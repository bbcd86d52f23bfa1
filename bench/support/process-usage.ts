import { readFile } from 'node:fs/promises';

const TICKS_A_SECOND = 100;

/** Processor time of a process since it began, all threads, user and kernel, in seconds (proc(5)). */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The second field is the name in brackets, which may hold blanks; utime and stime are the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

/** Resident memory of a process, in bytes. */
export async function residentBytesOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

const WINDOW_SECONDS = 1.5;
const IDLE_SHARE = 0.1;

/**
 * Waits until a process has next to nothing to do. After its start the demo still makes indexes, with pauses of up to a
 * second between them; until they are there, nothing is as it will be.
 */
export async function untilIdle(pid: number): Promise<void> {
  for (let share = 1; share > IDLE_SHARE; ) {
    const before = await cpuSecondsOf(pid);
    await Bun.sleep(WINDOW_SECONDS * 1000);
    share = ((await cpuSecondsOf(pid)) - before) / WINDOW_SECONDS;
  }
}
