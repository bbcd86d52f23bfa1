import { afterEach, expect, test } from 'bun:test';
import { checkOutlet } from '../../src/cli/doctor/outlets.ts';
import { createCalendar } from '../../src/core/figures/zone.ts';
import { features } from '../../src/features/index.ts';
import { createNotionOutlet } from '../../src/features/notion/index.ts';
import { createNotionServer, type NotionServer, TOKEN } from '../support/notion/notion-server.ts';
import { PARENT_PAGE } from '../support/notion/workspace.ts';

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

function check(url: string, { write = false, token = TOKEN } = {}) {
  const outlet = createNotionOutlet({ token, url, pageId: PARENT_PAGE, intervalMs: 60_000 }, { features });
  return checkOutlet(outlet, { write, calendar: createCalendar('UTC') });
}

test('an outlet is checked over the network, within its rate', async () => {
  const { notion, url } = listening();
  expect(await check(url)).toMatchObject([
    { what: 'Notion', verdict: 'ok', next: null },
    { what: 'database Greg BI at Notion', verdict: 'ok' },
  ]);
  expect(await check(url, { write: true })).toHaveLength(3);
  expect(notion.workspace.databases).toHaveLength(1);
});

test('a refusal is told with what to do, and without the token', async () => {
  const { url } = listening();
  expect(await check(url, { token: 'ntn_revoked' })).toEqual([
    {
      what: 'Notion',
      verdict: 'broken',
      found: 'Notion refused to accept the token (401 unauthorized: API token is invalid.)',
      next: 'check NOTION_TOKEN: the token is wrong, or was revoked',
    },
  ]);
});

test.each([
  ['an address where nothing listens', 'http://127.0.0.1:1', /^127\.0\.0\.1:1 cannot be reached/],
  ['a program that is not Notion', '', /^Notion did not answer with JSON/],
])('%s is told', async (_, address, found) => {
  const { notion, url } = listening();
  notion.setFault(() => 'garbage');
  expect(await check(address || url)).toEqual([
    {
      what: 'Notion',
      verdict: 'broken',
      found: expect.stringMatching(found),
      next: 'check the network and its address, and run the doctor again later',
    },
  ]);
});
