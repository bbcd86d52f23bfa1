import { editDistance } from '../core/edit-distance.ts';
import type { Variable } from './environment-reader.ts';

/** Shorter names are near to too many of other programs: HOST to HOSTS, PORT to PORTS. */
const SHORTEST = 6;
const LONG = 8;
const MOST_SLIPS = 2;

/** The name that was probably meant by one that is not read; undefined if none is near. */
export function meantBy(name: string, variables: readonly Variable[]): string | undefined {
  const offered = variables.filter(({ isPlanned }) => !isPlanned);
  const elsewhere = offered.find(({ mistakenFor }) => mistakenFor?.includes(name.toUpperCase()));
  if (elsewhere !== undefined) return elsewhere.names[0];
  const known = offered.flatMap(({ names }) => names);
  const longer = known.find((candidate) => comparable(candidate).startsWith(`${comparable(name)}_`));
  if (name.length >= LONG && longer !== undefined) return longer;
  const near = known
    .filter((candidate) => candidate.length >= SHORTEST)
    .map((candidate) => ({ candidate, distance: editDistance(comparable(name), comparable(candidate), MOST_SLIPS) }))
    .filter(({ candidate, distance }) => distance <= (candidate.length >= LONG ? MOST_SLIPS : 1));
  return near.sort((left, right) => left.distance - right.distance)[0]?.candidate;
}

function comparable(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
}
