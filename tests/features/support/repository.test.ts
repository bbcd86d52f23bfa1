import { describe, expect, test } from 'bun:test';
import type { Document } from '../../../src/core/sources/mongo/embedded/messages.ts';
import { createSupportRepository, type SupportRepository } from '../../../src/features/support/repository.ts';
import { documentSourceOf } from '../../support/document-source.ts';

const NOON = Date.UTC(2026, 2, 31, 12);
const id = (number: number) => number.toString(16).padStart(24, '0');

/** What a repository over these collections answers. */
async function ask<Answer>(
  collections: Readonly<Record<string, readonly Document[]>>,
  question: (repository: SupportRepository) => Promise<Answer>,
): Promise<Answer> {
  const source = await documentSourceOf(collections);
  return source.read((reader) => question(createSupportRepository(reader)), AbortSignal.timeout(5_000));
}

/** Tickets of every wrong shape that a field can have. */
const MALFORMED: readonly Document[] = [
  { _id: id(1) },
  { _id: id(2), userId: null, context: null, explanation: null, status: null, createdAt: null },
  { _id: id(3), userId: 17, context: 2.5, explanation: true, status: 3, createdAt: '2026-03-01T00:00:00Z' },
  { _id: id(4), userId: ['u'], context: {}, explanation: [], status: { a: 1 }, createdAt: NOON },
  { _id: id(5), userId: new Date(NOON), context: ['Conta'], status: ['Open'], createdAt: [new Date(NOON)] },
  { _id: 6, userId: 'u', context: 'Conta', explanation: 'x', status: 'Open', createdAt: { $date: 'x' } },
];

const byCount = (left: { count: number }, right: { count: number }) => left.count - right.count;

describe('newest', () => {
  const ticket = (number: number, createdAt: unknown) => ({ _id: id(number), createdAt });
  const idsOf = async (tickets: Document[], count: number) =>
    (await ask({ support_tickets: tickets }, (repository) => repository.newest(count))).map((row) => row.id);

  test('is by date, ties by id descending, those without a usable date last', async () => {
    const tickets = [
      ticket(1, new Date(NOON)),
      ticket(2, 'tomorrow'),
      ticket(3, new Date(NOON + 1)),
      ticket(4, new Date(NOON)),
      ticket(5, [new Date(NOON + 9)]),
      ticket(6, null),
    ];
    expect(await idsOf(tickets, 50)).toEqual([3, 4, 1, 6, 5, 2].map(id));
    expect(await idsOf(tickets, 4)).toEqual([3, 4, 1, 6].map(id));
    expect(await idsOf(tickets, 3)).toEqual([3, 4, 1].map(id));
    expect(await idsOf(tickets, 2)).toEqual([3, 4].map(id));
  });

  test('gives every field as text and the date as an instant', async () => {
    const whole = { userId: 'u1', context: 'Conta', explanation: 'Não abre', status: 'Open' };
    const rows = await ask(
      { support_tickets: [{ _id: id(1), ...whole, createdAt: new Date(NOON), other: 1 }] },
      (repository) => repository.newest(50),
    );
    expect(rows).toEqual([{ id: id(1), ...whole, created: NOON }]);
  });

  test('takes fields of any type', async () => {
    const rows = await ask({ support_tickets: MALFORMED }, (repository) => repository.newest(50));
    const blank = { userId: '', context: '', explanation: '', status: '', created: null };
    expect(rows.toSorted((left, right) => left.id.localeCompare(right.id))).toEqual([
      { id: id(1), ...blank },
      { id: id(2), ...blank },
      { id: id(3), userId: '17', context: '2.5', explanation: 'true', status: '3', created: null },
      { id: id(4), ...blank },
      { id: id(5), ...blank, userId: '2026-03-31T12:00:00.000Z' },
      { id: '6', userId: 'u', context: 'Conta', explanation: 'x', status: 'Open', created: null },
    ]);
  });
});

describe('groups', () => {
  test('by status, as it is spelled', async () => {
    const tickets = ['Open', 'Open', 'open ', 'Open'].map((status, index) => ({ _id: id(index), status }));
    const groups = await ask({ support_tickets: tickets }, (repository) => repository.statuses());
    expect(groups.toSorted(byCount)).toEqual([
      { status: 'open ', count: 1 },
      { status: 'Open', count: 3 },
    ]);
  });

  test('take statuses and contexts of any type', async () => {
    const statuses = await ask({ support_tickets: MALFORMED }, (repository) => repository.statuses());
    expect(statuses.reduce((total, { count }) => total + count, 0)).toBe(MALFORMED.length);
    expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set(['', '3', 'Open']));
    const contexts = await ask({ support_tickets: MALFORMED }, (repository) => repository.contexts());
    expect(contexts.reduce((total, { count }) => total + count, 0)).toBe(MALFORMED.length);
    expect(new Set(contexts.map(({ context }) => context))).toEqual(new Set(['', '2.5', 'Conta']));
  });

  test('oldest by status, of usable dates alone', async () => {
    const tickets = [
      { _id: id(1), status: 'Open', createdAt: new Date(NOON) },
      { _id: id(2), status: 'Open', createdAt: new Date(NOON - 1) },
      { _id: id(3), status: 'Open', createdAt: 0 },
      { _id: id(4), status: 'Closed', createdAt: '1999-01-01' },
      { _id: id(5), createdAt: new Date(-1) },
    ];
    const oldest = await ask({ support_tickets: tickets }, (repository) => repository.oldest());
    expect(oldest.toSorted((left, right) => left.created - right.created)).toEqual([
      { status: '', created: -1 },
      { status: 'Open', created: NOON - 1 },
    ]);
    expect(await ask({ support_tickets: MALFORMED }, (repository) => repository.oldest())).toEqual([]);
  });

  test('by day, inside a span whose end is left out', async () => {
    const span = { from: Date.UTC(2026, 2, 30), before: Date.UTC(2026, 3, 1) };
    const instants = [span.from - 1, span.from, Date.UTC(2026, 2, 31), NOON, span.before - 1, span.before];
    const tickets = instants.map((instant, index) => ({ _id: id(index), createdAt: new Date(instant) }));
    const days = await ask({ support_tickets: tickets }, (repository) => repository.days(span));
    expect(days.toSorted(byCount)).toEqual([
      { day: '2026-03-30', count: 1 },
      { day: '2026-03-31', count: 3 },
    ]);
    expect(await ask({ support_tickets: MALFORMED }, (repository) => repository.days(span))).toEqual([]);
  });

  test('of log entries by level', async () => {
    const span = { from: NOON, before: NOON + 10 };
    const logs = [
      { _id: 1, timestamp: new Date(NOON - 1), level: 'Error' },
      { _id: 2, timestamp: new Date(NOON), level: 'Error' },
      { _id: 3, timestamp: new Date(NOON + 9), level: 'error' },
      { _id: 4, timestamp: new Date(NOON + 10), level: 'Error' },
      { _id: 5, timestamp: new Date(NOON), level: null },
      { _id: 6, timestamp: NOON, level: 'Error' },
      { _id: 7, level: 'Error' },
    ];
    const levels = await ask({ support_tickets: [], logs }, (repository) => repository.levels(span));
    expect(levels).toEqual([
      { level: 'Error', count: 1 },
      { level: 'error', count: 1 },
      { level: '', count: 1 },
    ]);
  });
});

test('logs are kept where their collection exists', async () => {
  expect(await ask({ support_tickets: [] }, async ({ keepsLogs }) => keepsLogs)).toBe(false);
  expect(await ask({ support_tickets: [], logs: [] }, async ({ keepsLogs }) => keepsLogs)).toBe(true);
});
