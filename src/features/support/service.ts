import { logLevels, type ticketStatuses } from '../../company/codes.ts';
import { isoInstantOrNull, wholeDaysSince } from '../../core/figures/calendar.ts';
import { mergeByCode } from '../../core/figures/codes.ts';
import { compareText, mostFirst } from '../../core/figures/ordering.ts';
import { percentage } from '../../core/figures/rounding.ts';
import { lastDaysTo } from '../../core/figures/span.ts';
import type { AsOf } from '../../core/figures/zone.ts';
import { isPlaceholderKey } from '../../core/mirror/door.ts';
import type { FeatureService } from '../../core/runtime/define-feature.ts';
import type { LogLevelGroup, SupportRepository, TicketContextGroup, TicketRow } from './repository.ts';
import type { SupportData } from './schemas.ts';

const LISTED_TICKETS = 50;
const CHARTED_DAYS = 30;
const LOG_DAYS = 1;

type TicketStatus = (typeof ticketStatuses.codes)[number];

export function createSupportService(repository: SupportRepository): FeatureService<SupportData> {
  return {
    snapshot: (asOf) => ({
      data: {
        summary: summarize(repository, asOf),
        list: repository.newest(LISTED_TICKETS).map(describeTicket),
        byContext: groupByContext(repository.contexts()),
        byDay: openedByDay(repository, asOf),
        logs: repository.keepsLogs ? groupByLevel(repository.levels(lastDaysTo(asOf.now, LOG_DAYS))) : null,
      },
      unavailable: [],
    }),
  };
}

function summarize(repository: SupportRepository, { now }: AsOf): SupportData['summary'] {
  const statuses = repository.statuses();
  const countOf = (code: TicketStatus) => statuses.find(({ status }) => status === code)?.count ?? 0;
  const all = statuses.reduce((total, { count }) => total + count, 0);
  const closed = countOf('Closed');
  return {
    TotalTickets: all,
    OpenTickets: countOf('Open'),
    InProgressTickets: countOf('InProgress'),
    ClosedTickets: closed,
    ResolutionRate: percentage(closed, all),
    // A ticket with an unknown status counts as open.
    OldestOpenDays: all === closed ? null : daysSinceOldest(repository, now),
  };
}

/** A ticket without a date is 0 days old. */
function daysSinceOldest(repository: SupportRepository, now: AsOf['now']): number {
  const oldest = repository.oldestNotClosed();
  return oldest === null ? 0 : wholeDaysSince(oldest, now);
}

function describeTicket(row: TicketRow): SupportData['list'][number] {
  return {
    Id: isPlaceholderKey(row._id) ? '' : row._id,
    UserId: row.userId,
    Context: row.context,
    Explanation: row.explanation,
    Status: row.status,
    CreatedAt: isoInstantOrNull(row.createdAt),
  };
}

function groupByContext(groups: readonly TicketContextGroup[]): SupportData['byContext'] {
  return groups
    .map(({ context, count }) => ({ Context: context, Count: count }))
    .sort(
      mostFirst(
        ({ Count }) => Count,
        ({ Context }) => Context,
      ),
    );
}

function openedByDay(repository: SupportRepository, { now, calendar }: AsOf): SupportData['byDay'] {
  const days = calendar.lastDays(now, CHARTED_DAYS);
  const opened = new Map(repository.openedIn(days).map(({ span, count }) => [span, count]));
  return days.map(({ name }, index) => ({ Date: name, Opened: opened.get(index) ?? 0 }));
}

function groupByLevel(groups: readonly LogLevelGroup[]): NonNullable<SupportData['logs']> {
  const byLevel = mergeByCode(
    groups,
    ({ level }) => level,
    () => 0,
    (total, { count }) => total + count,
  );
  return [...byLevel]
    .map(([level, count]) => ({ Level: level, Count: count }))
    .sort((left, right) => severity(left.Level) - severity(right.Level) || compareText(left.Level, right.Level));
}

/** Rank of a level, the most severe first; unknown levels come last. */
function severity(level: string): number {
  const code = logLevels.find(level);
  return code === undefined ? logLevels.codes.length : logLevels.codes.indexOf(code);
}
