/** Longer names are no slip of the pen, and comparing them costs time. */
const LONGEST_COMPARED = 60;

/**
 * The one of some names that was probably meant: the same but for letter case, blanks and punctuation, or a slip or two
 * away.
 */
export function closestName(written: string, names: Iterable<string>): string | undefined {
  const bare = bareName(written);
  if (bare === '' || bare.length > LONGEST_COMPARED) return undefined;
  let closest: { readonly name: string; readonly slips: number } | undefined;
  for (const name of names) {
    const slips = slipsBetween(bare, bareName(name));
    if (slips < (closest?.slips ?? mostSlips(bare) + 1)) closest = { name, slips };
  }
  return closest?.name;
}

function bareName(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** Short names are all alike. */
function mostSlips({ length }: string): number {
  return length < 4 ? 0 : length < 8 ? 1 : 2;
}

/** How many letters were added, left out, replaced or swapped with their neighbour (optimal string alignment). */
function slipsBetween(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, right.length);
}

function at(slips: readonly number[], column: number): number {
  return slips[column] ?? Number.POSITIVE_INFINITY;
}
