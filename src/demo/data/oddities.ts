/**
 * Old databases contain values that today's rules would refuse: aliases, odd letter case, obsolete codes, keys of deleted
 * rows. A few older rows of each table get them, each oddity a fixed number of times, so that all of them occur in a company
 * of any size.
 */

/** Turns an ordinary row into an odd one. */
export type Oddity<Row> = (row: Row) => void;

const TIMES = 3;
/** The part of the table that gets oddities, as shares of its rows: neither the first rows nor recent ones. */
const FROM = 0.05;
const TO = 0.65;

/**
 * Chooses the oddity of a row by its position in the table.
 *
 * @param rows number of rows in the table
 */
export function placeOddities<Row>(rows: number, oddities: readonly Oddity<Row>[]): (row: Row, index: number) => void {
  const first = Math.floor(rows * FROM);
  const space = Math.floor(rows * (TO - FROM));
  const step = Math.max(1, Math.floor(space / (oddities.length * TIMES)));
  const past = first + step * oddities.length * TIMES;
  return (row, index) => {
    if (index < first || index >= past || (index - first) % step !== 0) return;
    oddities[((index - first) / step) % oddities.length]?.(row);
  };
}

/** The same for the newest rows: the first oddity is for the newest row, the second for the one before it. */
export function placeAmongNewest<Row>(
  rows: number,
  oddities: readonly Oddity<Row>[],
): (row: Row, index: number) => void {
  return (row, index) => oddities[rows - 1 - index]?.(row);
}
