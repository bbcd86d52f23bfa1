import { type Instant, isoInstantOrNull, lastDays, startOfDay, wholeDaysSince } from '../../core/figures/calendar.ts';
import { mergeByCode } from '../../core/figures/codes.ts';
import { compareText, mostFirst } from '../../core/figures/ordering.ts';
import { percentage } from '../../core/figures/rounding.ts';
import { lastDaysTo } from '../../core/figures/span.ts';
import type { Content } from '../../core/runtime/snapshot.ts';
import { logLevels, ticketStatuses } from './enums.ts';
import type {
  LogLevelGroup,
  OldestTicket,
  SupportRepository,
  TicketContextGroup,
  TicketDay,
  TicketRow,
  TicketStatusGroup,
} from './repository.ts';
import type { LogsByLevel, SupportData, Ticket, TicketSummary, TicketsByContext, TicketsByDay } from './schemas.ts';

const LISTED_TICKETS = 50;
const CHARTED_DAYS = 30;
const LOG_DAYS = 1;

export interface SupportService {
  /** Every figure of the feature, as of `now`. */
  snapshot(now: Instant): Promise<Content<SupportData>>;
}

export function createSupportService(repository: SupportRepository): SupportService {
  return {
    async snapshot(now) {
      const statuses = await repository.statuses();
      const oldest = await repository.oldest();
      const newest = await repository.newest(LISTED_TICKETS);
      const contexts = await repository.contexts();
      const days = await repository.days({ from: startOfDay(now, CHARTED_DAYS - 1), before: startOfDay(now, -1) });
      const levels = repository.keepsLogs ? await repository.levels(lastDaysTo(now, LOG_DAYS)) : null;
      return {
        data: {
          summary: summarize(statuses, oldest, now),
          list: newest.map(describeTicket),
          byContext: groupByContext(contexts),
          byDay: openedByDay(days, now),
          logs: levels === null ? null : groupByLevel(levels),
        },
        unavailable: [],
      };
    },
  };
}

function summarize(
  statuses: readonly TicketStatusGroup[],
  oldest: readonly OldestTicket[],
  now: Instant,
): TicketSummary {
  const byStatus = mergeByCode(
    statuses,
    ({ status }) => ticketStatuses.name(status),
    () => 0,
    (total, { count }) => total + count,
  );
  const countOf = (code: (typeof ticketStatuses.codes)[number]) => byStatus.get(code) ?? 0;
  const all = statuses.reduce((total, { count }) => total + count, 0);
  return {
    TotalTickets: all,
    OpenTickets: countOf('Open'),
    InProgressTickets: countOf('InProgress'),
    ClosedTickets: countOf('Closed'),
    ResolutionRate: percentage(countOf('Closed'), all),
    OldestOpenDays: oldestOpenDays(oldest, now),
  };
}

/** Whatever is not closed is open, under an unknown status too. */
function oldestOpenDays(oldest: readonly OldestTicket[], now: Instant): number | null {
  const open = oldest.filter(({ status }) => ticketStatuses.find(status) !== 'Closed');
  return open.length === 0 ? null : wholeDaysSince(Math.min(...open.map(({ created }) => created)), now);
}

function describeTicket(row: TicketRow): Ticket {
  return {
    Id: row.id,
    UserId: row.userId,
    Context: row.context,
    Explanation: row.explanation,
    Status: ticketStatuses.name(row.status),
    CreatedAt: isoInstantOrNull(row.created),
  };
}

/** The database tells a number from its digits; a reader does not. */
function groupByContext(groups: readonly TicketContextGroup[]): TicketsByContext[] {
  const counts = new Map<string, number>();
  for (const { context, count } of groups) counts.set(context, (counts.get(context) ?? 0) + count);
  return [...counts]
    .map(([context, count]) => ({ Context: context, Count: count }))
    .sort(
      mostFirst(
        ({ Count }) => Count,
        ({ Context }) => Context,
      ),
    );
}

function openedByDay(days: readonly TicketDay[], now: Instant): TicketsByDay[] {
  const byDay = new Map(days.map(({ day, count }) => [day, count]));
  return lastDays(now, CHARTED_DAYS).map((date) => ({ Date: date, Opened: byDay.get(date) ?? 0 }));
}

function groupByLevel(groups: readonly LogLevelGroup[]): LogsByLevel[] {
  const byLevel = mergeByCode(
    groups,
    ({ level }) => logLevels.name(level),
    () => 0,
    (total, { count }) => total + count,
  );
  return [...byLevel]
    .map(([level, count]) => ({ Level: level, Count: count }))
    .sort((left, right) => severity(left.Level) - severity(right.Level) || compareText(left.Level, right.Level));
}

/** The place of a level, the most severe first; those outside the list come last. */
function severity(level: string): number {
  const code = logLevels.find(level);
  return code === undefined ? logLevels.codes.length : logLevels.codes.indexOf(code);
}
