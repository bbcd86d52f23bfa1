import { afterEach, describe, expect, setSystemTime, test } from 'bun:test';
import { accessWith, HOUR_SECONDS, nowSeconds, requestWith, token, verdict } from './tokens.ts';

afterEach(() => {
  setSystemTime();
});

describe('a token that was checked before', () => {
  test('is known at once', async () => {
    const access = accessWith();
    const request = requestWith({ bearer: await token() });
    const first = access.identify(request, false);
    expect(first).toBeInstanceOf(Promise);
    const identity = await first;
    expect(access.identify(request, false)).toBe(identity);
    expect(access.identify(requestWith({ cookie: await token() }), false)).toEqual(identity);
  });

  test('is refused once it has expired, to the millisecond', async () => {
    const access = accessWith();
    const exp = nowSeconds() + HOUR_SECONDS;
    const request = requestWith({ bearer: await token({ exp }) });
    expect(await verdict(() => access.identify(request, false))).toBe('ana');
    setSystemTime(new Date(exp * 1000 - 1));
    expect(await verdict(() => access.identify(request, false))).toBe('ana');
    setSystemTime(new Date(exp * 1000));
    expect(() => access.identify(request, false)).toThrow('The token has expired');
    expect(await verdict(() => access.identify(request, false))).toBe('not-authenticated');
  });

  test('is not known to another server, with other rules', async () => {
    const request = requestWith({ bearer: await token() });
    await accessWith().identify(request, false);
    expect(await verdict(() => accessWith({ roles: ['Board'] }).identify(request, false))).toBe('not-allowed');
  });
});

describe('a token that was refused before', () => {
  test('is checked anew', async () => {
    const access = accessWith();
    const request = requestWith({ bearer: await token({ nbf: nowSeconds() + 60 }) });
    expect(await verdict(() => access.identify(request, false))).toBe('not-authenticated');
    setSystemTime(new Date(Date.now() + 61_000));
    expect(await verdict(() => access.identify(request, false))).toBe('ana');
  });

  test('is not remembered for its lack of a role either', async () => {
    const access = accessWith();
    const request = requestWith({ bearer: await token({ role: 'User' }) });
    await verdict(() => access.identify(request, false));
    const again = access.identify(request, false);
    expect(again).toBeInstanceOf(Promise);
    expect(await verdict(() => again)).toBe('not-allowed');
  });
});

describe('what is remembered', () => {
  test('is bounded: the oldest of more than a thousand leaves', async () => {
    const access = accessWith();
    const requests = await Promise.all(
      Array.from({ length: 1_001 }, async (_, index) => requestWith({ bearer: await token({ sub: `user ${index}` }) })),
    );
    for (const request of requests) await access.identify(request, false);
    const forgotten = requests.filter((request) => access.identify(request, false) instanceof Promise);
    expect(forgotten).toEqual(requests.slice(0, 1));
  });
});
