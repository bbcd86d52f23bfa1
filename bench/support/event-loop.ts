/** Stalls of an event loop. */
export interface Holdup {
  /** The longest stall, ms. */
  readonly stallMs: number;
  /** The most CPU time of its thread within one stall, ms. The rest of a stall was waiting for a core. */
  readonly workMs: number;
}

const INTERVAL_MS = 1;

/** Measures the delay of a timer that fires every millisecond. */
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
