import { type Static, Type } from '@sinclair/typebox';
import { Count, DayText, Nullable, Percentage } from '../../core/runtime/schema.ts';

export const TicketSummary = Type.Object(
  {
    TotalTickets: Count('Tickets of every status'),
    OpenTickets: Count('Tickets that nobody works on yet'),
    InProgressTickets: Count('Tickets that somebody works on'),
    ClosedTickets: Count('Closed tickets'),
    ResolutionRate: Percentage('Closed ÷ all'),
    OldestOpenDays: Nullable(Type.Integer({ minimum: 0 }), {
      description: 'Whole 24-hour days since the oldest ticket that is not closed was opened; null without one',
      examples: [12],
    }),
  },
  { $id: 'TicketSummary', description: 'Key figures of the support tickets' },
);
export type TicketSummary = Static<typeof TicketSummary>;

export const Ticket = Type.Object(
  {
    Id: Type.String({ description: 'Key of the ticket', examples: ['65a1f0c2b7e4d90012ab34cd'] }),
    UserId: Type.String({
      description: 'Key of the user who opened it',
      examples: ['0f8fad5b-d9cb-469f-a165-70867728950e'],
    }),
    Context: Type.String({ description: 'What it is about', examples: ['Pagamento'] }),
    Explanation: Type.String({ description: "The user's own words", examples: ['Não consigo acessar o curso'] }),
    Status: Type.String({ examples: ['InProgress'] }),
    CreatedAt: Nullable(Type.String({ format: 'date-time' }), {
      description: 'When it was opened; null when unknown',
      examples: ['2026-03-01T12:00:00.000Z'],
    }),
  },
  { $id: 'Ticket', description: 'A support ticket' },
);
export type Ticket = Static<typeof Ticket>;

export const TicketsByContext = Type.Object(
  {
    Context: Type.String({ description: 'What the tickets are about', examples: ['Pagamento'] }),
    Count: Count('Tickets'),
  },
  { $id: 'TicketsByContext', description: 'Tickets about one thing' },
);
export type TicketsByContext = Static<typeof TicketsByContext>;

export const TicketsByDay = Type.Object(
  { Date: DayText('Calendar day'), Opened: Count('Tickets opened on the day') },
  { $id: 'TicketsByDay', description: 'Tickets of a day' },
);
export type TicketsByDay = Static<typeof TicketsByDay>;

export const LogsByLevel = Type.Object(
  {
    Level: Type.String({ description: 'Severity', examples: ['Error'] }),
    Count: Count('Log entries'),
  },
  { $id: 'LogsByLevel', description: 'Log entries of a level' },
);
export type LogsByLevel = Static<typeof LogsByLevel>;

/** Of the last 24 hours; null where no log is kept. */
export const LogLevels = Nullable(Type.Array(LogsByLevel), {
  description: 'Log entries of the last 24 hours by level, the most severe first; null where no log is kept',
});

export const SupportData = Type.Object(
  {
    summary: TicketSummary,
    list: Type.Array(Ticket, { description: 'The newest 50' }),
    byContext: Type.Array(TicketsByContext, { description: 'All tickets, most first' }),
    byDay: Type.Array(TicketsByDay, { description: 'The last 30 days, oldest first' }),
    logs: LogLevels,
  },
  { $id: 'SupportData', description: 'Every figure of the feature' },
);
export type SupportData = Static<typeof SupportData>;
