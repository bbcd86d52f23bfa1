import { afterEach, beforeEach, expect, setSystemTime, test } from 'bun:test';
import { signal } from '@preact/signals';
import { historyPath } from '../../src/client/history-path.ts';
import type { History, HistoryOptions } from '../../src/client/index.ts';
import { createCalendar } from '../../src/core/figures/zone.ts';
import { parseHistoryQuestion } from '../../src/core/history/parse-history-question.ts';
import { stepsOf } from '../../src/core/history/steps.ts';
import { claims } from '../../src/features/claims/index.ts';
import { createHistories } from '../../src/web/history/histories.ts';
import { RANGES, type Range } from '../../src/web/history/range.ts';

const ANSWER: History = {
  ...{ feature: 'claims', step: 'hour', timeZone: 'America/Sao_Paulo', series: [] },
  ...{ from: '2026-03-01T12:00:00.000Z', to: '2026-03-02T12:00:00.000Z' },
};

/** The part of the browser that the histories use. */
beforeEach(() => {
  Object.assign(globalThis, { document: Object.assign(new EventTarget(), { hidden: false }) });
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, 'document');
});

/** Histories whose requests the test answers. */
function scripted(now = Date.UTC(2026, 4, 20, 15)) {
  const asked: { readonly options: HistoryOptions; readonly answer: (history: History) => void }[] = [];
  const range = signal<Range>('24h');
  const clock = { now };
  const histories = createHistories({
    client: {
      history(_, options = {}) {
        const { promise, resolve } = Promise.withResolvers<History>();
        asked.push({ options, answer: resolve });
        return promise;
      },
    },
    range,
    serverTime: () => clock.now,
  });
  return { histories, asked, range, clock };
}

test('figures that were cleared are requested again as soon as a view needs them', async () => {
  const { histories, asked } = scripted();
  const leave = histories.watch('claims');
  asked[0]?.answer(ANSWER);
  await Promise.resolve();
  expect(histories.of('claims').value?.answer).toEqual(ANSWER);
  histories.clear();
  leave();
  const leaveAgain = histories.watch('claims');
  expect(asked).toHaveLength(2);
  leaveAgain();
});

test('an answer that was on its way when figures were cleared is not shown', async () => {
  const { histories, asked } = scripted();
  const leave = histories.watch('claims');
  histories.clear();
  asked[0]?.answer(ANSWER);
  await Promise.resolve();
  expect(histories.of('claims').value).toBeUndefined();
  leave();
});

test('an older answer does not replace a newer one', async () => {
  const { histories, asked, range } = scripted();
  const leave = histories.watch('claims');
  range.value = '7d';
  asked[1]?.answer({ ...ANSWER, from: 'newer' });
  asked[0]?.answer(ANSWER);
  await Promise.resolve();
  expect(histories.of('claims').value).toMatchObject({ range: '7d', answer: { from: 'newer' } });
  leave();
});

test('a browser whose clock was set back asks again all the same', () => {
  setSystemTime(new Date('2026-05-20T15:00:00Z'));
  const { histories, asked } = scripted();
  const leave = histories.watch('claims');
  setSystemTime(new Date('2026-05-20T12:00:00Z'));
  document.dispatchEvent(new Event('visibilitychange'));
  setSystemTime();
  expect(asked).toHaveLength(2);
  leave();
});

test.each(RANGES)('all pages ask the same question within a minute, for exactly the last %s', (chosen) => {
  const minute = Date.UTC(2026, 4, 20, 15);
  const addresses = [minute, minute + 12_345, minute + 59_999].map((now) => {
    const { histories, asked, range } = scripted(now);
    range.value = chosen;
    histories.watch('claims')();
    const address = historyPath('claims', asked.at(-1)?.options);
    const { searchParams } = new URL(address, 'http://localhost');
    const context = { feature: claims, source: 'a database', timeZone: 'America/Sao_Paulo', now };
    const question = parseHistoryQuestion(searchParams, context);
    const expected = { '24h': 24, '7d': 168, '30d': 30, '90d': 90 }[chosen];
    expect(stepsOf(question, createCalendar('America/Sao_Paulo')).steps).toHaveLength(expected);
    return address;
  });
  expect(new Set(addresses).size).toBe(1);
});
