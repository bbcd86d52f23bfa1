/**
 * The wait before an attempt: a random part of a range that doubles with each failure, up to a limit. The part is random from
 * 0, so that clients that lost the same server do not reconnect together.
 *
 * @param failures attempts that have failed since the last success, from 1
 * @param random from 0 to 1
 * @returns milliseconds
 */
export function fullJitter(failures: number, random: number, { baseMs, limitMs }: Backoff): number {
  return random * Math.min(limitMs, baseMs * 2 ** (failures - 1));
}

export interface Backoff {
  /** The range after one failure. */
  readonly baseMs: number;
  /** The largest range. */
  readonly limitMs: number;
}
