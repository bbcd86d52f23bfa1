import { sql } from 'kysely';
import { tables } from '../../company/tables.ts';
import type { Instant } from '../../core/figures/calendar.ts';
import type { Span } from '../../core/figures/span.ts';
import type { TableColumns } from '../../core/mirror/catalog.ts';
import { relationOf } from '../../core/mirror/expression.ts';
import { type MirrorObject, mirrorIndex } from '../../core/mirror/mirror-object.ts';
import type { MirrorReader } from '../../core/mirror/reader.ts';
import { hourlyRollup, part, rollup } from '../../core/mirror/rollup.ts';

export const supportReads: TableColumns = {
  support_tickets: ['_id', 'userId', 'context', 'explanation', 'status', 'createdAt'],
  logs: ['_id', 'timestamp', 'level'],
};

const ticketsByStatus = rollup(
  'TicketsByStatus',
  part(relationOf(tables.support_tickets), ({ column }) => ({ by: { status: column('status') } })),
);

const ticketsByContext = rollup(
  'TicketsByContext',
  part(relationOf(tables.support_tickets), ({ column }) => ({ by: { context: column('context') } })),
);

const ticketsByHour = hourlyRollup('TicketsByHour', tables.support_tickets, 'createdAt');

const logsByLevel = hourlyRollup('LogsByLevel', tables.logs, 'timestamp', ({ column }) => ({
  by: { level: column('level') },
}));

const ticketsNewest = mirrorIndex('TicketsNewest', 'support_tickets', '"createdAt", "_id"');

const ticketsNotClosed = mirrorIndex(
  'TicketsNotClosed',
  'support_tickets',
  '"createdAt"',
  `"status" is not 'Closed' and "createdAt" is not null`,
);

export const supportObjects: readonly MirrorObject[] = [
  ticketsByStatus,
  ticketsByContext,
  ticketsByHour,
  logsByLevel,
  ticketsNewest,
  ticketsNotClosed,
];

export interface TicketStatusGroup {
  readonly status: string;
  readonly count: number;
}

export interface TicketContextGroup {
  readonly context: string;
  readonly count: number;
}

/** Tickets that were opened in one of several spans. */
export interface TicketSpan {
  /** Index of the span. */
  readonly span: number;
  readonly count: number;
}

export interface TicketRow {
  readonly _id: string;
  readonly userId: string;
  readonly context: string;
  readonly explanation: string;
  readonly status: string;
  readonly createdAt: Instant | null;
}

export interface LogLevelGroup {
  readonly level: string;
  readonly count: number;
}

export interface SupportRepository {
  /** Whether `logs` exists. */
  readonly keepsLogs: boolean;
  statuses(): TicketStatusGroup[];
  contexts(): TicketContextGroup[];
  /** When the oldest ticket that is not closed was opened; null where none has a date. */
  oldestNotClosed(): Instant | null;
  /** A row for each span in which tickets were opened. */
  openedIn(spans: readonly Span[]): TicketSpan[];
  /** The newest tickets; those without a date come last. */
  newest(count: number): TicketRow[];
  /** Log entries of a span by level. */
  levels(span: Span): LogLevelGroup[];
}

/** Queries only: rules and the clock belong to the service. */
export function createSupportRepository(reader: MirrorReader): SupportRepository {
  const tickets = () => reader.tables().selectFrom('support_tickets');

  return {
    keepsLogs: reader.hasTable('logs'),
    statuses: () => reader.rows(ticketsByStatus),
    contexts: () => reader.rows(ticketsByContext),

    oldestNotClosed() {
      const [oldest] = reader.all(
        tickets()
          .select('createdAt')
          // Literals: SQLite does not use a partial index for a bound parameter.
          .where('status', 'is not', sql.lit('Closed'))
          .where('createdAt', 'is not', null)
          .orderBy('createdAt')
          .limit(1),
      );
      return oldest?.createdAt ?? null;
    },

    openedIn: (spans) => reader.totals(ticketsByHour, spans),

    newest: (count) =>
      reader.all(
        tickets()
          .select(['_id', 'userId', 'context', 'explanation', 'status', 'createdAt'])
          .orderBy('createdAt', 'desc')
          .orderBy('_id', 'desc')
          .limit(count),
      ),

    levels: (span) => reader.totals(logsByLevel, [span]),
  };
}
