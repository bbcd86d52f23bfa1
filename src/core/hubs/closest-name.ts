import { editDistance } from '../edit-distance.ts';

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
    const slips = editDistance(bare, bareName(name), mostSlips(bare));
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
