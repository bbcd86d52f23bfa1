import { editDistance } from '../edit-distance.ts';

/** Longer paths are close to none of ours. */
const LONGEST_ADVISED = 80;
/** How many letters may be missing, too many or wrong: one in four, and never more than two. */
const MOST_EDITS = 2;
const LETTERS_PER_EDIT = 4;

/** A route's path, and how it is compared. */
interface Candidate {
  readonly path: string;
  readonly segments: readonly string[];
}

/**
 * Tells which path was meant by one that leads nowhere: the same in another letter case or with other slashes, else the
 * closest by a letter or two; undefined where none is close.
 *
 * @param paths with parameters as `{name}`, which any segment fits and which are not filled in
 */
export function createPathAdviser(paths: readonly string[]): (asked: string) => string | undefined {
  const candidates = paths.map((path): Candidate => ({ path, segments: segmentsOf(path) }));
  return (asked) => {
    // Escapes are three characters a letter; doubled slashes are rare.
    if (asked.length > 3 * LONGEST_ADVISED) return undefined;
    const segments = segmentsOf(decoded(asked).toLowerCase());
    const length = textOf(segments).length;
    if (length > LONGEST_ADVISED) return undefined;
    let closest: string | undefined;
    let fewest = Math.min(MOST_EDITS, Math.floor(length / LETTERS_PER_EDIT)) + 1;
    for (const { path, segments: own } of candidates) {
      const edits = editDistance(textOf(withParameters(segments, own)), textOf(own).toLowerCase(), fewest - 1);
      if (edits < fewest) [closest, fewest] = [path, edits];
    }
    return closest;
  };
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function textOf(segments: readonly string[]): string {
  return `/${segments.join('/')}`;
}

/** The asked path with the name of a parameter in place of its value: any value fits. */
function withParameters(segments: readonly string[], own: readonly string[]): readonly string[] {
  if (segments.length !== own.length) return segments;
  return segments.map((segment, index) => {
    const name = own[index] ?? '';
    return name.startsWith('{') ? name.toLowerCase() : segment;
  });
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
