/**
 * How many letters have to be added, left out or replaced to make one text of the other (Levenshtein).
 *
 * @param most where it is more than this, the answer is `most + 1`, which is found out sooner
 */
export function editDistance(left: string, right: string, most: number): number {
  const tooMany = most + 1;
  if (Math.abs(left.length - right.length) > most) return tooMany;
  // The distances of a beginning of `left` from every beginning of `right`.
  let row = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let line = 1; line <= left.length; line++) {
    const next = [line];
    for (let column = 1; column <= right.length; column++) {
      const replaced = at(row, column - 1) + (left[line - 1] === right[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, at(row, column) + 1, at(next, column - 1) + 1));
    }
    if (Math.min(...next) > most) return tooMany;
    row = next;
  }
  return Math.min(at(row, right.length), tooMany);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
