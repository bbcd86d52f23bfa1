import type { RawCell } from '../mirror/mirror-writer.ts';

/** A value that no column allows. */
export const UNREADABLE: RawCell = Object.freeze({});

/** A whole number, or its digits if a double cannot hold it exactly. */
export function wholeNumber(digits: string): RawCell {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : digits;
}
