import { describe, expect, test } from 'bun:test';
import { FormatRegistry } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { DAY_MS } from '../../../src/core/figures/calendar.ts';
import type { Document } from '../../../src/core/sources/mongo/embedded/messages.ts';
import { MissingFromSourceError } from '../../../src/core/sources/source-errors.ts';
import { support } from '../../../src/features/support/index.ts';
import type { SupportData } from '../../../src/features/support/schemas.ts';
import { documentSourceOf } from '../../support/document-source.ts';

const NOW = Date.UTC(2026, 2, 31, 12);

/** A format that nobody has registered fits nothing. */
if (!FormatRegistry.Has('date-time')) FormatRegistry.Set('date-time', (text) => new Date(text).toISOString() === text);

async function load(collections: Readonly<Record<string, readonly Document[]>>): Promise<SupportData> {
  const documents = await documentSourceOf(collections);
  const { data } = await support.load({ documents, sql: Object.create(null) }, NOW, AbortSignal.timeout(5_000));
  return data;
}

describe('the feature', () => {
  test('yields what its schema says, whatever the documents look like', async () => {
    const odd = [undefined, null, 1, -1.5, 'Closed', true, new Date(NOW), [new Date(NOW)], { a: 1 }];
    const tickets = odd.map((value, _id) => ({
      _id,
      userId: value,
      context: value,
      explanation: value,
      status: value,
      createdAt: value,
    }));
    const logs = odd.map((value, _id) => ({ _id, timestamp: value, level: value }));
    const data = await load({ support_tickets: tickets, logs });
    expect([...Value.Errors(support.schema, data)]).toEqual([]);
    expect(data.summary).toMatchObject({ TotalTickets: odd.length, ClosedTickets: 1, OldestOpenDays: 0 });
    expect(data.list.map(({ Id }) => Id)).toEqual(['6', '8', '7', '5', '4', '3', '2', '1', '0']);
    expect(data.byDay.at(-1)).toEqual({ Date: '2026-03-31', Opened: 1 });
    expect(data.logs).toEqual([{ Level: '2026-03-31T12:00:00.000Z', Count: 1 }]);
  });

  test('of empty collections', async () => {
    const data = await load({ support_tickets: [], logs: [] });
    expect([...Value.Errors(support.schema, data)]).toEqual([]);
    expect(data).toMatchObject({
      summary: { TotalTickets: 0, OldestOpenDays: null },
      list: [],
      byContext: [],
      logs: [],
    });
  });

  test('has no logs where none are kept', async () => {
    expect((await load({ support_tickets: [] })).logs).toBeNull();
  });

  test('fails without its collection, and names it', async () => {
    await expect(load({ logs: [] })).rejects.toEqual(new MissingFromSourceError(['collection support_tickets']));
  });

  test('lists the newest 50, with a hub event that tells why', async () => {
    const tickets = Array.from({ length: 60 }, (_, index) => ({
      _id: index,
      createdAt: new Date(NOW - index * DAY_MS),
    }));
    const data = await load({ support_tickets: tickets });
    expect(data.list.map(({ Id }) => Id)).toEqual(Array.from({ length: 50 }, (_, index) => String(index)));
    expect(support.hub.events.map((event) => [event.target, event.argument(data, 'Manual')])).toEqual([
      ['SupportTicketsUpdate', { summary: data.summary, type: 'Manual' }],
    ]);
  });

  test('each part is one of the figures', async () => {
    const data = await load({ support_tickets: [{ _id: 1, context: 'Conta' }], logs: [] });
    expect(support.parts.map((part) => [part.path, part.select(data)])).toEqual([
      ['summary', data.summary],
      ['list', data.list],
      ['by-context', data.byContext],
      ['by-day', data.byDay],
      ['logs', data.logs],
    ]);
    for (const part of support.parts) expect([...Value.Errors(part.schema, part.select(data))]).toEqual([]);
  });
});
