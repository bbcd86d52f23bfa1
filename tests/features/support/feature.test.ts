import { describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { DAY_MS } from '../../../src/core/figures/calendar.ts';
import { support } from '../../../src/features/support/index.ts';
import type { SupportData } from '../../../src/features/support/schemas.ts';
import { figuresOf, type SomeRows } from '../figures-of.ts';

const NOW = Date.UTC(2026, 2, 31, 12);

async function figures(rows: SomeRows, keepsLogs = true): Promise<SupportData> {
  const without = new Set(keepsLogs ? [] : ['logs']);
  return (await figuresOf(support, rows, NOW, { without })).data;
}

describe('the feature', () => {
  test('yields what its schema says, whatever the documents look like', async () => {
    const odd = [null, 1, -1.5, 'Closed', true, new Date(NOW).toISOString(), [1], { a: 1 }];
    const tickets = odd.map((value, index) => ({
      _id: String(index),
      ...{ userId: value, context: value, explanation: value, status: value, createdAt: value },
    }));
    const logs = odd.map((value, index) => ({ _id: String(index), timestamp: value, level: value }));
    const data = await figures({ support_tickets: tickets, logs });
    expect([...Value.Errors(support.schema, data)]).toEqual([]);
    expect(data.summary).toMatchObject({ TotalTickets: odd.length, ClosedTickets: 1, OldestOpenDays: 0 });
    expect(data.list.map(({ Id }) => Id)).toEqual(['5', '7', '6', '4', '3', '2', '1', '0']);
    expect(data.byDay.at(-1)).toEqual({ Date: '2026-03-31', Opened: 1 });
    expect(data.logs).toEqual([{ Level: '2026-03-31T12:00:00.000Z', Count: 1 }]);
  });

  test('lists tickets whose id cannot be read under an empty one', async () => {
    const { list, summary } = await figures({ support_tickets: [{ _id: {} }, { _id: [], context: 'Conta' }] });
    expect(list.map(({ Id }) => Id)).toEqual(['', '']);
    expect(summary.TotalTickets).toBe(2);
  });

  test('of empty collections', async () => {
    const data = await figures({});
    expect([...Value.Errors(support.schema, data)]).toEqual([]);
    expect(data).toMatchObject({
      summary: { TotalTickets: 0, OldestOpenDays: null },
      list: [],
      byContext: [],
      logs: [],
    });
  });

  test('has no logs where none are kept', async () => {
    expect((await figures({}, false)).logs).toBeNull();
  });

  test('lists the newest 50, with a hub event that tells why', async () => {
    const tickets = Array.from({ length: 60 }, (_, index) => ({
      _id: String(index),
      createdAt: new Date(NOW - index * DAY_MS).toISOString(),
    }));
    const data = await figures({ support_tickets: tickets });
    expect(data.list.map(({ Id }) => Id)).toEqual(Array.from({ length: 50 }, (_, index) => String(index)));
    expect(support.hub.events.map((event) => [event.target, event.argument(data, 'Manual')])).toEqual([
      ['SupportTicketsUpdate', { summary: data.summary, type: 'Manual' }],
    ]);
  });

  test('each part is one of the figures', async () => {
    const data = await figures({ support_tickets: [{ _id: '1', context: 'Conta' }], logs: [] });
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
