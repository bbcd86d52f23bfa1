import { readFile } from 'node:fs/promises';

/** Processor time of a process since it began, all its threads, in microseconds. */
export interface CpuTimes {
  /** In its own code. */
  readonly user: number;
  /** In the kernel for it: here, mostly sending. */
  readonly system: number;
}

const TICK_MICROSECONDS = 10_000;

/** @throws Error when there is no such process */
export async function cpuTimesOf(pid: number): Promise<CpuTimes> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The second field is the name in brackets, which may hold blanks; utime and stime are the 14th and 15th (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { user: Number(fields[11]) * TICK_MICROSECONDS, system: Number(fields[12]) * TICK_MICROSECONDS };
}
