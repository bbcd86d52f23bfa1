import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { Collections } from '../../../../src/core/feeds/folder/collections.ts';
import type { Document } from '../../../../src/core/feeds/folder/document.ts';
import { rawRowOf } from '../../../../src/core/feeds/folder/raw-document.ts';
import { everyDocumentField, memoryDocumentSource } from '../../../support/folder-sources.ts';
import { collectRows, follow, sorted } from '../../../support/row-collector.ts';

const SIGNAL = new AbortController().signal;
const NOW = Date.UTC(2026, 2, 15, 12);
const HOUR_MS = 3_600_000;
const id = (number: number) => String(number).padStart(24, '0');
const ticket = (number: number, status = 'Open') => ({ _id: id(number), status, createdAt: new Date(NOW - number) });
const [ticketFields = [], logFields = []] = everyDocumentField.map(({ columns }) => columns);

type Change =
  | { kind: 'insert' }
  | { kind: 'update' | 'delete'; at: number; status: string }
  | { kind: 'replace'; numbers: number[] };

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const) }),
  fc.record({ kind: fc.constantFrom('update' as const, 'delete' as const), at: fc.nat(20), status: fc.string() }),
  fc.record({ kind: fc.constant('replace' as const), numbers: fc.uniqueArray(fc.nat(9), { maxLength: 4 }) }),
);

/** Numbers of documents that are there only once. */
let lastNumber = 1e9;

function apply(collections: Collections, change: Change): void {
  const tickets = collections.documents('support_tickets');
  if (change.kind === 'insert') collections.insert('support_tickets', [ticket(++lastNumber)]);
  else if (change.kind === 'replace') {
    const documents = change.numbers.map((number) => ticket(number));
    collections.replace('support_tickets', documents);
  } else {
    const document = tickets[change.at % Math.max(1, tickets.length)];
    if (document === undefined) return;
    if (change.kind === 'delete') collections.delete('support_tickets', document);
    else collections.update('support_tickets', document, { status: change.status });
  }
}

test('what is loaded and then told equals the collection after any sequence of changes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { maxLength: 5 }), { maxLength: 8 }), async (batches) => {
      const { source, collections } = memoryDocumentSource({ support_tickets: [ticket(1), ticket(2)] });
      const { poll, collected } = await follow(source);
      for (const batch of batches) {
        for (const each of batch) apply(collections, each);
        await poll(true);
        const expected = collections.documents('support_tickets').map((document) => rawRowOf(document, ticketFields));
        expect(collected.rows('support_tickets')).toEqual(sorted(expected));
      }
    }),
    { numRuns: 150 },
  );
});

describe('documents', () => {
  test('are told soon, alone and once', async () => {
    const { source, collections } = memoryDocumentSource({ support_tickets: [ticket(1), ticket(2)] });
    const { session, poll, collected } = await follow(source);
    expect(session).toMatchObject({ mode: 'told', reason: null });
    const delays: number[] = [];
    for (const status of ['Closed', 'Open', 'InProgress']) {
      const polling = poll();
      const [first = {}] = collections.documents('support_tickets');
      const began = performance.now();
      collections.update('support_tickets', first, { status });
      expect(await polling).toBe(true);
      delays.push(performance.now() - began);
    }
    // A poll that is not told ends after 500 ms; a busy machine may be late now and then.
    expect(Math.min(...delays)).toBeLessThan(200);
    expect(collected.handed).toEqual({ rows: 5, deleted: 0, whole: [] });
    expect(await poll(true)).toBe(false);
  });

  test('may hold anything in any field', async () => {
    const odd: readonly Document[] = [
      { _id: 'text', status: 5, userId: true, context: { a: 1 }, createdAt: new Date(NOW) },
      { _id: 7, status: [1], userId: null, explanation: { $numberLong: '9007199254740993' }, createdAt: 'x' },
      { _id: { a: 1.5, b: new Date(0) }, constructor: 1, userId: Number.NaN },
    ];
    const { source } = memoryDocumentSource({ support_tickets: odd });
    const rows: unknown[] = [];
    const session = await source.open(SIGNAL);
    await session.load({ rows: async (_table, handed) => void rows.push(...handed) }, SIGNAL);
    const of = (...[_id, userId, context, explanation, status, createdAt]: unknown[]) => {
      const fields: Record<string, unknown> = { _id, userId, context, explanation, status, createdAt };
      return ticketFields.map((field) => fields[field] ?? null);
    };
    expect(rows).toEqual([
      of('text', true, {}, null, 5, '2026-03-15T12:00:00.000Z'),
      of('{"$numberInt":"7"}', null, null, '9007199254740993', {}, 'x'),
      of('{"a":{"$numberDouble":"1.5"},"b":{"$date":{"$numberLong":"0"}}}', {}, null, null, null, null),
    ]);
  });

  test('that are too old, or of no instant, are not handed over', async () => {
    const log = (hours: number | null) => ({
      _id: id(hours ?? 99),
      level: 'Debug',
      timestamp: hours === null ? null : new Date(NOW - hours * HOUR_MS),
    });
    const { source, collections } = memoryDocumentSource(
      { logs: [log(26), log(25), log(1), log(null)] },
      everyDocumentField,
      () => NOW,
    );
    const { collected, poll } = await follow(source);
    expect(collected.rows('logs')).toEqual([log(1), log(25)].map((document) => rawRowOf(document, logFields)));
    collections.insert('logs', [log(30), log(2)]);
    await poll(true);
    expect(collected.rows('logs')).toHaveLength(3);
  });

  test('of a collection that came or went end the session', async () => {
    const { source, collections } = memoryDocumentSource({ support_tickets: [ticket(1)] });
    const { session, poll } = await follow(source);
    expect(Object.keys(session.catalog.columns)).toEqual(['support_tickets']);
    collections.replace('logs', []);
    await expect(poll()).rejects.toMatchObject({ name: 'SessionOutdatedError', reload: true });
    const again = await follow(source);
    expect(Object.keys(again.session.catalog.columns)).toEqual(['support_tickets', 'logs']);
    collections.replace('support_tickets', null);
    await expect(again.poll()).rejects.toMatchObject({ reload: true });
  });

  test('are told again to somebody who did not take them, and no more once they were taken', async () => {
    const { source, collections } = memoryDocumentSource({ support_tickets: [] });
    const session = await source.open(SIGNAL);
    const position = await session.load(collectRows().sink, SIGNAL);
    collections.insert('support_tickets', [ticket(1)]);
    const take = async (from: string) => {
      const { sink, rows } = collectRows();
      return [await session.poll(from, sink, SIGNAL, true), rows('support_tickets').length] as const;
    };
    expect((await take(position))[1]).toBe(1);
    const [next] = await take(position);
    expect(await take(next ?? '')).toEqual([null, 0]);
    await expect(session.poll(position, collectRows().sink, SIGNAL, true)).rejects.toMatchObject({ reload: true });
    expect(await session.canFollow(position, SIGNAL)).toBe(false);
    expect(await (await source.open(SIGNAL)).canFollow(next ?? '', SIGNAL)).toBe(true);
  });

  test('in very great number are handed over whole', async () => {
    const { source, collections } = memoryDocumentSource({ support_tickets: [] });
    const { poll, collected } = await follow(source);
    collections.insert(
      'support_tickets',
      Array.from({ length: 20_001 }, (_, index) => ticket(index)),
    );
    await poll(true);
    expect(collected.handed).toEqual({ rows: 20_001, deleted: 0, whole: ['support_tickets'] });
  });
});
