import { describe, expect, test } from 'bun:test';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import { openOutletMemory } from '../../../src/core/outlets/outlet-memory.ts';
import type { RequestBudget } from '../../../src/core/outlets/request-budget.ts';
import { createRequestLedger } from '../../../src/core/outlets/request-ledger.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { keptOutlets } from '../../support/kept-outlets.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const DAY_MS = 86_400_000;
const BUDGET: RequestBudget = { rate: { requests: 3, withinMs: 1_000 }, perMonth: null, requestWithinMs: 30_000 };

function ledgerOf(budget: Partial<RequestBudget> = {}, clock = createVirtualClock(), kept = keptOutlets()) {
  const open = () =>
    createRequestLedger({
      budget: { ...BUDGET, ...budget },
      memory: openOutletMemory(kept.open(), 'rows runtime'),
      clock,
      calendar: createCalendar('America/Sao_Paulo'),
    });
  return { ledger: open(), open, clock, kept, signal: new AbortController().signal };
}

/** Counts the requests that have been let through. */
function sending({ ledger, signal }: ReturnType<typeof ledgerOf>, count: number) {
  const sent: (() => void)[] = [];
  for (let request = 0; request < count; request++) void ledger.take(signal).then((release) => sent.push(release));
  return sent;
}

describe('the rate', () => {
  test('lets as many through as it allows, and the next when the window has passed since one ended', async () => {
    const opened = ledgerOf();
    const sent = sending(opened, 5);
    await opened.clock.settle();
    expect(sent).toHaveLength(3);
    await opened.clock.advance(5_000);
    // None has been answered: the target may receive them any moment.
    expect(sent).toHaveLength(3);
    sent[0]?.();
    await opened.clock.advance(999);
    expect(sent).toHaveLength(3);
    sent[1]?.();
    await opened.clock.advance(1);
    expect(sent).toHaveLength(4);
    await opened.clock.advance(998);
    expect(sent).toHaveLength(4);
    await opened.clock.advance(1);
    expect(sent).toHaveLength(5);
  });

  test('holds across a restart', async () => {
    const opened = ledgerOf();
    sending(opened, 3);
    await opened.clock.advance(400);
    const { clock } = opened;
    const sent = sending({ ...opened, ledger: opened.open() }, 1);
    await clock.advance(599);
    expect(sent).toHaveLength(0);
    await clock.advance(1);
    expect(sent).toHaveLength(1);
  });

  test('holds when the clock was set back meanwhile', async () => {
    const opened = ledgerOf();
    sending(opened, 3);
    await opened.clock.settle();
    opened.clock.shiftWall(-DAY_MS);
    const sent = sending({ ...opened, ledger: opened.open() }, 1);
    await opened.clock.advance(999);
    expect(sent).toHaveLength(0);
    await opened.clock.advance(1);
    expect(sent).toHaveLength(1);
  });

  test('a wait ends with the pass', async () => {
    const opened = ledgerOf();
    sending(opened, 3);
    const pass = new AbortController();
    const refused = opened.ledger.take(pass.signal).catch((error: unknown) => error);
    await opened.clock.settle();
    pass.abort();
    expect(await refused).toMatchObject({ name: 'RetryLaterError', message: 'the pass was cancelled' });
    expect(opened.ledger.thisHour).toBe(3);
  });
});

describe('the month', () => {
  const START = new Date('2026-03-31T23:00:00-03:00').getTime();
  const month = { rate: { requests: 100, withinMs: 1_000 }, perMonth: 2 };

  test('refuses more than it allows, until it ends in the time zone', async () => {
    const { ledger, clock, signal } = ledgerOf(month, createVirtualClock(START));
    await ledger.take(signal);
    await ledger.take(signal);
    expect(await ledger.take(signal).catch((error: unknown) => error)).toMatchObject({
      message: 'the 2 requests of 2026-03 are spent',
      afterMs: 3_600_000,
    });
    await clock.advance(3_599_999);
    await expect(ledger.take(signal)).rejects.toThrow('spent');
    await clock.advance(1);
    await ledger.take(signal);
    expect(ledger.thisMonth).toBe(1);
  });

  test('is counted across restarts, each request before it is sent', async () => {
    const { open, signal } = ledgerOf(month, createVirtualClock(START));
    await open().take(signal);
    await open().take(signal);
    await expect(open().take(signal)).rejects.toThrow('spent');
  });

  test('is not given again by a clock that is set back', async () => {
    const { ledger, clock, signal } = ledgerOf(month, createVirtualClock(START + 3_600_000));
    await ledger.take(signal);
    await ledger.take(signal);
    clock.shiftWall(-2 * 3_600_000);
    await expect(ledger.take(signal)).rejects.toThrow('spent');
  });

  test('ends though a clock was years ahead, and counts until then', async () => {
    const ahead = 1_500 * DAY_MS;
    const { open, clock, signal } = ledgerOf(month, createVirtualClock(START + ahead));
    await open().take(signal);
    clock.shiftWall(-ahead);
    const ledger = open();
    await ledger.take(signal);
    await expect(ledger.take(signal)).rejects.toThrow('the 2 requests of 2026-03 are spent');
    await clock.advance(3_600_000);
    await ledger.take(signal);
    expect(ledger.thisMonth).toBe(1);
  });

  test('is counted in memory if the store does not answer', async () => {
    const { ledger, kept, signal } = ledgerOf(month, createVirtualClock(START));
    kept.failWith(new SourceError('The store does not answer'));
    await ledger.take(signal);
    await ledger.take(signal);
    await expect(ledger.take(signal)).rejects.toThrow('spent');
  });
});

describe('pacing', () => {
  const START = new Date('2026-03-01T00:00:00-03:00').getTime();

  // A fifth of 500 at any time, and 400 over 31 days.
  const MONTH = { rate: { requests: 1_000, withinMs: 1_000 }, perMonth: 500 };

  test('leaves a fifth of the month for any time, and spreads the others over the month', async () => {
    const { ledger, clock, signal } = ledgerOf(MONTH, createVirtualClock(START));
    for (let request = 0; request < 60; request++) (await ledger.take(signal))();
    expect(ledger.pacingMs(40)).toBe(0);
    expect(ledger.pacingMs(140)).toBe((31 * DAY_MS) / 4);
    expect(ledger.pacingMs(0)).toBe(0);
    await clock.advance(DAY_MS);
    expect(ledger.pacingMs(140)).toBe((31 * DAY_MS) / 4 - DAY_MS);
    expect(ledger.pacingMs(10_000)).toBe(30 * DAY_MS);
  });

  test('starts with the first request of the month', async () => {
    const { ledger, signal } = ledgerOf(MONTH, createVirtualClock(START + 21 * DAY_MS));
    for (let request = 0; request < 100; request++) (await ledger.take(signal))();
    expect(ledger.pacingMs(40)).toBe(DAY_MS);
  });

  test('is none without a limit', () => {
    const { ledger } = ledgerOf();
    expect(ledger.pacingMs(1_000)).toBe(0);
  });
});

test('requests count for an hour', async () => {
  const opened = ledgerOf();
  sending(opened, 2);
  await opened.clock.advance(1_800_000);
  sending(opened, 1);
  await opened.clock.advance(1_799_999);
  expect(opened.ledger.thisHour).toBe(3);
  await opened.clock.advance(1);
  expect(opened.ledger.thisHour).toBe(1);
  expect(opened.ledger.thisMonth).toBe(3);
});
