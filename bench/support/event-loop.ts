/** The longest that an event loop stood still. */
export interface Stall {
  readonly ms: number;
  /** What of it the thread was at work: the rest it waited for a core that another program had. */
  readonly cpuMs: number;
}

/** Looks every millisecond how late it is. */
export function watchEventLoop(): { stop(): Stall } {
  const intervalMs = 1;
  let longest: Stall = { ms: 0, cpuMs: 0 };
  let at = performance.now();
  let cpu = process.threadCpuUsage();
  const look = () => {
    const ms = performance.now() - at - intervalMs;
    const { user, system } = process.threadCpuUsage(cpu);
    if (ms > longest.ms) longest = { ms, cpuMs: (user + system) / 1000 };
    at += ms + intervalMs;
    cpu = process.threadCpuUsage();
  };
  const timer = setInterval(look, intervalMs);
  return {
    stop() {
      look();
      clearInterval(timer);
      return longest;
    },
  };
}
