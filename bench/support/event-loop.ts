/** How an event loop was held up. */
export interface Holdup {
  /** The longest that it stood still, ms. */
  readonly stallMs: number;
  /** The most that its thread worked in one such time, ms: more than this of a stall, it waited for a core. */
  readonly workMs: number;
}

const INTERVAL_MS = 1;

/** Looks every millisecond how late it is. */
export function watchEventLoop(): { stop(): Holdup } {
  let stallMs = 0;
  let workMs = 0;
  let at = performance.now();
  let cpu = process.threadCpuUsage();
  const look = () => {
    const { user, system } = process.threadCpuUsage(cpu);
    const now = performance.now();
    stallMs = Math.max(stallMs, now - at - INTERVAL_MS);
    workMs = Math.max(workMs, (user + system) / 1000);
    at = now;
    cpu = process.threadCpuUsage();
  };
  const timer = setInterval(look, INTERVAL_MS);
  return {
    stop() {
      look();
      clearInterval(timer);
      return { stallMs, workMs };
    },
  };
}
