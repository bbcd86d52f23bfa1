/**
 * The number of insertions, deletions, replacements and swaps of neighbours that turn one text into the other (optimal
 * string alignment).
 *
 * @param most larger distances are returned as `most + 1`, which is faster
 */
export function editDistance(left: string, right: string, most: number): number {
  const tooMany = most + 1;
  if (Math.abs(left.length - right.length) > most) return tooMany;
  // The distances of a prefix of `left` from every prefix of `right`.
  let before: readonly number[] = [];
  let above: readonly number[] = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const isSame = left[row - 1] === right[column - 1];
      const isSwapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const replaced = at(above, column - 1) + (isSame ? 0 : 1);
      const swapped = isSwapped ? at(before, column - 2) + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(replaced, swapped, at(above, column) + 1, at(current, column - 1) + 1));
    }
    if (Math.min(...current, ...above) > most) return tooMany;
    before = above;
    above = current;
  }
  return Math.min(at(above, right.length), tooMany);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
