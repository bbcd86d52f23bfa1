import { type Instant, isoInstantOrNull } from '../../core/figures/calendar.ts';
import { percentage } from '../../core/figures/rounding.ts';
import { lastDaysTo } from '../../core/figures/span.ts';
import type { Content, Unavailable } from '../../core/runtime/snapshot.ts';
import { paymentStatuses, subscriptionStatuses } from '../../core/sources/sql/spellings.ts';
import type { UserRow, UsersRepository, UserTotals } from './repository.ts';
import type { User, UserSummary, UsersData } from './schemas.ts';

const NEW_DAYS = 30;

/** How many users the snapshot lists. */
export const LISTED_USERS = 50;

export interface UsersService {
  /** Every figure of the feature, as of `now`. */
  snapshot(now: Instant): Promise<Content<UsersData>>;
  /** The newest `limit` users. */
  newest(limit: number): Promise<User[]>;
}

export function createUsersService(repository: UsersRepository): UsersService {
  const newest = async (limit: number) => (await repository.newest(limit)).map(describe);
  return {
    newest,

    async snapshot(now) {
      const totals = await repository.totals(lastDaysTo(now, NEW_DAYS));
      const paying = await countPaying(repository);
      const subscribed = await countSubscribed(repository);
      return {
        data: { summary: summarize(totals, paying, subscribed), list: await newest(LISTED_USERS) },
        unavailable: repository.knowsCreation ? [] : CREATION_UNAVAILABLE,
      };
    },
  };
}

const CREATION_UNAVAILABLE: readonly Unavailable[] = [
  { figure: 'summary.NewUsersLast30Days', column: 'AspNetUsers.CreatedAt' },
  { figure: 'list.CreatedAt', column: 'AspNetUsers.CreatedAt' },
];

async function countPaying(repository: UsersRepository): Promise<number> {
  const spellings = await repository.paymentStatuses();
  const approved = spellings.filter((raw) => paymentStatuses.find(raw) === 'approved');
  return approved.length === 0 ? 0 : repository.withPayment(approved);
}

async function countSubscribed(repository: UsersRepository): Promise<number> {
  const spellings = await repository.subscriptionStatuses();
  const active = spellings.filter((raw) => subscriptionStatuses.find(raw) === 'authorized');
  return active.length === 0 ? 0 : repository.withSubscription(active);
}

function summarize({ count, confirmed, recent }: UserTotals, paying: number, subscribed: number): UserSummary {
  return {
    TotalUsers: count,
    ConfirmedEmails: confirmed,
    ConfirmationRate: percentage(confirmed, count),
    NewUsersLast30Days: recent ?? null,
    PayingUsers: paying,
    ActiveSubscribers: subscribed,
  };
}

function describe(row: UserRow): User {
  return {
    Id: row.Id,
    Name: row.Name,
    Email: row.Email,
    EmailConfirmed: row.confirmed === 1,
    CreatedAt: isoInstantOrNull(row.created ?? null),
  };
}
