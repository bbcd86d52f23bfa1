import { Type } from '@sinclair/typebox';
import type { Instant } from '../../core/figures/calendar.ts';
import type { Span } from '../../core/figures/span.ts';
import { Nullable } from '../../core/runtime/schema.ts';
import type { DocumentReader } from '../../core/sources/mongo/source.ts';
import { collections } from '../../core/sources/sources.ts';

const TICKETS = 'support_tickets';
const LOGS = 'logs';

export const supportCollections = collections([TICKETS], [LOGS]);

export interface TicketStatusGroup {
  status: string;
  count: number;
}

/** The oldest ticket of a status, of those with a usable date. */
export interface OldestTicket {
  status: string;
  created: Instant;
}

export interface TicketContextGroup {
  context: string;
  count: number;
}

export interface TicketDay {
  /** `YYYY-MM-DD`. */
  day: string;
  count: number;
}

export interface TicketRow {
  id: string;
  userId: string;
  context: string;
  explanation: string;
  status: string;
  /** null without a usable date. */
  created: Instant | null;
}

export interface LogLevelGroup {
  level: string;
  count: number;
}

export interface SupportRepository {
  /** Whether `logs` exists. */
  readonly keepsLogs: boolean;
  statuses(): Promise<TicketStatusGroup[]>;
  oldest(): Promise<OldestTicket[]>;
  contexts(): Promise<TicketContextGroup[]>;
  days(span: Span): Promise<TicketDay[]>;
  /** The newest tickets; those without a usable date come last. */
  newest(count: number): Promise<TicketRow[]>;
  levels(span: Span): Promise<LogLevelGroup[]>;
}

/**
 * Queries only: no rule and no clock of its own.
 *
 * Nothing holds a document to its shape, so no pipeline converts a value before its type is known. Windows of time are
 * matched on the field as it stands, so that an index can serve them.
 */
export function createSupportRepository(reader: DocumentReader): SupportRepository {
  return {
    keepsLogs: reader.has(LOGS),

    statuses: () =>
      reader.aggregate(
        TICKETS,
        [
          { $group: { _id: '$status', count: { $sum: 1 } } },
          { $project: { _id: 0, status: textOf('$_id'), count: 1 } },
        ],
        Type.Object({ status: Type.String(), count: Type.Number() }),
      ),

    oldest: () =>
      reader.aggregate(
        TICKETS,
        [
          { $match: DATED },
          { $group: { _id: '$status', created: { $min: '$createdAt' } } },
          { $project: { _id: 0, status: textOf('$_id'), created: { $toDouble: '$created' } } },
        ],
        Type.Object({ status: Type.String(), created: Type.Number() }),
      ),

    contexts: () =>
      reader.aggregate(
        TICKETS,
        [
          { $group: { _id: '$context', count: { $sum: 1 } } },
          { $project: { _id: 0, context: textOf('$_id'), count: 1 } },
        ],
        Type.Object({ context: Type.String(), count: Type.Number() }),
      ),

    days: (span) =>
      reader.aggregate(
        TICKETS,
        [
          { $match: { createdAt: within(span) } },
          { $group: { _id: { $dateToString: { date: '$createdAt', format: '%Y-%m-%d' } }, count: { $sum: 1 } } },
          { $project: { _id: 0, day: '$_id', count: 1 } },
        ],
        Type.Object({ day: Type.String(), count: Type.Number() }),
      ),

    async newest(count) {
      const dated = await reader.aggregate(
        TICKETS,
        [
          { $match: DATED },
          { $sort: { createdAt: -1, _id: -1 } },
          { $limit: count },
          { $project: { ...TICKET_FIELDS, created: { $toDouble: '$createdAt' } } },
        ],
        TicketResult,
      );
      if (dated.length === count) return dated;
      const undated = await reader.aggregate(
        TICKETS,
        [
          { $match: { $nor: [DATED] } },
          { $sort: { _id: -1 } },
          { $limit: count - dated.length },
          { $project: { ...TICKET_FIELDS, created: { $literal: null } } },
        ],
        TicketResult,
      );
      return [...dated, ...undated];
    },

    levels: (span) =>
      reader.aggregate(
        LOGS,
        [
          { $match: { timestamp: within(span) } },
          { $group: { _id: '$level', count: { $sum: 1 } } },
          { $project: { _id: 0, level: textOf('$_id'), count: 1 } },
        ],
        Type.Object({ level: Type.String(), count: Type.Number() }),
      ),
  };
}

/** An instant in a span. A comparison looks into arrays too, and an array is no instant. */
function within({ from, before }: Span) {
  return { $gte: new Date(from), $lt: new Date(before), $not: { $type: 'array' } };
}

/** The instants that a `Date` can hold: MongoDB's reach further. */
const LAST_INSTANT = 8_640_000_000_000_000;

/** A ticket with a usable date. */
const DATED = { createdAt: within({ from: -LAST_INSTANT, before: LAST_INSTANT }) };

/** A simple value as text; '' for a missing, a null or a composite one. */
function textOf(field: string) {
  return { $cond: [{ $in: [{ $type: field }, SIMPLE_TYPES] }, { $toString: field }, ''] };
}

const SIMPLE_TYPES = ['string', 'objectId', 'int', 'long', 'double', 'decimal', 'bool', 'date'];

const TICKET_FIELDS = {
  _id: 0,
  id: textOf('$_id'),
  userId: textOf('$userId'),
  context: textOf('$context'),
  explanation: textOf('$explanation'),
  status: textOf('$status'),
};

const TicketResult = Type.Object({
  id: Type.String(),
  userId: Type.String(),
  context: Type.String(),
  explanation: Type.String(),
  status: Type.String(),
  created: Nullable(Type.Number()),
});
