import { editDistance } from '../core/edit-distance.ts';
import type { Variable } from './environment-reader.ts';

/** Shorter names resemble too many names of other programs: HOST and HOSTS, PORT and PORTS. */
const MIN_LENGTH = 6;
const LONG_NAME = 8;
const MAX_DISTANCE = 2;

/** The variable that an unknown name probably means; undefined if none is close. */
export function suggestedName(name: string, variables: readonly Variable[]): string | undefined {
  const offered = variables.filter(({ isPlanned }) => !isPlanned);
  const alias = offered.find(({ mistakenFor }) => mistakenFor?.includes(name.toUpperCase()));
  if (alias !== undefined) return alias.names[0];
  const known = offered.flatMap(({ names }) => names);
  const longer = known.find((candidate) => comparable(candidate).startsWith(`${comparable(name)}_`));
  if (name.length >= LONG_NAME && longer !== undefined) return longer;
  const near = known
    .filter((candidate) => candidate.length >= MIN_LENGTH)
    .map((candidate) => ({ candidate, distance: editDistance(comparable(name), comparable(candidate), MAX_DISTANCE) }))
    .filter(({ candidate, distance }) => distance <= (candidate.length >= LONG_NAME ? MAX_DISTANCE : 1));
  return near.sort((left, right) => left.distance - right.distance)[0]?.candidate;
}

function comparable(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
}
