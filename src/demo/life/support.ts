import type { Document } from '../../core/feeds/folder/document.ts';
import { DAY_MS } from '../../core/figures/calendar.ts';
import { objectIdAt, uuidAt } from '../data/identifiers.ts';
import { logEntry } from '../data/logs.ts';
import { type Random, weighted } from '../data/random.ts';
import { COMPANY_DAYS } from '../data/rhythm.ts';
import { TICKET_TOPICS } from '../data/tickets.ts';
import { GONE_USER } from '../data/users.ts';
import type { DocumentChange, LifeMoment, LifeSources } from './change.ts';

const TICKETS = 'support_tickets';
const LOGS = 'logs';
/** One of this many oldest tickets is chosen. */
const LONGEST_WAITING = 8;

const chooseTopic = weighted(TICKET_TOPICS.map((topic) => [topic, topic[1]]));

export const ticketChanges: readonly DocumentChange[] = [
  {
    kind: 'documents',
    name: 'a new ticket',
    weight: 4,
    collection: TICKETS,
    make(moment, company) {
      const { now, random } = moment;
      const [context, , explanations] = chooseTopic(random);
      const ticket = {
        _id: objectIdAt(now, random),
        userId: someUser(moment, company) ?? GONE_USER,
        context,
        explanation: random.pick(explanations),
        status: 'Open',
        createdAt: new Date(now),
      };
      company.collections.insert(TICKETS, [ticket]);
    },
  },
  ticketMove('a ticket is taken up', 3.6, 'Open', 'InProgress'),
  ticketMove('a ticket is closed', 3.8, 'InProgress', 'Closed'),
];

export const logChange: DocumentChange = {
  kind: 'documents',
  name: 'log lines',
  weight: 14,
  collection: LOGS,
  make({ now, random }, { collections }) {
    const lines = Array.from({ length: random.between(1, 4) }, () => logEntry(random, now));
    collections.insert(LOGS, lines);
  },
};

function ticketMove(name: string, weight: number, from: string, to: string): DocumentChange {
  return {
    kind: 'documents',
    name,
    weight,
    collection: TICKETS,
    make({ random }, { collections }) {
      const waiting = longestWaiting(collections.documents(TICKETS), from);
      if (waiting.length > 0) collections.update(TICKETS, random.pick(waiting), { status: to });
    },
  };
}

/** Compares codes in any letter case. */
function longestWaiting(tickets: readonly Document[], status: string): readonly Document[] {
  const folded = status.toLowerCase();
  return tickets
    .filter((ticket) => typeof ticket.status === 'string' && ticket.status.trim().toLowerCase() === folded)
    .map((ticket) => ({ ticket, since: instantOf(ticket) }))
    .sort((left, right) => left.since - right.since)
    .slice(0, LONGEST_WAITING)
    .map(({ ticket }) => ticket);
}

/** A ticket without a date counts as the oldest. */
function instantOf({ createdAt }: Document): number {
  return createdAt instanceof Date ? createdAt.getTime() : Number.NEGATIVE_INFINITY;
}

/** A random user; undefined if there is none. */
function someUser({ now, random, columns }: LifeMoment, { database }: LifeSources): string | undefined {
  if (!columns.has('AspNetUsers', 'Id')) return undefined;
  return database.userFrom(uuidAt(now - joinedWithin(random), random));
}

function joinedWithin(random: Random): number {
  return random.below(COMPANY_DAYS) * DAY_MS;
}
