/**
 * Old databases hold what no rule of today would let in: aliases, odd letter case, codes of another time, keys of rows
 * that are gone. They are put into a few of a table's older rows, each a fixed number of times, so that every one of
 * them occurs in a company of any size.
 */

/** Makes an ordinary row an odd one. */
export type Oddity<Row> = (row: Row) => void;

const TIMES = 3;
/** The part of the table in which they stand, in shares of its rows: neither the first ones nor the recent ones. */
const FROM = 0.05;
const TO = 0.65;

/**
 * Says what to do with a row by its place in the table.
 *
 * @param rows how many rows the table has
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

/** The same for the newest rows: the first oddity is for the newest one of all, the second for the one before. */
export function placeAmongNewest<Row>(
  rows: number,
  oddities: readonly Oddity<Row>[],
): (row: Row, index: number) => void {
  return (row, index) => oddities[rows - 1 - index]?.(row);
}
