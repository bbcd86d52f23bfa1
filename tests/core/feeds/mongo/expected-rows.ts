import { BSON } from 'mongodb';
import { rowOf } from '../../../../src/core/feeds/mongo/raw-cells.ts';
import { mirroredCollections } from '../../../support/mongo-feed.ts';
import type { Collections, MongoServer } from '../../../support/mongo-servers.ts';
import type { Held, HeldRows } from './follower.ts';

const HOUR_MS = 3_600_000;

export const ticket = (number: number) => ({
  userId: `u${number}`,
  context: 'Pagamento',
  explanation: 'Paguei e não recebi',
  status: 'Open',
  createdAt: new Date(Date.now() - number * HOUR_MS),
});

export const log = (hoursAgo: number) => ({
  timestamp: new Date(Date.now() - hoursAgo * HOUR_MS),
  level: 'Error',
  source: 'Payments',
  message: 'Timeout',
});

export const documents = () => ({ support_tickets: [ticket(1), ticket(2)], logs: [log(1), log(26)] });

/** What a mirror has to hold of these documents. */
export function rowsOf(held: Collections): HeldRows {
  return new Map(
    mirroredCollections.flatMap((mirrored) => {
      const kept = (held[mirrored.table.name] ?? [])
        .map((document) => BSON.deserialize(BSON.serialize(document)))
        .filter((document) => mirrored.table.keptFor === null || isRecent(document.timestamp));
      const rows = kept.map((document) => rowOf(document, mirrored));
      const keys = mirrored.columns.indexOf('_id');
      return rows.length === 0 ? [] : [[mirrored.table.name, new Map(rows.map((row) => [row[keys] ?? null, row]))]];
    }),
  );
}

function isRecent(timestamp: unknown): boolean {
  return timestamp instanceof Date && timestamp.getTime() >= Date.now() - 25 * HOUR_MS;
}

export async function expectedRows(server: MongoServer): Promise<HeldRows> {
  return rowsOf(await server.documents());
}

/** Tables without rows are as good as tables that were never mentioned. */
export function heldRows({ rows }: Held): HeldRows {
  return new Map([...rows].filter(([, kept]) => kept.size > 0));
}
