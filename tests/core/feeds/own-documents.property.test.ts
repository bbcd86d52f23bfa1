import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { Binary, type Document, MaxKey, ObjectId, Timestamp } from 'mongodb';
import { features } from '../../../src/features/index.ts';
import { support } from '../../../src/features/support/index.ts';
import { situations } from '../../oracle/arbitraries.ts';
import { expectEveryFigure } from '../../oracle/every-oracle.ts';
import { type Followed, followed, type HeldCompany } from '../../oracle/followed.ts';
import { mirroredBy, readerOf } from '../../oracle/mirrored.ts';
import type { Company, TicketDocument } from '../../oracle/rows.ts';
import { documentsOf } from '../../oracle/stored-company.ts';
import { missingValues } from '../../oracle/unreadable.ts';
import { memoryDocumentSource } from '../../support/folder-sources.ts';
import { mongoFeedAt } from '../../support/mongo-feed.ts';
import { onEveryMongoServer } from '../../support/mongo-servers.ts';

/** A user's own documents: any other value in place of a text or a date counts as missing, and is reported. */
const WITHIN_MS = 300_000;
const RUNS = 40;
const tables = mirroredBy(features, 'documents');

type Field = Exclude<keyof TicketDocument, '_id'>;
const TEXTS: readonly Field[] = ['userId', 'context', 'explanation', 'status'];
const FIELDS: readonly Field[] = [...TEXTS, 'createdAt'];

/** What no field allows; undefined: it is not there. */
const ANYTHING: readonly unknown[] = [1.5, true, null, undefined, { $date: 1 }, { a: 'b' }, [], ['text'], Number.NaN];
const NO_TEXTS: readonly unknown[] = ANYTHING;
const NO_INSTANTS: readonly unknown[] = [...ANYTHING, 5, '31/12/2025', '', 'ontem', '2026-02-30'];
/** The same in types that only BSON has. */
const OF_BSON: readonly unknown[] = [new Binary(new Uint8Array([1, 2])), new MaxKey(), new Timestamp({ t: 1, i: 1 })];

const number = fc.nat(1_000);
/** Which document, which field, and which value. */
const edits = fc.array(fc.tuple(number, number, number), { maxLength: 15 });
type Edits = readonly (readonly [row: number, field: number, value: number])[];

/** Tickets, and what stands in their fields instead. */
function brokenTickets(company: Company, values: readonly unknown[]) {
  const tickets = company.support_tickets;
  const broken = tickets.map(() => new Map<Field, unknown>());
  const originals = documentsOf(company).support_tickets ?? [];
  const isReadable = ({ createdAt }: TicketDocument) =>
    typeof createdAt === 'number' || (typeof createdAt === 'string' && !Number.isNaN(Date.parse(createdAt)));
  return {
    /** @returns the documents that are others now */
    edit(changes: Edits): Document[] {
      const moved = changes.flatMap(([row, at, value]) => {
        const place = tickets.length === 0 ? -1 : row % tickets.length;
        const field = FIELDS[at % FIELDS.length] ?? 'userId';
        const all = [...(field === 'createdAt' ? NO_INSTANTS : NO_TEXTS), ...values];
        broken[place]?.set(field, all[value % all.length]);
        return place < 0 ? [] : [place];
      });
      return [...new Set(moved)].map((place) => this.documents()[place] ?? {});
    },
    documents: () =>
      originals.map((original, place) => {
        const fields = { ...original, ...Object.fromEntries(broken[place] ?? []) };
        return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
      }),
    company: (): Company => ({
      ...company,
      support_tickets: tickets.map((ticket, place) => {
        const missing = Object.entries(missingValues.support_tickets);
        const lost = missing.filter(([field]) => [...(broken[place]?.keys() ?? [])].some((one) => one === field));
        return { ...ticket, ...Object.fromEntries(lost) };
      }),
    }),
    /** How many tickets have no value in a field that it allows. */
    unreadable: (field: Field) =>
      tickets.filter((ticket, place) => broken[place]?.has(field) || (field === 'createdAt' && !isReadable(ticket)))
        .length,
  };
}

function expectProblems({ mirror }: Followed, broken: ReturnType<typeof brokenTickets>): void {
  const found = readerOf(mirror).problems({ support_tickets: support.reads.support_tickets ?? [] });
  const told = Object.fromEntries(found.map(({ column, rows }) => [column, rows]));
  const expected = FIELDS.map((field) => [field, broken.unreadable(field)] as const).filter(([, rows]) => rows > 0);
  expect(told).toEqual(Object.fromEntries(expected));
}

interface Served {
  readonly held: Pick<HeldCompany, 'source' | 'close'>;
  replace(document: Document): Promise<void>;
}

async function expectAgreementOnOwnDocuments(
  values: readonly unknown[],
  serve: (documents: readonly Document[], now: number) => Promise<Served>,
): Promise<void> {
  const companies = situations(['support_tickets'], { unreadable: false });
  const property = fc.asyncProperty(
    companies,
    edits,
    fc.array(edits, { maxLength: 3 }),
    async (situation, first, later) => {
      const broken = brokenTickets(situation.company, values);
      broken.edit(first);
      const { held, replace } = await serve(broken.documents(), situation.now);
      const following = followed({ ...held, write: async () => {} }, features, 'documents', situation.now);
      const expectAgreement = async () => {
        await following.sync();
        expectEveryFigure('documents', readerOf(following.mirror), { ...situation, company: broken.company() });
        expectProblems(following, broken);
      };
      try {
        await expectAgreement();
        for (const changes of later) {
          for (const document of broken.edit(changes)) await replace(document);
          await expectAgreement();
        }
      } finally {
        await following.close();
      }
    },
  );
  const numRuns = Number(process.env.ORACLE_RUNS ?? RUNS);
  await fc.assert(property, { numRuns, interruptAfterTimeLimit: WITHIN_MS * 0.9 });
}

test(
  'documents of any shape in collections',
  () =>
    expectAgreementOnOwnDocuments([], async (documents, now) => {
      const { source, collections } = memoryDocumentSource({ support_tickets: documents, logs: [] }, tables, () => now);
      return {
        held: { source: () => source, close: async () => {} },
        async replace(document) {
          const [found] = collections.documentsOf('support_tickets', new Set([String(document._id)]));
          if (found !== undefined) collections.delete('support_tickets', found);
          collections.insert('support_tickets', [document]);
        },
      };
    }),
  WITHIN_MS,
);

const withObjectId = (document: Document) => ({ ...document, _id: new ObjectId(String(document._id)) });

await onEveryMongoServer(({ open }) => {
  test(
    'documents of any shape',
    () =>
      expectAgreementOnOwnDocuments(OF_BSON, async (documents) => {
        const server = await open({ support_tickets: documents.map(withObjectId), logs: [] });
        return {
          held: {
            source: (clock) => mongoFeedAt(server.url(), { database: server.database }, { tables, clock, awaitMs: 50 }),
            close: () => server.close(),
          },
          replace(document) {
            const stored = withObjectId(document);
            return server.replace('support_tickets', stored._id, stored);
          },
        };
      }),
    WITHIN_MS,
  );
});
