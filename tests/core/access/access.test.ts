import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { Problem } from '../../../src/core/problems.ts';
import {
  accessWith,
  type Carriers,
  HOUR_SECONDS,
  MICROSOFT_ROLE,
  nowSeconds,
  rawToken,
  requestWith,
  SECRET,
  token,
  verdict,
} from './tokens.ts';

const REFUSED = 'not-authenticated';

/** Who a bearer of a token is. */
const bearer = (text: string, options = {}) =>
  verdict(() => accessWith(options).identify(requestWith({ bearer: text }), false));

describe('a token', () => {
  test('that is valid tells who calls, and until when', async () => {
    const exp = nowSeconds() + HOUR_SECONDS;
    const request = requestWith({ bearer: await token({ exp }) });
    expect(await accessWith().identify(request, false)).toEqual({ subject: 'ana', expiresAt: exp * 1000 });
  });

  test('without a subject is let in under no name', async () => {
    expect(await bearer(await token({ sub: undefined }))).toBe('unnamed');
  });

  test('that has expired is refused, and told why', async () => {
    const expired = requestWith({ bearer: await token({ exp: nowSeconds() - 1 }) });
    await expect(accessWith().identify(expired, false)).rejects.toThrow('The token has expired');
    expect(await bearer(await token({ exp: nowSeconds() - 1 }))).toBe(REFUSED);
  });

  test('that never expires is refused', async () => {
    expect(await bearer(await token({ exp: undefined }))).toBe(REFUSED);
  });

  test('that is not valid yet is refused', async () => {
    expect(await bearer(await token({ nbf: nowSeconds() + HOUR_SECONDS }))).toBe(REFUSED);
  });

  test('signed with another key is refused', async () => {
    expect(await bearer(await token({}, { secret: `${SECRET}!` }))).toBe(REFUSED);
  });

  test.each(['HS384', 'HS512'])('signed with %s, though with our key, is refused', async (algorithm) => {
    expect(await bearer(await token({}, { algorithm }))).toBe(REFUSED);
  });

  test('that says it needs no signature is refused', async () => {
    const claims = { sub: 'eve', role: 'Admin', exp: nowSeconds() + HOUR_SECONDS };
    for (const alg of ['none', 'None', 'NONE', '', undefined, null, 'RS256']) {
      expect(await bearer(rawToken({ alg, typ: 'JWT' }, claims))).toBe(REFUSED);
    }
  });

  test('whose claims were altered is refused', async () => {
    const [header, , signature] = (await token({ role: 'User' })).split('.');
    const payload = Buffer.from(JSON.stringify({ role: 'Admin', exp: nowSeconds() + HOUR_SECONDS }));
    expect(await bearer(`${header}.${payload.toString('base64url')}.${signature}`)).toBe(REFUSED);
  });

  test('with a time that is no number is refused', async () => {
    for (const exp of ['tomorrow', null, {}, []]) expect(await bearer(await token({ exp }))).toBe(REFUSED);
  });

  test('that is any text whatever is refused, and never more than that', async () => {
    const good = await token();
    const damaged = fc.nat(good.length - 2).map((at) => `${good.slice(0, at)}${good.slice(at + 1)}`);
    const words = fc.stringMatching(/^[\w.~+/=-]{1,80}$/);
    const access = accessWith();
    await fc.assert(
      fc.asyncProperty(fc.oneof(words, damaged), async (text) => {
        expect(await verdict(() => access.identify(requestWith({ bearer: text }), false))).toBe(REFUSED);
      }),
    );
  });

  test('is asked for in a way that clients understand', async () => {
    const refusal: unknown = await Promise.try(() => accessWith().identify(requestWith({}), true)).catch(
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(Problem);
    expect(refusal).toMatchObject({
      code: REFUSED,
      detail: 'Send a token: Authorization: Bearer <token>',
      more: { headers: { 'www-authenticate': 'Bearer' } },
    });
  });

  test('that is refused is not repeated, nor is the secret', async () => {
    const text = await token({ exp: nowSeconds() - 1 });
    const refusal = await Promise.try(() => accessWith().identify(requestWith({ bearer: text }), false)).catch(String);
    expect(refusal).not.toContain(text);
    expect(refusal).not.toContain(SECRET);
  });
});

describe('a role', () => {
  test.each([MICROSOFT_ROLE, 'role', 'roles'])('is read from %s, as text and as a list', async (claim) => {
    expect(await bearer(await token({ role: undefined, [claim]: 'Admin' }))).toBe('ana');
    expect(await bearer(await token({ role: undefined, [claim]: ['User', 'Admin'] }))).toBe('ana');
    expect(await bearer(await token({ role: undefined, [claim]: ['User'] }))).toBe('not-allowed');
  });

  test('in any of them is enough', async () => {
    expect(await bearer(await token({ role: 'User', roles: ['Manager'], [MICROSOFT_ROLE]: 'Admin' }))).toBe('ana');
  });

  test.each<[string, Record<string, unknown>]>([
    ['is missing', { role: undefined }],
    ['is another', { role: 'User' }],
    ['differs in letter case', { role: 'admin' }],
    ['only contains it', { role: 'Admins' }],
    ['is a list within a text', { role: 'Admin,User' }],
    ['is a list within a list', { role: [['Admin']] }],
    ['is no text', { role: { Admin: true } }],
    ['is null', { role: null }],
    ['is in another claim', { role: undefined, groups: ['Admin'] }],
  ])('that %s is not enough', async (_what, claims) => {
    expect(await bearer(await token(claims))).toBe('not-allowed');
  });

  test('that may read can be any of several', async () => {
    const roles = ['Admin', 'Board'];
    expect(await bearer(await token({ role: 'Board' }), { roles })).toBe('ana');
    expect(await bearer(await token({ role: 'User' }), { roles })).toBe('not-allowed');
  });
});

describe('issuer and audience', () => {
  test('do not matter where none is set', async () => {
    expect(await bearer(await token({ iss: 'anyone', aud: 'anything' }))).toBe('ana');
  });

  test('matter where they are set', async () => {
    const set = { issuer: 'back end', audience: 'greg' };
    expect(await bearer(await token({ iss: 'back end', aud: 'greg' }), set)).toBe('ana');
    expect(await bearer(await token({ iss: 'back end', aud: ['other', 'greg'] }), set)).toBe('ana');
    for (const claims of [{}, { iss: 'back end' }, { aud: 'greg' }, { iss: 'x', aud: 'greg' }]) {
      expect(await bearer(await token(claims), set)).toBe(REFUSED);
    }
  });

  test('matter each by itself', async () => {
    expect(await bearer(await token({ iss: 'back end', aud: 'any' }), { issuer: 'back end' })).toBe('ana');
    expect(await bearer(await token({ iss: 'any', aud: 'greg' }), { audience: 'greg' })).toBe('ana');
  });
});

describe('where the token is', () => {
  const named = (name: string) => token({ sub: name });
  const who = (carriers: Carriers, fromQuery: boolean) =>
    verdict(() => accessWith().identify(requestWith(carriers), fromQuery));

  test('Authorization comes before the query, and that before the cookie', async () => {
    const [bearerToken, query, cookie] = await Promise.all(['bearer', 'query', 'cookie'].map(named));
    if (bearerToken === undefined || query === undefined || cookie === undefined) throw new Error('three tokens');
    expect(await who({ bearer: bearerToken, query, cookie }, true)).toBe('bearer');
    expect(await who({ query, cookie }, true)).toBe('query');
    expect(await who({ cookie }, true)).toBe('cookie');
  });

  test('the query counts only where it may', async () => {
    const [query, cookie] = [await named('query'), await named('cookie')];
    expect(await who({ query }, false)).toBe(REFUSED);
    expect(await who({ query, cookie }, false)).toBe('cookie');
  });

  test('a bad one that comes first is not made good by the next', async () => {
    expect(await who({ bearer: 'bad', query: await named('query') }, true)).toBe(REFUSED);
    expect(await who({ query: 'bad', cookie: await named('cookie') }, true)).toBe(REFUSED);
  });

  test('an empty query counts as none', async () => {
    expect(await who({ query: '', cookie: await named('cookie') }, true)).toBe('cookie');
  });

  test('the word Bearer may be written in any letter case', async () => {
    const text = await named('ana');
    for (const scheme of ['bearer', 'BEARER', 'Bearer ']) {
      const headers = { authorization: `${scheme} ${text}` };
      expect(await verdict(() => accessWith().identify(new Request('http://localhost', { headers }), false))).toBe(
        'ana',
      );
    }
  });

  test('another scheme is no token, and leaves room for the cookie', async () => {
    const headers = { authorization: 'Basic YW5hOmFuYQ==', cookie: `jwt=${await named('cookie')}` };
    expect(await verdict(() => accessWith().identify(new Request('http://localhost', { headers }), false))).toBe(
      'cookie',
    );
  });

  test('a cookie whose name only ends in jwt is another', async () => {
    const text = await named('ana');
    const cookies = [`xjwt=${text}`, `not-jwt=${text}`, `a=jwt=${text}`, 'jwt='];
    for (const cookie of cookies) {
      const request = new Request('http://localhost', { headers: { cookie } });
      expect(await verdict(() => accessWith().identify(request, false))).toBe(REFUSED);
    }
    for (const cookie of [`jwt=${text}`, `a=1;jwt=${text}`, `a=1; jwt=${text};b=2`]) {
      const request = new Request('http://localhost', { headers: { cookie } });
      expect(await verdict(() => accessWith().identify(request, false))).toBe('ana');
    }
  });
});

describe('without a secret', () => {
  test('access control is off, and anyone may read', async () => {
    const access = accessWith({ secret: null });
    expect(access.on).toBe(false);
    expect(accessWith().on).toBe(true);
    expect(await access.identify(requestWith({ bearer: 'anything' }), false)).toEqual({
      subject: 'anonymous',
      expiresAt: null,
    });
  });
});
