import { describe, expect, test } from 'bun:test';
import { BudgetSpentError, RefusedError, RetryLaterError } from '../../../src/core/outlets/outlet-errors.ts';
import type { Fault, NotionServer } from '../../support/notion/notion-server.ts';
import { TOKEN } from '../../support/notion/notion-server.ts';
import { textOf, titleOf } from '../../support/notion/workspace.ts';
import { seededRandom } from '../../support/test-seed.ts';
import { companySnapshots, figuresIn, snapshotWith } from './company-snapshots.ts';
import { createTestMemory, SETTINGS, type TestedOutlet, testedOutlet } from './passes.ts';

const KEY = 'claims.summary.WinRate';

/** A status shows no more of it, characters. */
const LONGEST_REASON = 300;

/** What the live pages show, by key. */
function shown(server: NotionServer): Map<string, unknown> {
  const entries = server.workspace
    .livePages()
    .map(({ properties }) => [titleOf(properties), properties.Value?.number] as const);
  expect(new Set(entries.map(([key]) => key)).size).toBe(entries.length);
  return new Map(entries);
}

function expectUpToDate({ server, snapshots }: TestedOutlet): void {
  expect(shown(server)).toEqual(figuresIn(snapshots));
  expect(server.violations).toEqual([]);
}

/** The tested outlet with another value for some figures of the claims. */
function changeClaims(tested: TestedOutlet, values: Readonly<Record<string, number | null>>, number = 2): void {
  const { summary, ...others } = Object(tested.snapshots.get('claims')?.data);
  const data = { ...others, summary: { ...summary, ...values } };
  tested.snapshots = new Map([...tested.snapshots, ['claims', snapshotWith('claims', number, data)]]);
}

