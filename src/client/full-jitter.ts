/**
 * How long to wait before an attempt: anything from nothing to twice as much each time, up to a limit. With the whole range
 * random, clients that lost the same server do not come back together.
 *
 * @param failures attempts that have failed since the last success, from 1
 * @param random from 0 to 1
 * @returns milliseconds
 */
export function fullJitter(failures: number, random: number, { baseMs, limitMs }: Backoff): number {
  return random * Math.min(limitMs, baseMs * 2 ** (failures - 1));
}

export interface Backoff {
  /** At most so long before the first attempt. */
  readonly baseMs: number;
  /** At most so long before any. */
  readonly limitMs: number;
}
