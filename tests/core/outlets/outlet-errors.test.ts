import { describe, expect, test } from 'bun:test';
import { errorOfAnswer, retryAfterMs } from '../../../src/core/outlets/outlet-errors.ts';

const NOW = Date.UTC(2026, 2, 31, 12);

describe('an answer outside 2xx', () => {
  test.each([301, 307, 400, 401, 403, 404, 405, 413, 422, 451])('%i is a refusal', (status) => {
    const error = errorOfAnswer({ status, headers: new Headers(), message: 'no' }, NOW);
    expect(error).toMatchObject({ name: 'RefusedError', message: 'no' });
  });

  test.each([408, 409, 421, 423, 425, 429, 500, 502, 503, 504, 529])('%i may pass', (status) => {
    const headers = new Headers({ 'retry-after': '7' });
    expect(errorOfAnswer({ status, headers, message: 'no' }, NOW)).toMatchObject({
      name: 'RetryLaterError',
      afterMs: 7_000,
    });
  });
});

describe('Retry-After', () => {
  test.each<[string | null, number | null]>([
    [null, null],
    ['0', 0],
    [' 120 ', 120_000],
    ['0.0015', 2],
    ['86400', 86_400_000],
    ['86401', 86_400_000],
    ['99999999999999999', 86_400_000],
    ['9'.repeat(400), 86_400_000],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 86_400_000],
    ['Tue, 31 Mar 2026 12:01:00 GMT', 60_000],
    ['Tue, 31 Mar 2026 11:00:00 GMT', 0],
    ['soon', null],
    ['', null],
  ])('%p', (value, expected) => {
    expect(retryAfterMs(value, NOW)).toBe(expected);
  });
});
