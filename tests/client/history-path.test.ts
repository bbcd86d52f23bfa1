import { expect, test } from 'bun:test';
import { historyPath } from '../../src/client/history-path.ts';

test('the address of a history has what was given, and nothing else', () => {
  expect(historyPath('claims')).toBe('/api/claims/history?');
  expect(
    historyPath('claims', {
      figures: ['summary.WinRate', 'summary.TotalClaims'],
      from: new Date(Date.UTC(2026, 2, 1)),
      to: '2026-03-31',
      step: 'day',
      compare: 'previous',
    }),
  ).toBe(
    '/api/claims/history?figure=summary.WinRate&figure=summary.TotalClaims&from=2026-03-01T00%3A00%3A00.000Z&to=2026-03-31&step=day&compare=previous',
  );
});
