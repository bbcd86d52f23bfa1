import { describe, expect, test } from 'bun:test';
import { BudgetSpentError, RefusedError, RetryLaterError } from '../../../src/core/outlets/outlet-errors.ts';
import { type Fault, TOKEN } from '../../support/notion/notion-server.ts';
import { seededRandom } from '../../support/test-seed.ts';
import { companySnapshots, figuresIn } from './company-snapshots.ts';
import {
  changeClaims,
  createTestMemory,
  errorOf,
  expectUpToDate,
  KEY,
  LONGEST_REASON,
  testedOutlet,
  upToDate,
} from './passes.ts';

describe('a request that fails', () => {
  const onWrites = (fault: Fault) => (call: { readonly name: string }) =>
    /^(?:PATCH|POST \/v1\/pages)/.test(call.name) ? fault : undefined;

  test.each([
    [400, 'validation_error', /undo changes to the database/],
    [401, 'unauthorized', /check NOTION_TOKEN/],
    [403, 'restricted_resource', /allow the integration to read, insert and update content/],
    [404, 'object_not_found', /share the page with the integration/],
    [400, undefined, /check NOTION_API_URL/],
    [302, undefined, /check NOTION_API_URL/],
  ] as const)('with %d %s is refused, with what to do', async (status, code, advice) => {
    const tested = testedOutlet();
    tested.server.setFault(() => ({ status, ...(code === undefined ? {} : { code, message: 'No. '.repeat(500) }) }));
    const error = await errorOf(tested.pass());
    expect(error).toBeInstanceOf(RefusedError);
    expect(String(error).length).toBeLessThan(LONGEST_REASON);
    expect(error).toHaveProperty('message', expect.stringMatching(advice));
    expect(tested.server.calls).toHaveLength(1);
  });

  test.each([
    [429, 'rate_limited', '7', 7_000],
    [429, 'rate_limited', '600', 600_000],
    [529, 'service_overload', '3600', 3_600_000],
    [503, 'service_unavailable', 'Sun, 15 Mar 2026 12:05:00 GMT', 300_000],
  ])('with %d %s and Retry-After %s waits that long', async (status, code, retryAfter, afterMs) => {
    const tested = await upToDate();
    tested.snapshots = companySnapshots(2);
    tested.server.setFault(onWrites({ status, code, retryAfter }));
    const error = await errorOf(tested.pass());
    expect(error).toBeInstanceOf(RetryLaterError);
    expect(error).toHaveProperty('afterMs', afterMs);
    expect(tested.server.calls.filter(onWrites('lost')).length).toBe(figuresIn(tested.snapshots).size + 1);
  });

  test.each<readonly [string, Fault]>([
    ['409', { status: 409, code: 'conflict_error' }],
    ['500', { status: 500, code: 'internal_server_error' }],
    ['502 of a proxy', { status: 502 }],
    ['503', { status: 503, code: 'service_unavailable' }],
    ['529', { status: 529, code: 'service_overload' }],
    ['a lost connection', 'lost'],
    ['a lost answer', 'lost answer'],
    ['garbage', 'garbage'],
    ['an answer of another form', 'wrong form'],
    ['half an answer', 'cut answer'],
  ])('with %s is tried again: nothing is lost, and nothing made twice', async (_, fault) => {
    const tested = testedOutlet();
    const random = seededRandom('faults of Notion');
    tested.server.setFault(() => (random.chance(0.3) ? fault : undefined));
    for (const number of [1, 2, 3]) {
      tested.snapshots = companySnapshots(number);
      let error: unknown;
      for (let passes = 0; passes < 100; passes++) {
        error = await errorOf(tested.pass());
        expect(error).not.toBeInstanceOf(RefusedError);
        if (error === undefined) break;
      }
      expect(error).toBeUndefined();
      expectUpToDate(tested);
    }
    expect(tested.server.workspace.blocksMade).toBe(figuresIn(tested.snapshots).size + 1);
  });

  test('may have been written: a figure that returns to the value before is written again', async () => {
    const tested = await upToDate();
    const before = tested.snapshots;
    changeClaims(tested, { WinRate: 7.5 });
    tested.server.setFault(onWrites('lost answer'));
    await errorOf(tested.pass());
    tested.server.setFault(() => undefined);
    tested.snapshots = before;
    tested.memory = createTestMemory(tested.memory.onDisk);
    await tested.pass();
    expectUpToDate(tested);
  });

  test('does not keep other figures from being written', async () => {
    const tested = await upToDate();
    const { id } = tested.server.workspace.pageOf(KEY);
    changeClaims(tested, { WinRate: 6.5, TotalClaims: 65, CriticalClaims: 66 });
    tested.server.setFault(({ name }) =>
      name === `PATCH /v1/pages/${id}` ? { status: 409, code: 'conflict_error' } : undefined,
    );
    expect(await errorOf(tested.pass())).toBeInstanceOf(RetryLaterError);
    expect(tested.server.workspace.pageOf('claims.summary.CriticalClaims').properties.Value).toMatchObject({
      number: 66,
    });
    tested.server.setFault(() => undefined);
    await tested.pass();
    expectUpToDate(tested);
  });

  test('ends the pass if three in a row do', async () => {
    const tested = await upToDate();
    tested.snapshots = companySnapshots(2);
    tested.server.setFault(onWrites({ status: 500, code: 'internal_server_error' }));
    const before = tested.server.calls.length;
    await errorOf(tested.pass());
    expect(tested.server.calls.slice(before).filter(onWrites('lost'))).toHaveLength(3);
  });

  test.each([
    ['a stop', (abort: AbortController) => abort.abort()],
    ['a spent budget', () => {}],
  ])('by %s ends the pass', async (_, act) => {
    const tested = await upToDate();
    tested.snapshots = companySnapshots(2);
    const abort = new AbortController();
    let requests = 0;
    const error = new BudgetSpentError('No requests are left');
    const pass = tested.pass({
      signal: abort.signal,
      fetch: (url, init) => {
        if (++requests < 5) return tested.server.fetch(url, init);
        act(abort);
        return Promise.reject(error);
      },
    });
    expect(await errorOf(pass)).toBe(error);
    expect(requests).toBe(5);
  });

  test('shows no token, whatever the answer quotes', async () => {
    const tested = testedOutlet();
    tested.server.setFault(() => ({ status: 401, code: 'unauthorized', message: `Bearer ${TOKEN} is bad` }));
    const error = await errorOf(tested.pass());
    expect(String(error)).toContain('Bearer … is bad');
    expect(Bun.inspect(error)).not.toContain(TOKEN);
  });
});

describe('a process that is killed', () => {
  test('between a request and its save makes no page and no database twice', async () => {
    const saves = figuresIn(companySnapshots(1)).size + 2;
    for (let killedAt = 1; killedAt <= saves; killedAt++) {
      const tested = testedOutlet();
      let count = 0;
      // From this save on nothing reaches the disk, and the process is gone.
      const killed = Promise.withResolvers<void>();
      tested.memory.beforeSave = () => {
        if (++count < killedAt) return undefined;
        killed.resolve();
        return new Promise(() => {});
      };
      const pass = tested.pass();
      await Promise.race([pass, killed.promise]);
      tested.memory = createTestMemory(tested.memory.onDisk);
      await tested.pass();
      expectUpToDate(tested);
      expect(tested.server.workspace.blocksMade).toBe(figuresIn(tested.snapshots).size + 1);
    }
  });
});
