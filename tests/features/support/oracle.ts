import { canonical, groupName, logLevels, ticketStatuses } from '../../oracle/codes.ts';
import { percentage } from '../../oracle/exact.ts';
import type { Answer, Company, LogDocument, TicketDocument } from '../../oracle/rows.ts';
import {
  byText,
  dateOf,
  grouped,
  isoOrNull,
  lastDates,
  newestFirst,
  sorted,
  wholeDaysSince,
  withinLastDays,
} from '../../oracle/rules.ts';
import { defaultZone } from '../../oracle/zones.ts';

/** The contract's section 3, "support". */
export function supportOracle(company: Company, now: number, timeZone: string = defaultZone): Answer {
  const tickets = company.support_tickets;
  const withStatus = (status: string) => tickets.filter((ticket) => statusOf(ticket) === status);
  const ages = tickets
    .filter((ticket) => statusOf(ticket) !== 'Closed')
    .map((ticket) => wholeDaysSince(created(ticket), now));
  const byDate = new Map(grouped(tickets, (ticket) => dateOf(created(ticket), timeZone)));

  return {
    data: {
      summary: {
        TotalTickets: tickets.length,
        OpenTickets: withStatus('Open').length,
        InProgressTickets: withStatus('InProgress').length,
        ClosedTickets: withStatus('Closed').length,
        ResolutionRate: percentage(withStatus('Closed').length, tickets.length),
        OldestOpenDays: ages.length === 0 ? null : Math.max(...ages),
      },
      list: sorted(tickets, newestFirst(created), (left, right) => byText(right._id, left._id))
        .slice(0, 50)
        .map((ticket) => ({
          Id: ticket._id,
          UserId: ticket.userId,
          Context: ticket.context,
          Explanation: ticket.explanation,
          Status: statusOf(ticket),
          CreatedAt: isoOrNull(created(ticket)),
        })),
      byContext: sorted(
        grouped(tickets, ({ context }) => context).map(([Context, some]) => ({ Context, Count: some.length })),
        (left, right) => right.Count - left.Count,
        (left, right) => byText(left.Context, right.Context),
      ),
      byDay: lastDates(now, 30, timeZone).map((date) => ({ Date: date, Opened: byDate.get(date)?.length ?? 0 })),
      logs: company.logs === null ? null : recentLogs(company.logs, now),
    },
    unavailable: [],
  };
}

function recentLogs(logs: readonly LogDocument[], now: number) {
  const recent = logs.filter(({ timestamp }) => withinLastDays(timestamp, now, 1));
  const levels = recent.map(({ level }) => level);
  const known = logLevels.map(([level]) => level);
  const rank = (level: string) => (known.includes(level) ? known.indexOf(level) : known.length);
  return sorted(
    grouped(recent, ({ level }) => groupName(logLevels, level, levels)).map(([Level, some]) => ({
      Level,
      Count: some.length,
    })),
    (left, right) => rank(left.Level) - rank(right.Level),
    (left, right) => byText(left.Level, right.Level),
  );
}

/** Null without a date that can be read. */
function created({ createdAt }: TicketDocument): number | null {
  if (typeof createdAt !== 'string') return createdAt ?? null;
  return /^\d{4}-\d\d-\d\dT/.test(createdAt) ? Date.parse(createdAt) : null;
}

function statusOf({ status }: TicketDocument): string {
  return canonical(ticketStatuses, status);
}
