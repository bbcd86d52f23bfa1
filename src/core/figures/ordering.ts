/**
 * Compares rows, independently of a database's collation or a machine's locale.
 */
export type Comparison<Row> = (left: Row, right: Row) => number;

/** Compares text in code-unit order, so that "ties by name ascending" is the same on every engine. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Largest number first, ties by name ascending. */
export function mostFirst<Row>(amount: (row: Row) => number, name: (row: Row) => string): Comparison<Row> {
  return (left, right) => amount(right) - amount(left) || compareText(name(left), name(right));
}
