import { Type } from '@sinclair/typebox';
import { DAY_MS } from '../../core/figures/calendar.ts';
import { objectIdAt, uuidAt } from '../data/identifiers.ts';
import { logEntry } from '../data/logs.ts';
import { type Random, weighted } from '../data/random.ts';
import { COMPANY_DAYS } from '../data/rhythm.ts';
import { TICKET_TOPICS } from '../data/tickets.ts';
import { GONE_USER } from '../data/users.ts';
import type { DocumentChange, LifeSources, Moment } from './change.ts';

const TICKETS = 'support_tickets';
const LOGS = 'logs';
/** How long an answer of a source is waited for. */
export const ANSWER_WITHIN_MS = 10_000;
/** Of so many that wait longest, one is taken. */
const LONGEST_WAITING = 8;

const chooseTopic = weighted(TICKET_TOPICS.map((topic) => [topic, topic[1]]));

export const ticketChanges: readonly DocumentChange[] = [
  {
    kind: 'documents',
    name: 'a new ticket',
    weight: 4,
    collection: TICKETS,
    async make(moment, sources) {
      const { now, random } = moment;
      const [context, , explanations] = chooseTopic(random);
      const ticket = {
        _id: objectIdAt(now, random),
        userId: (await someUser(moment, sources)) ?? GONE_USER,
        context,
        explanation: random.pick(explanations),
        status: 'Open',
        createdAt: new Date(now),
      };
      await sources.documents.insert(TICKETS, [ticket]);
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
  async make({ now, random }, { documents }) {
    const lines = Array.from({ length: random.between(1, 4) }, () => logEntry(random, now));
    await documents.insert(LOGS, lines);
  },
};

function ticketMove(name: string, weight: number, from: string, to: string): DocumentChange {
  return {
    kind: 'documents',
    name,
    weight,
    collection: TICKETS,
    async make({ random }, { documents }) {
      // People may have written the code in any case.
      const status = { $regex: `^\\s*${from}\\s*$`, $options: 'i' };
      const waiting = await documents.read(
        (reader) =>
          reader.aggregate(
            TICKETS,
            [
              { $match: { status } },
              { $sort: { createdAt: 1, _id: 1 } },
              { $limit: LONGEST_WAITING },
              { $project: { _id: 1 } },
            ],
            Type.Object({ _id: Type.Unknown() }),
          ),
        AbortSignal.timeout(ANSWER_WITHIN_MS),
      );
      if (waiting.length > 0) await documents.update(TICKETS, random.pick(waiting), { status: to });
    },
  };
}

/** The first user whose key is above a random one; undefined where there is none. */
async function someUser({ now, random, columns }: Moment, { sql }: LifeSources): Promise<string | undefined> {
  if (!columns.has('AspNetUsers', 'Id')) return undefined;
  const key = uuidAt(now - joinedWithin(random), random);
  const found = await sql.read(
    ({ database }) =>
      database.selectFrom('AspNetUsers').select('Id').where('Id', '>=', key).orderBy('Id').limit(1).executeTakeFirst(),
    AbortSignal.timeout(ANSWER_WITHIN_MS),
  );
  return found?.Id;
}

function joinedWithin(random: Random): number {
  return random.below(COMPANY_DAYS) * DAY_MS;
}
