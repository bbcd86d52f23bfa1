import { type Static, Type } from '@sinclair/typebox';
import { Count, DayText, InstantText, List, Nullable, Percentage, Text, WholeDays } from '../../core/runtime/schema.ts';

export const TicketSummary = Type.Object(
  {
    TotalTickets: Count('Tickets of every status', { en: 'Tickets', pt: 'Chamados' }),
    OpenTickets: Count('Tickets that nobody works on yet', {
      en: 'Open tickets',
      pt: 'Chamados abertos',
      good: 'down',
    }),
    InProgressTickets: Count('Tickets that somebody works on', {
      en: 'Tickets in progress',
      pt: 'Chamados em andamento',
    }),
    ClosedTickets: Count('Closed tickets', { en: 'Closed tickets', pt: 'Chamados encerrados', good: 'up' }),
    ResolutionRate: Percentage('Closed ÷ all', { en: 'Resolution rate', pt: 'Taxa de resolução', good: 'up' }),
    OldestOpenDays: Nullable(
      WholeDays('Whole 24-hour days since the oldest ticket that is not closed was opened; null without one', {
        en: 'Age of the oldest open ticket',
        pt: 'Idade do chamado aberto mais antigo',
        good: 'down',
      }),
    ),
  },
  { $id: 'TicketSummary', description: 'Key figures of the support tickets' },
);
export type TicketSummary = Static<typeof TicketSummary>;

export const Ticket = Type.Object(
  {
    Id: Text('Key of the ticket', { en: 'Id', pt: 'Código' }, '65a1f0c2b7e4d90012ab34cd'),
    UserId: Text(
      'Key of the user who opened it',
      { en: 'User id', pt: 'Código do usuário' },
      '0f8fad5b-d9cb-469f-a165-70867728950e',
    ),
    Context: Text('What it is about', { en: 'Subject', pt: 'Assunto' }, 'Pagamento'),
    Explanation: Text("The user's own words", { en: 'Message', pt: 'Mensagem' }, 'Não consigo acessar o curso'),
    Status: Text('Status of the ticket', { en: 'Status', pt: 'Situação' }, 'InProgress'),
    CreatedAt: Nullable(InstantText('When it was opened; null when unknown', { en: 'Opened at', pt: 'Aberto em' })),
  },
  { $id: 'Ticket', description: 'A support ticket' },
);
export type Ticket = Static<typeof Ticket>;

export const TicketsByContext = Type.Object(
  {
    Context: Text('What the tickets are about', { en: 'Subject', pt: 'Assunto' }, 'Pagamento'),
    Count: Count('Tickets', { en: 'Tickets', pt: 'Chamados' }),
  },
  { $id: 'TicketsByContext', description: 'Tickets about one thing' },
);
export type TicketsByContext = Static<typeof TicketsByContext>;

export const TicketsByDay = Type.Object(
  {
    Date: DayText('Calendar day', { en: 'Day', pt: 'Dia' }),
    Opened: Count('Tickets opened on the day', { en: 'New tickets', pt: 'Novos chamados', good: 'down' }),
  },
  { $id: 'TicketsByDay', description: 'Tickets of a day' },
);
export type TicketsByDay = Static<typeof TicketsByDay>;

export const LogsByLevel = Type.Object(
  {
    Level: Text('Severity', { en: 'Level', pt: 'Nível' }, 'Error'),
    Count: Count('Log entries', { en: 'Entries', pt: 'Registros' }),
  },
  { $id: 'LogsByLevel', description: 'Log entries of a level' },
);
export type LogsByLevel = Static<typeof LogsByLevel>;

/** Of the last 24 hours; null where no log is kept. */
export const LogLevels = Nullable(
  List(LogsByLevel, 'Log entries of the last 24 hours by level, the most severe first; null where no log is kept', {
    en: 'Log entries, last 24 hours',
    pt: 'Registros de log, últimas 24 horas',
  }),
);

export const SupportData = Type.Object(
  {
    summary: TicketSummary,
    list: List(Ticket, 'The newest 50', { en: 'Newest tickets', pt: 'Chamados mais recentes' }),
    byContext: List(TicketsByContext, 'All tickets, most first', {
      en: 'Tickets by subject',
      pt: 'Chamados por assunto',
    }),
    byDay: List(TicketsByDay, 'The last 30 days, oldest first', {
      en: 'New tickets by day',
      pt: 'Novos chamados por dia',
    }),
    logs: LogLevels,
  },
  { $id: 'SupportData', description: 'Every figure of the feature' },
);
export type SupportData = Static<typeof SupportData>;
