import { canonical, paymentStatuses, subscriptionStatuses } from '../../oracle/codes.ts';
import { percentage } from '../../oracle/exact.ts';
import type { Answer, Company, UserRow } from '../../oracle/rows.ts';
import { byText, isoOrNull, newestFirst, sorted, withinLastDays } from '../../oracle/rules.ts';

/** The contract's section 3, "users". */
export function usersOracle(company: Company, now: number): Answer {
  const users = company.AspNetUsers;
  const withoutDates = company.missing.has('AspNetUsers.CreatedAt');
  const confirmed = users.filter(({ EmailConfirmed }) => EmailConfirmed);
  const payments = company.Payments.filter(({ Status }) => canonical(paymentStatuses, Status) === 'approved');
  const subscriptions = company.Subscriptions.filter(
    ({ Status }) => canonical(subscriptionStatuses, Status) === 'authorized',
  );
  const isNew = ({ CreatedAt }: UserRow) => withinLastDays(CreatedAt, now, 30);

  return {
    data: {
      summary: {
        TotalUsers: users.length,
        ConfirmedEmails: confirmed.length,
        ConfirmationRate: percentage(confirmed.length, users.length),
        NewUsersLast30Days: withoutDates ? null : users.filter(isNew).length,
        PayingUsers: users.filter(({ Id }) => payments.some(({ UserId }) => UserId === Id)).length,
        ActiveSubscribers: users.filter(({ Id }) => subscriptions.some(({ UserId }) => UserId === Id)).length,
      },
      list: newestUsers(company, 50),
    },
    unavailable: withoutDates
      ? [
          { figure: 'summary.NewUsersLast30Days', column: 'AspNetUsers.CreatedAt' },
          { figure: 'list.CreatedAt', column: 'AspNetUsers.CreatedAt' },
        ]
      : [],
  };
}

/** `users/list?limit=`: newest first, those without a date last. */
export function newestUsers(company: Company, limit: number) {
  const createdAt = (user: UserRow) => (company.missing.has('AspNetUsers.CreatedAt') ? null : user.CreatedAt);
  return sorted(company.AspNetUsers, newestFirst(createdAt), (left, right) => byText(right.Id, left.Id))
    .slice(0, limit)
    .map((user) => ({
      Id: user.Id,
      Name: user.Name,
      Email: user.Email,
      EmailConfirmed: user.EmailConfirmed,
      CreatedAt: isoOrNull(createdAt(user)),
    }));
}
