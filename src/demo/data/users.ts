import { isoInstant } from '../../core/figures/calendar.ts';
import { uuidAt } from './identifiers.ts';
import { type PersonName, personName } from './names.ts';
import { placeOddities } from './oddities.ts';
import { type Random, randomStream } from './random.ts';
import type { Rhythm } from './rhythm.ts';
import { type CompanySpec, sizeOf } from './spec.ts';
import type { RowSink, StoredRow } from './stored-row.ts';

/** Data of the users that other tables refer to, in the order in which they joined. */
export interface People {
  readonly joined: Float64Array;
  readonly ids: readonly string[];
}

/** A deleted user that rows still refer to. */
export const GONE_USER = '0187c0de-0000-7000-8000-00000000dead';

/** Most buyers joined recently. */
const RECENT_SHARE = 0.25;

/** The keys of the users, for tables that refer to them, without the rows. */
export function createPeople(spec: CompanySpec, rhythm: Rhythm): People {
  const random = randomStream(spec.seed, 'people');
  const joined = rhythm.instants(random, sizeOf('users', spec));
  return { joined, ids: Array.from(joined, (instant) => uuidAt(instant, random)) };
}

/**
 * One of the users who had joined by then.
 *
 * @param joinedByThen their number; above 0
 */
export function pickPerson(random: Random, joinedByThen: number): number {
  const recent = Math.ceil(joinedByThen * RECENT_SHARE);
  return random.chance(0.5) ? joinedByThen - 1 - random.below(recent) : random.below(joinedByThen);
}

/** The names of the users, in the same order. */
export function createPersonNames(spec: CompanySpec): readonly PersonName[] {
  const random = randomStream(spec.seed, 'names');
  return Array.from({ length: sizeOf('users', spec) }, (_, index) => personName(random, index + 1));
}

const CONFIRMED_SHARE = 0.88;

export function generateUsers(
  spec: CompanySpec,
  people: People,
  names: readonly PersonName[],
  sink: RowSink<'AspNetUsers'>,
): void {
  const random = randomStream(spec.seed, 'AspNetUsers');
  const makeOdd = placeOddities(people.ids.length, ODDITIES);
  names.forEach(({ name, email }, index) => {
    const user: StoredRow<'AspNetUsers'> = {
      Id: people.ids[index] ?? '',
      Name: name,
      Email: email,
      EmailConfirmed: random.chance(CONFIRMED_SHARE) ? 1 : 0,
      CreatedAt: isoInstant(people.joined[index] ?? 0),
    };
    makeOdd(user, index);
    sink(user);
  });
}

const ODDITIES = [
  (user: StoredRow<'AspNetUsers'>) => {
    user.Name = null;
  },
  (user: StoredRow<'AspNetUsers'>) => {
    user.Email = null;
    user.EmailConfirmed = 0;
  },
  (user: StoredRow<'AspNetUsers'>) => {
    user.CreatedAt = null;
  },
  (user: StoredRow<'AspNetUsers'>) => {
    user.Name = null;
    user.Email = null;
    user.CreatedAt = null;
  },
];
