/** How long to wait after failures in a row. */
export interface BackOff {
  /** The first wait; it doubles up to `backOffMaxMs`, and each is drawn from its upper half. */
  readonly backOffMs: number;
  readonly backOffMaxMs: number;
}

export const USUAL_BACK_OFF: BackOff = { backOffMs: 1_000, backOffMaxMs: 30_000 };

/**
 * @param failures in a row, before this one
 * @param jitter from 0 to 1
 * @returns milliseconds
 */
export function backOffWait(failures: number, jitter: number, { backOffMs, backOffMaxMs }: BackOff): number {
  return Math.min(backOffMaxMs, backOffMs * 2 ** failures) * (0.5 + 0.5 * jitter);
}
