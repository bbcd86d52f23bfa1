import { describe, expect, test } from 'bun:test';
import { DAY_MS } from '../../../src/core/figures/calendar.ts';
import type { Span } from '../../../src/core/figures/span.ts';
import type { SupportRepository, TicketRow } from '../../../src/features/support/repository.ts';
import { createSupportService } from '../../../src/features/support/service.ts';

const NOW = Date.UTC(2026, 2, 31, 12);

const empty: SupportRepository = {
  keepsLogs: true,
  statuses: async () => [],
  oldest: async () => [],
  contexts: async () => [],
  days: async () => [],
  newest: async () => [],
  levels: async () => [],
};

async function dataOf(repository: Partial<SupportRepository>) {
  const { data } = await createSupportService({ ...empty, ...repository }).snapshot(NOW);
  return data;
}

describe('summary', () => {
  test('of nothing', async () => {
    expect((await dataOf({})).summary).toEqual({
      TotalTickets: 0,
      OpenTickets: 0,
      InProgressTickets: 0,
      ClosedTickets: 0,
      ResolutionRate: 0,
      OldestOpenDays: null,
    });
  });

  test('spellings of a status are one status, and an unknown one counts in the total', async () => {
    const statuses = async () => [
      { status: 'Open', count: 1 },
      { status: ' open ', count: 2 },
      { status: 'INPROGRESS', count: 4 },
      { status: 'closed', count: 8 },
      { status: 'Waiting', count: 16 },
      { status: '', count: 1 },
    ];
    expect((await dataOf({ statuses })).summary).toMatchObject({
      TotalTickets: 32,
      OpenTickets: 3,
      InProgressTickets: 4,
      ClosedTickets: 8,
      ResolutionRate: 25,
    });
  });

  test('the oldest ticket that is not closed counts in whole days, under an unknown status too', async () => {
    const oldest = async () => [
      { status: ' CLOSED', created: NOW - 90 * DAY_MS },
      { status: 'Open', created: NOW - 3 * DAY_MS },
      { status: 'Waiting', created: NOW - 8 * DAY_MS + 1 },
    ];
    expect((await dataOf({ oldest })).summary.OldestOpenDays).toBe(7);
  });

  test('a ticket dated ahead is 0 days old', async () => {
    const oldest = async () => [{ status: 'Open', created: NOW + DAY_MS }];
    expect((await dataOf({ oldest })).summary.OldestOpenDays).toBe(0);
  });
});

describe('list', () => {
  test('asks for 50 and reports canonical statuses', async () => {
    const row: TicketRow = {
      id: 'a',
      userId: 'u',
      context: 'Conta',
      explanation: 'x',
      status: 'inprogress ',
      created: NOW,
    };
    const asked: number[] = [];
    const newest = async (count: number) => {
      asked.push(count);
      return [row, { ...row, id: 'b', status: ' Waiting ', created: null }];
    };
    const { list } = await dataOf({ newest });
    expect(asked).toEqual([50]);
    expect(list).toEqual([
      {
        Id: 'a',
        UserId: 'u',
        Context: 'Conta',
        Explanation: 'x',
        Status: 'InProgress',
        CreatedAt: '2026-03-31T12:00:00.000Z',
      },
      { Id: 'b', UserId: 'u', Context: 'Conta', Explanation: 'x', Status: 'Waiting', CreatedAt: null },
    ]);
  });
});

test('contexts keep their text, most first, ties by name', async () => {
  const contexts = async () => [
    { context: 'curso', count: 2 },
    { context: 'Curso', count: 2 },
    { context: '7', count: 2 },
    { context: '', count: 1 },
    { context: '7', count: 3 },
  ];
  expect((await dataOf({ contexts })).byContext).toEqual([
    { Context: '7', Count: 5 },
    { Context: 'Curso', Count: 2 },
    { Context: 'curso', Count: 2 },
    { Context: '', Count: 1 },
  ]);
});

test('30 calendar days with today, oldest first, empty ones included', async () => {
  const spans: Span[] = [];
  const days = async (span: Span) => {
    spans.push(span);
    return [{ day: '2026-03-31', count: 2 }];
  };
  const { byDay } = await dataOf({ days });
  expect(spans).toEqual([{ from: Date.UTC(2026, 2, 2), before: Date.UTC(2026, 3, 1) }]);
  expect(byDay).toHaveLength(30);
  expect(byDay[0]).toEqual({ Date: '2026-03-02', Opened: 0 });
  expect(byDay[29]).toEqual({ Date: '2026-03-31', Opened: 2 });
});

describe('logs', () => {
  test('levels stand by severity, those outside the list last, by name', async () => {
    const levels = async () => [
      { level: 'Trace', count: 1 },
      { level: 'debug', count: 2 },
      { level: 'Debug', count: 3 },
      { level: '', count: 9 },
      { level: 'Information', count: 4 },
      { level: 'CRITICAL', count: 5 },
    ];
    expect((await dataOf({ levels })).logs).toEqual([
      { Level: 'Critical', Count: 5 },
      { Level: 'Information', Count: 4 },
      { Level: 'Debug', Count: 5 },
      { Level: '', Count: 9 },
      { Level: 'Trace', Count: 1 },
    ]);
  });

  test('are of the last 24 hours, both ends included', async () => {
    const spans: Span[] = [];
    const levels = async (span: Span) => {
      spans.push(span);
      return [];
    };
    expect((await dataOf({ levels })).logs).toEqual([]);
    expect(spans).toEqual([{ from: NOW - DAY_MS, before: NOW + 1 }]);
  });

  test('are null, and not asked for, where none are kept', async () => {
    const levels = () => Promise.reject(new Error('asked'));
    expect((await dataOf({ keepsLogs: false, levels })).logs).toBeNull();
  });
});
