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
    .map((candidate) => ({ candidate, distance: distanceBetween(comparable(name), comparable(candidate)) }))
    .filter(({ candidate, distance }) => distance <= (candidate.length >= LONG ? 2 : 1));
  return near.sort((left, right) => left.distance - right.distance)[0]?.candidate;
}

function comparable(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
}

/** Letters to insert, delete, replace or exchange with their neighbour (optimal string alignment). */
function distanceBetween(left: string, right: string): number {
  if (Math.abs(left.length - right.length) > 2) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let above = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const isSame = left[row - 1] === right[column - 1];
      const steps = [
        at(above, column - 1) + (isSame ? 0 : 1),
        at(above, column) + 1,
        at(current, column - 1) + 1,
        ...(left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
          ? [at(before, column - 2) + 1]
          : []),
      ];
      current.push(Math.min(...steps));
    }
    before = above;
    above = current;
  }
  return at(above, right.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