async function errorOf(pass: Promise<unknown>): Promise<unknown> {
  return pass.then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function upToDate(): Promise<TestedOutlet> {
  const tested = testedOutlet();
  await tested.pass();
  return tested;
}

describe('the database of figures', () => {
  test('is made under the page with a page for each figure of the snapshots', async () => {
    const tested = await upToDate();
    expectUpToDate(tested);
    const [database, ...others] = tested.server.workspace.databases;
    expect(others).toEqual([]);
    expect(database).toMatchObject({
      title: 'Greg BI',
      types: { Key: 'title', Feature: 'select', Figure: 'rich_text', Value: 'number', Unit: 'select', At: 'date' },
    });
    expect(tested.server.calls.find(({ name }) => name === 'POST /v1/databases')?.body).toMatchObject({
      parent: { type: 'page_id', page_id: SETTINGS.pageId },
    });
    // One request a page, and three to find out that there is none yet.
    expect(tested.server.calls).toHaveLength(figuresIn(tested.snapshots).size + 3);
  });

  test('shows every property of a figure', async () => {
    const { server } = await upToDate();
    const { properties } = server.workspace.pageOf(KEY);
    expect(textOf(properties.Figure?.rich_text)).toBe('Taxa de reclamações ganhas');
    expect(properties).toMatchObject({
      Feature: { type: 'select', select: { name: 'claims' } },
      Unit: { type: 'select', select: { name: 'percent' } },
      At: { type: 'date', date: { start: '2026-03-15T12:01:00.000Z' } },
    });
  });

  test('is asked nothing while no figure changes, not after a restart either', async () => {
    const tested = await upToDate();
    tested.snapshots = new Map(
      [...tested.snapshots].map(([name, { data }]) => [name, snapshotWith(name, 9, structuredClone(data))]),
    );
    expect(await tested.pass()).toEqual([]);
    tested.memory = createTestMemory(tested.memory.onDisk);
    expect(await tested.pass()).toEqual([]);
  });

  test('is written only where a figure changed, with the instant of the change', async () => {
    const tested = await upToDate();
    changeClaims(tested, { WinRate: 12.34, TotalClaims: 7 });
    const calls = await tested.pass();
    expect(calls.filter((name) => !name.startsWith('GET'))).toHaveLength(2);
    expect(calls).toContain(`PATCH /v1/pages/${tested.server.workspace.pageOf(KEY).id}`);
    expectUpToDate(tested);
    const at = (key: string) => tested.server.workspace.pageOf(key).properties.At?.date;
    expect(at(KEY)).toEqual({ start: '2026-03-15T12:02:00.000Z' });
    expect(at('claims.summary.OpenedClaims')).toEqual({ start: '2026-03-15T12:01:00.000Z' });
  });

  test('has an empty number for a figure that is null', async () => {
    const tested = await upToDate();
    changeClaims(tested, { WinRate: null });
    await tested.pass();
    expect(tested.server.workspace.pageOf(KEY).properties.Value).toMatchObject({ number: null });
    changeClaims(tested, { WinRate: 0 }, 3);
    await tested.pass();
    expectUpToDate(tested);
  });

  test('gets the figures of a feature when it has its first snapshot', async () => {
    const tested = testedOutlet();
    const all = tested.snapshots;
    tested.snapshots = new Map();
    expect(await tested.pass()).toEqual([]);
    tested.snapshots = new Map([...all].filter(([name]) => name === 'users'));
    await tested.pass();
    expectUpToDate(tested);
    tested.snapshots = all;
    await tested.pass();
    expectUpToDate(tested);
  });

  test.each([1, 2, 3, 4, 5])('shows the DTOs, whatever their figures are (%d)', async (number) => {
    const tested = testedOutlet();
    for (const each of [number, number + 100, number + 200]) {
      tested.snapshots = companySnapshots(each);
      await tested.pass();
      expectUpToDate(tested);
    }
    expect(tested.server.workspace.blocksMade).toBe(figuresIn(tested.snapshots).size + 1);
  });

  test('is found again when the memory is lost: nothing is made or written twice', async () => {
    const tested = await upToDate();
    const { blocksMade } = tested.server.workspace;
    tested.memory = createTestMemory();
    const calls = await tested.pass();
    expect(calls.filter((name) => !name.startsWith('GET'))).toEqual([expect.stringMatching(/^POST .*query$/)]);
    expect(tested.server.workspace.blocksMade).toBe(blocksMade);
    changeClaims(tested, { WinRate: 1 });
    await tested.pass();
    expectUpToDate(tested);
  });

  test('is read in pages of a hundred, with what people added in it', async () => {
    const tested = await upToDate();
    const { workspace } = tested.server;
    for (let count = 0; count < 250; count++) workspace.addPage(workspace.databases[0]?.dataSource ?? '', {});
    const { blocksMade } = workspace;
    tested.memory = createTestMemory();
    const queries = (await tested.pass()).filter((name) => name.endsWith('/query'));
    expect(queries).toHaveLength(Math.ceil((250 + figuresIn(tested.snapshots).size) / 100));
    expect(workspace.blocksMade).toBe(blocksMade);
  });

  test('that has more pages than Notion lists is refused, with what to do', async () => {
    const tested = testedOutlet({ queryLimit: 50 });
    await tested.pass();
    tested.memory = createTestMemory();
    const error = await errorOf(tested.pass());
    expect(error).toBeInstanceOf(RefusedError);
    expect(String(error).length).toBeLessThan(LONGEST_REASON);
    expect(error).toHaveProperty('message', expect.stringMatching(/more than 10,000 pages.*delete the pages/));
  });

  test('is another target on another page, so that what was sent to one is not counted as sent to the other', () => {
    const pageId = '11111111-2222-4333-8444-555555555555';
    expect(testedOutlet({}, { ...SETTINGS, pageId }).outlet.target).not.toBe(testedOutlet().outlet.target);
  });
});

describe('what people do', () => {
  test.each(['trashPage', 'deletePage'] as const)('%s: the page is made again when its figure changes', async (act) => {
    const tested = await upToDate();
    tested.server.workspace[act](KEY);
    changeClaims(tested, { WinRate: 1.5 });
    await tested.pass();
    expectUpToDate(tested);
    expect(await tested.pass()).toEqual([]);
  });

  test('a page in the trash is made again once, even if the answer is lost', async () => {
    const tested = await upToDate();
    const { blocksMade } = tested.server.workspace;
    tested.server.workspace.trashPage(KEY);
    changeClaims(tested, { WinRate: 1.5 });
    tested.server.setFault(({ name }) => (name === 'POST /v1/pages' ? 'lost answer' : undefined));
    expect(await errorOf(tested.pass())).toBeInstanceOf(TypeError);
    tested.server.setFault(() => undefined);
    tested.memory = createTestMemory(tested.memory.onDisk);
    await tested.pass();
    expectUpToDate(tested);
    expect(tested.server.workspace.blocksMade).toBe(blocksMade + 1);
  });

  test('pages in the trash are made again at once when someone asks for it', async () => {
    const tested = await upToDate();
    tested.server.workspace.trashPage(KEY);
    expect(await tested.pass()).toEqual([]);
    await tested.pass({ isRequested: true });
    expectUpToDate(tested);
  });

  test('values that were edited are written again when someone asks for it', async () => {
    const tested = await upToDate();
    Object.assign(tested.server.workspace.pageOf(KEY).properties, { Value: { id: 'v', type: 'number', number: 666 } });
    const calls = await tested.pass({ isRequested: true });
    expect(calls.filter((name) => name.startsWith('PATCH'))).toHaveLength(1);
    expectUpToDate(tested);
  });

  test('values that were edited while someone waits are reported, and written by the next attempt', async () => {
    const tested = await upToDate();
    changeClaims(tested, { WinRate: 1.5, TotalClaims: 15 });
    let queries = 0;
    tested.server.setFault(({ name }) => {
      if (!name.endsWith('/query') || ++queries !== 2) return undefined;
      Object.assign(tested.server.workspace.pageOf(KEY).properties, {
        Value: { id: 'v', type: 'number', number: 666 },
      });
      return undefined;
    });
    const error = await errorOf(tested.pass({ isRequested: true }));
    expect(error).toBeInstanceOf(RetryLaterError);
    expect(error).toHaveProperty('message', `The database Greg BI at Notion does not show what was sent: ${KEY}`);
    await tested.pass({ isRequested: true });
    expectUpToDate(tested);
  });

  test.each(['trashDatabase', 'deleteDatabase'] as const)('%s: it is made again, once', async (act) => {
    const tested = await upToDate();
    tested.server.workspace[act]();
    expect(await tested.pass()).toEqual([]);
    changeClaims(tested, { WinRate: 2.5 });
    await tested.pass();
    expectUpToDate(tested);
    expect(await tested.pass()).toEqual([]);
    expect(tested.server.calls.filter(({ name }) => name === 'POST /v1/databases')).toHaveLength(2);
  });

  test.each([
    ['Value', { name: 'Valor' }, 'property "Value" of type number is missing or renamed'],
    ['Key', { name: 'Chave' }, 'property "Key" of type title is missing or renamed'],
    ['Unit', { type: 'rich_text' }, 'property "Unit" has type rich_text and must have select'],
    ['At', { type: 'checkbox' }, 'property "At" has type checkbox and must have date'],
  ] as const)('property %s changed to %p: refused, naming it and its type', async (name, change, message) => {
    const tested = await upToDate();
    tested.server.workspace.changeProperty(name, change);
    changeClaims(tested, { WinRate: 3.5 });
    const error = await errorOf(tested.pass());
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toHaveProperty('message', expect.stringContaining(message));
    expect(error).toHaveProperty('message', expect.stringContaining('undo that'));
    tested.memory = createTestMemory();
    expect(await errorOf(tested.pass())).toHaveProperty('message', expect.stringContaining(message));
  });

  test('many changed properties leave room for what to do', async () => {
    const tested = await upToDate();
    for (const name of ['Feature', 'Figure', 'Value', 'Unit', 'At']) {
      tested.server.workspace.changeProperty(name, { type: 'checkbox' });
    }
    changeClaims(tested, { WinRate: 3.5 });
    const error = await errorOf(tested.pass());
    expect(error).toHaveProperty('message', expect.stringMatching(/"Feature".*"Figure".*, and 3 more; undo that/));
    expect(String(error).length).toBeLessThan(LONGEST_REASON);
  });

  test('a property that is renamed during a pass is refused with what Notion says', async () => {
    const tested = await upToDate();
    changeClaims(tested, { WinRate: 3.5 });
    tested.server.setFault(({ name }) => {
      if (name.startsWith('PATCH') && 'Value' in (tested.server.workspace.databases[0]?.types ?? {})) {
        tested.server.workspace.changeProperty('Value', { name: 'Valor' });
      }
      return undefined;
    });
    const error = await errorOf(tested.pass());
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toHaveProperty('message', expect.stringContaining('Value is not a property that exists'));
  });

  test('a page that is no longer shared is refused, and goes on once it is shared', async () => {
    const tested = await upToDate();
    tested.server.workspace.isShared = false;
    changeClaims(tested, { WinRate: 4.5 });
    const error = await errorOf(tested.pass());
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toHaveProperty(
      'message',
      expect.stringMatching(/404 object_not_found.*share the page.*NOTION_PAGE_ID/),
    );
    tested.server.workspace.isShared = true;
    await tested.pass();
    expectUpToDate(tested);
    expect(tested.server.workspace.databases).toHaveLength(1);
  });

  test('a copy of a page is left alone, and the oldest is kept up to date', async () => {
    const tested = await upToDate();
    const { workspace } = tested.server;
    const original = workspace.pageOf(KEY);
    const copy = workspace.addPage(original.dataSource, { ...original.properties });
    tested.memory = createTestMemory();
    changeClaims(tested, { WinRate: 5.5 });
    await tested.pass();
    expect(original.properties.Value).toMatchObject({ number: 5.5 });
    expect(copy.properties.Value).not.toMatchObject({ number: 5.5 });
  });
});

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

test('a pass is due an interval after the last, and keeps to three requests a second', () => {
  const { outlet } = testedOutlet();
  expect(outlet.nextPass(1_000)).toBe(901_000);
  expect(outlet.budget).toMatchObject({ rate: { requests: 3, withinMs: 1_000 }, perMonth: null });
});

describe('the check', () => {
  const check = ({ server, outlet }: TestedOutlet, write: boolean) => outlet.check?.({ write, fetch: server.fetch });

  test('finds the page, and the database if there is one', async () => {
    const tested = testedOutlet();
    expect(await check(tested, false)).toMatchObject([
      { verdict: 'ok', found: 'accepts the token, and shows the page' },
      { verdict: 'ok', found: 'is made with the first figures' },
    ]);
    await tested.pass();
    const calls = tested.server.calls.length;
    expect(await check(tested, false)).toMatchObject([{}, { found: 'is there, and has the properties of figures' }]);
    expect(tested.server.calls.slice(calls).every(({ name }) => name.startsWith('GET'))).toBe(true);
    expectUpToDate(tested);
  });

  test('writes where it may, and makes no page', async () => {
    const tested = testedOutlet();
    expect(await check(tested, true)).toMatchObject([{}, {}, { found: 'was made, and was read back' }]);
    expect(await check(tested, true)).toMatchObject([{}, {}, { found: 'can be written, and was read back' }]);
    expect(tested.server.workspace).toMatchObject({ blocksMade: 1, databases: [{ title: 'Greg BI' }] });
    await tested.pass();
    expectUpToDate(tested);
    expect(tested.server.workspace.databases).toHaveLength(1);
  });

  test('says what to do about a refusal', async () => {
    const tested = testedOutlet();
    tested.server.workspace.isShared = false;
    expect(await check(tested, false)).toEqual([
      {
        what: 'Notion',
        verdict: 'broken',
        found: expect.stringMatching(
          /^Notion refused to read the page of NOTION_PAGE_ID \(404 object_not_found: Could not find/,
        ),
        next: expect.stringContaining('share the page with the integration'),
      },
    ]);
  });
});
