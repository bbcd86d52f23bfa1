import { RedisClient } from 'bun';
import type { ServicesConfig } from '../../config/services.ts';
import { broken, clockFinding, type Finding, notConfigured, ok } from './finding.ts';

const WITHIN_MS = 5_000;

/** The back end's Redis, in which it keeps the tokens that were logged out. */
export async function lookAtRedis(url: string | null): Promise<Finding[]> {
  if (url === null) return [notConfigured('Redis', 'set REDIS_URL, so that tokens that were logged out can be told')];
  const client = new RedisClient(url, {
    connectionTimeout: WITHIN_MS,
    autoReconnect: false,
    enableOfflineQueue: false,
  });
  try {
    await client.connect();
    const from = Date.now();
    const time: unknown = await client.send('TIME', []);
    const [seconds = 0, microseconds = 0] = Array.isArray(time) ? time.map(Number) : [];
    return [
      ok('Redis', 'answers'),
      clockFinding('Redis clock', seconds * 1000 + microseconds / 1000, { from, to: Date.now() }),
    ];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return [broken('Redis', `cannot be asked (${code})`, 'check REDIS_URL, and its password')];
  } finally {
    client.close();
  }
}

export async function lookAtRows(rows: ServicesConfig['rows']): Promise<Finding> {
  const what = 'Rows.com';
  if (rows === null) return notConfigured(what, 'set ROWS_API_KEY and ROWS_SPREADSHEET_ID');
  if (rows.spreadsheet === null) return broken(what, 'no spreadsheet is named', 'set ROWS_SPREADSHEET_ID');
  const url = `${rows.url}/spreadsheets/${encodeURIComponent(rows.spreadsheet)}`;
  return lookAtApi(what, url, { Authorization: `Bearer ${rows.key}` }, 'ROWS_API_KEY and ROWS_SPREADSHEET_ID');
}

export async function lookAtNotion(notion: ServicesConfig['notion']): Promise<Finding> {
  if (notion === null) return notConfigured('Notion', 'set NOTION_TOKEN');
  const headers = { Authorization: `Bearer ${notion.token}`, 'Notion-Version': '2022-06-28' };
  return lookAtApi('Notion', `${notion.url}/users/me`, headers, 'NOTION_TOKEN');
}

async function lookAtApi(
  what: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  variables: string,
): Promise<Finding> {
  try {
    const { ok: isGood, status } = await fetch(url, { headers, signal: AbortSignal.timeout(WITHIN_MS) });
    if (isGood) return ok(what, 'lets us in');
    return broken(what, `answers ${status}`, `check ${variables}`);
  } catch {
    return broken(what, 'cannot be reached', 'check the network, and the address of its API');
  }
}
