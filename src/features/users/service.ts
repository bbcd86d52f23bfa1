import { isoInstantOrNull } from '../../core/figures/calendar.ts';
import { percentage } from '../../core/figures/rounding.ts';
import { lastDaysTo } from '../../core/figures/span.ts';
import type { AsOf } from '../../core/figures/zone.ts';
import { isPlaceholderKey } from '../../core/mirror/door.ts';
import type { Figures } from '../../core/runtime/define-feature.ts';
import type { Unavailable } from '../../core/runtime/snapshot.ts';
import type { UserRow, UsersRepository } from './repository.ts';
import type { UsersData } from './schemas.ts';

const NEW_DAYS = 30;

/** How many users the snapshot lists. */
export const LISTED_USERS = 50;

export function createUsersService(repository: UsersRepository) {
  /** The newest `limit` users. */
  const newest = (limit: number) => repository.newest(limit).map(describe);
  return {
    newest,
    snapshot: (asOf: AsOf): Figures<UsersData> => ({
      data: { summary: summarize(repository, asOf), list: newest(LISTED_USERS) },
      unavailable: repository.knowsCreation ? [] : CREATION_UNAVAILABLE,
    }),
  };
}

const CREATION_UNAVAILABLE: readonly Unavailable[] = [
  { figure: 'summary.NewUsersLast30Days', column: 'AspNetUsers.CreatedAt' },
  { figure: 'list.CreatedAt', column: 'AspNetUsers.CreatedAt' },
];

function summarize(repository: UsersRepository, { now }: AsOf): UsersData['summary'] {
  const confirmations = repository.byConfirmation();
  const relations = repository.byRelation();
  const all = countOf(confirmations);
  const confirmed = countOf(confirmations.filter(({ EmailConfirmed }) => EmailConfirmed === 1));
  return {
    TotalUsers: all,
    ConfirmedEmails: confirmed,
    ConfirmationRate: percentage(confirmed, all),
    NewUsersLast30Days: repository.knowsCreation ? repository.createdIn(lastDaysTo(now, NEW_DAYS)) : null,
    PayingUsers: countOf(relations.filter(({ pays }) => pays === 1)),
    ActiveSubscribers: countOf(relations.filter(({ subscribes }) => subscribes === 1)),
  };
}

function countOf(groups: readonly { readonly count: number }[]): number {
  return groups.reduce((total, { count }) => total + count, 0);
}

function describe({ Id, Name, Email, EmailConfirmed, CreatedAt }: UserRow): UsersData['list'][number] {
  return {
    Id: isPlaceholderKey(Id) ? '' : Id,
    Name,
    Email,
    EmailConfirmed: EmailConfirmed === 1,
    CreatedAt: isoInstantOrNull(CreatedAt),
  };
}
