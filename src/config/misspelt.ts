import { editDistance } from '../core/edit-distance.ts';

/** What others call our variables. */
const NAMES_ELSEWHERE = new Map([
  ['DB_HOST', 'DB_SERVER'],
  ['DB_DATABASE', 'DB_NAME'],
  ['DB_PASS', 'DB_PASSWORD'],
  ['DB_PWD', 'DB_PASSWORD'],
  ['DB_URL', 'ConnectionStrings__DefaultConnection'],
  ['MONGO_URL', 'MONGO_CONNECTION_STRING'],
  ['MONGO_URI', 'MONGO_CONNECTION_STRING'],
  ['MONGODB_URL', 'MONGO_CONNECTION_STRING'],
  ['MONGODB_URI', 'MONGO_CONNECTION_STRING'],
  ['JWT_KEY', 'JWT_SECRET'],
  ['TIME_ZONE', 'BI_TIME_ZONE'],
  ['TIMEZONE', 'BI_TIME_ZONE'],
]);

/** Shorter names are near to too many of other programs: HOST to HOSTS, PORT to PORTS. */
const SHORTEST = 6;
const LONG = 8;
const MOST_SLIPS = 2;

/** The name that was probably meant by one that is not read; undefined where none is near. */
export function meantBy(name: string, known: readonly string[]): string | undefined {
  const elsewhere = NAMES_ELSEWHERE.get(name.toUpperCase());
  if (elsewhere !== undefined) return elsewhere;
  const beginning = `${comparable(name)}_`;
  if (name.length >= LONG) {
    const longer = known.find((candidate) => comparable(candidate).startsWith(beginning));
    if (longer !== undefined) return longer;
  }
  const near = known
    .filter((candidate) => candidate.length >= SHORTEST)
    .map((candidate) => ({ candidate, distance: editDistance(comparable(name), comparable(candidate), MOST_SLIPS) }))
    .filter(({ candidate, distance }) => distance <= (candidate.length >= LONG ? MOST_SLIPS : 1));
  return near.sort((left, right) => left.distance - right.distance)[0]?.candidate;
}

function comparable(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
}
