import { editDistance } from '../edit-distance.ts';

/** Longer names are not typing errors, and expensive to compare. */
const LONGEST_COMPARED = 60;

/**
 * The name that was probably meant. Ignores letter case, blanks, punctuation, and one or two typing errors.
 */
export function closestName(written: string, names: Iterable<string>): string | undefined {
  const bare = bareName(written);
  if (bare === '' || bare.length > LONGEST_COMPARED) return undefined;
  let closest: { readonly name: string; readonly errors: number } | undefined;
  for (const name of names) {
    const errors = editDistance(bare, bareName(name), mostErrors(bare));
    if (errors < (closest?.errors ?? mostErrors(bare) + 1)) closest = { name, errors };
  }
  return closest?.name;
}

function bareName(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** Short names are too similar to each other. */
function mostErrors({ length }: string): number {
  return length < 4 ? 0 : length < 8 ? 1 : 2;
}
