import type { ChangeDetection } from './change-detection.ts';

/** How a source notices changes, as far as that is known. */
export interface DetectionRecord {
  current(): ChangeDetection;
  /** Notes what was found out. */
  found(next: ChangeDetection): void;
}

/** @param onDetection told when it is another way than before */
export function recordDetection(onDetection: (detection: ChangeDetection) => void): DetectionRecord {
  let current: ChangeDetection = { mode: 'unknown', reason: 'the source has not been reached yet' };
  return {
    current: () => current,
    found(next) {
      const isNew = next.mode !== current.mode || next.reason !== current.reason;
      current = next;
      if (isNew) onDetection(next);
    },
  };
}
