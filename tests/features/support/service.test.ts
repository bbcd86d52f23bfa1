import { describe, expect, test } from 'bun:test';
import { DAY_MS } from '../../../src/core/figures/calendar.ts';
import type { Span } from '../../../src/core/figures/span.ts';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import type { SupportRepository, TicketRow } from '../../../src/features/support/repository.ts';
import { createSupportService } from '../../../src/features/support/service.ts';

const NOW = Date.UTC(2026, 2, 31, 12);

const empty: SupportRepository = {
  keepsLogs: true,
  statuses: () => [],
  contexts: () => [],
  oldestNotClosed: () => null,
  openedIn: () => [],
  newest: () => [],
  levels: () => [],
};

function dataOf(repository: Partial<SupportRepository>, timeZone = 'UTC') {
  const moment = { now: NOW, calendar: createCalendar(timeZone) };
  return createSupportService({ ...empty, ...repository }).snapshot(moment).data;
}

describe('summary', () => {
  test('of nothing', () => {
    expect(dataOf({}).summary).toEqual({
      TotalTickets: 0,
      OpenTickets: 0,
      InProgressTickets: 0,
      ClosedTickets: 0,
      ResolutionRate: 0,
      OldestOpenDays: null,
    });
  });

  test('an unknown status counts in the total', () => {
    const statuses = () => [
      { status: 'Open', count: 3 },
      { status: 'InProgress', count: 4 },
      { status: 'Closed', count: 8 },
      { status: 'Waiting', count: 16 },
      { status: '', count: 1 },
    ];
    expect(dataOf({ statuses }).summary).toMatchObject({
      TotalTickets: 32,
      OpenTickets: 3,
      InProgressTickets: 4,
      ClosedTickets: 8,
      ResolutionRate: 25,
    });
  });

  const waiting = () => [
    { status: 'Closed', count: 9 },
    { status: 'Waiting', count: 1 },
  ];

  test('the oldest ticket that is not closed counts in whole days, under an unknown status too', () => {
    const oldestNotClosed = () => NOW - 8 * DAY_MS + 1;
    expect(dataOf({ statuses: waiting, oldestNotClosed }).summary.OldestOpenDays).toBe(7);
  });

  test('a ticket dated ahead, or without a date, is 0 days old', () => {
    expect(dataOf({ statuses: waiting, oldestNotClosed: () => NOW + DAY_MS }).summary.OldestOpenDays).toBe(0);
    expect(dataOf({ statuses: waiting, oldestNotClosed: () => null }).summary.OldestOpenDays).toBe(0);
  });

  test('where all are closed, none is the oldest', () => {
    expect(dataOf({ statuses: () => [{ status: 'Closed', count: 9 }] }).summary.OldestOpenDays).toBeNull();
  });
});

test('the list asks for 50, and dates leave as ISO 8601', () => {
  const row: TicketRow = {
    _id: 'a',
    userId: 'u',
    context: 'Conta',
    explanation: 'x',
    status: 'InProgress',
    createdAt: NOW,
  };
  const asked: number[] = [];
  const newest = (count: number) => {
    asked.push(count);
    return [row, { ...row, _id: 'b', status: 'Waiting', createdAt: null }];
  };
  const { list } = dataOf({ newest });
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

test('contexts keep their text, most first, ties by name', () => {
  const contexts = () => [
    { context: 'curso', count: 2 },
    { context: 'Curso', count: 2 },
    { context: '7', count: 5 },
    { context: '', count: 1 },
  ];
  expect(dataOf({ contexts }).byContext).toEqual([
    { Context: '7', Count: 5 },
    { Context: 'Curso', Count: 2 },
    { Context: 'curso', Count: 2 },
    { Context: '', Count: 1 },
  ]);
});

test("30 calendar days of the company's zone with today, oldest first, empty ones included", () => {
  const asked: (readonly Span[])[] = [];
  const openedIn = (spans: readonly Span[]) => {
    asked.push(spans);
    return [{ span: 29, count: 2 }];
  };
  const { byDay } = dataOf({ openedIn }, 'America/Sao_Paulo');
  expect(asked.map((spans) => [spans.length, spans.at(0)?.from, spans.at(-1)?.before])).toEqual([
    [30, Date.UTC(2026, 2, 2, 3), Date.UTC(2026, 3, 1, 3)],
  ]);
  expect(byDay).toHaveLength(30);
  expect(byDay[0]).toEqual({ Date: '2026-03-02', Opened: 0 });
  expect(byDay[29]).toEqual({ Date: '2026-03-31', Opened: 2 });
});

describe('logs', () => {
  test('levels stand by severity, those outside the list last, by name; letter case makes no other level', () => {
    const levels = () => [
      { level: 'Trace', count: 1 },
      { level: 'trace', count: 3 },
      { level: 'Debug', count: 5 },
      { level: '', count: 9 },
      { level: 'Information', count: 4 },
      { level: 'Critical', count: 5 },
    ];
    expect(dataOf({ levels }).logs).toEqual([
      { Level: 'Critical', Count: 5 },
      { Level: 'Information', Count: 4 },
      { Level: 'Debug', Count: 5 },
      { Level: '', Count: 9 },
      { Level: 'Trace', Count: 4 },
    ]);
  });

  test('are of the last 24 hours, both ends included', () => {
    const spans: Span[] = [];
    const levels = (span: Span) => {
      spans.push(span);
      return [];
    };
    expect(dataOf({ levels }).logs).toEqual([]);
    expect(spans).toEqual([{ from: NOW - DAY_MS, before: NOW + 1 }]);
  });

  test('are null, and not asked for, where none are kept', () => {
    const levels = () => {
      throw new Error('asked');
    };
    expect(dataOf({ keepsLogs: false, levels }).logs).toBeNull();
  });
});
