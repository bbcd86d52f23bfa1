import { editDistance } from '../edit-distance.ts';

/** Longer than any path served here. */
const LONGEST_ADVISED = 80;
/** Accepted edit distance: one letter in four, two at most. */
const MOST_EDITS = 2;
const LETTERS_PER_EDIT = 4;

/** A served path, split for comparison. */
interface Candidate {
  readonly path: string;
  readonly segments: readonly string[];
}

/**
 * Suggests a served path for an unknown one: the same in another letter case or with other slashes, else the closest within
 * two letters; undefined if none is close.
 *
 * @param paths parameters as `{name}`; any segment matches a parameter, and the suggestion keeps its name
 */
export function createPathAdviser(paths: readonly string[]): (asked: string) => string | undefined {
  const candidates = paths.map((path): Candidate => ({ path, segments: segmentsOf(path) }));
  return (asked) => {
    // Percent-encoding takes three characters per letter.
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

/** The path with each parameter's value replaced by its name. */
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
