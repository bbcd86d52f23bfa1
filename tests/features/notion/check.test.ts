import { afterEach, describe, expect, test } from 'bun:test';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import { createOutletFetch } from '../../../src/core/outlets/outlet-fetch.ts';
import { openOutletMemory, volatileOutletStore } from '../../../src/core/outlets/outlet-memory.ts';
import { createRequestLedger } from '../../../src/core/outlets/request-ledger.ts';
import { systemClock } from '../../../src/core/runtime/clock.ts';
import { features } from '../../../src/features/index.ts';
import { createNotionOutlet } from '../../../src/features/notion/index.ts';
import { createNotionServer, type NotionServer } from '../../support/notion/notion-server.ts';
import { expectUpToDate, SETTINGS, type TestedOutlet, testedOutlet } from './passes.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** Notion on a port of this machine. */
function listening(): { readonly notion: NotionServer; readonly url: string } {
  const notion = createNotionServer();
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: notion.answer });
  stops.push(() => server.stop(true));
  return { notion, url: server.url.origin };
}

/** As the doctor calls it: over the network, within the budget. */
async function checkOver(url: string, settings: Partial<typeof SETTINGS> = {}) {
  const outlet = createNotionOutlet({ ...SETTINGS, ...settings, url }, { features });
  const { budget } = outlet;
  const memory = openOutletMemory(volatileOutletStore(), outlet.name);
  const ledger = createRequestLedger({ budget, memory, clock: systemClock, calendar: createCalendar('UTC') });
  const { signal } = new AbortController();
  const fetch = createOutletFetch({ ledger, requestWithinMs: 5_000, signal, clock: systemClock });
  return outlet.check?.({ write: true, fetch });
}

test('works over the network, within the rate', async () => {
  const { notion, url } = listening();
  expect(await checkOver(url)).toMatchObject([{ verdict: 'ok' }, { verdict: 'ok' }, { verdict: 'ok' }]);
  expect(notion.workspace.databases).toHaveLength(1);
  expect(notion.violations).toEqual([]);
});

test('tells a wrong token, without the token', async () => {
  expect(await checkOver(listening().url, { token: 'ntn_revoked' })).toEqual([
    {
      what: 'Notion',
      verdict: 'broken',
      found: 'Notion did not accept the token (401 unauthorized: API token is invalid.)',
      next: 'check NOTION_TOKEN: the token is wrong, or was revoked',
    },
  ]);
});

test.each([
  ['an address where nothing listens', 'http://127.0.0.1:1', /^127\.0\.0\.1:1 cannot be reached/],
  ['a program that is not Notion', undefined, /^Notion did not answer with JSON/],
])('tells %s', async (_, address, found) => {
  const { notion, url } = listening();
  notion.setFault(() => 'garbage');
  expect(await checkOver(address ?? url)).toEqual([
    {
      what: 'Notion',
      verdict: 'broken',
      found: expect.stringMatching(found),
      next: 'check the network and NOTION_API_URL, and run the doctor again later',
    },
  ]);
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
          /^Notion did not read the page of NOTION_PAGE_ID \(404 object_not_found: Could not find/,
        ),
        next: expect.stringContaining('share the page with the integration'),
      },
    ]);
  });
});
