import type { Config } from '../../config/config.ts';
import { broken, type Finding, notConfigured, ok } from './finding.ts';

const WITHIN_MS = 5_000;

/** Only the doctor reads these variables. */
export const NOT_USED_YET = 'nothing: this version does not use it yet';

export async function checkRows(rows: Config['services']['rows']): Promise<Finding> {
  const what = 'Rows.com';
  if (rows === null) return notConfigured(what, NOT_USED_YET);
  if (rows.spreadsheet === null) return broken(what, 'no spreadsheet is named', 'set ROWS_SPREADSHEET_ID');
  const url = `${rows.url}/spreadsheets/${encodeURIComponent(rows.spreadsheet)}`;
  return checkApi(what, url, { Authorization: `Bearer ${rows.key}` }, 'ROWS_API_KEY and ROWS_SPREADSHEET_ID');
}

async function checkApi(
  what: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  variables: string,
): Promise<Finding> {
  try {
    const { ok: isGood, status } = await fetch(url, { headers, signal: AbortSignal.timeout(WITHIN_MS) });
    if (isGood) return ok(what, 'accepts the key');
    const { found, next } = refusal(status, variables);
    return broken(what, `answers ${status}: ${found}`, next);
  } catch {
    return broken(what, 'cannot be reached', 'check the network, and the address of its API');
  }
}

function refusal(status: number, variables: string): { readonly found: string; readonly next: string } {
  if (status === 401) return { found: 'the key is wrong or revoked', next: `check ${variables}` };
  if (status === 403) return { found: 'the key may not do that', next: `give it access, and check ${variables}` };
  if (status === 404) return { found: 'it does not exist, or is not shared with the key', next: `check ${variables}` };
  if (status === 429) return { found: 'too many requests', next: 'run the doctor again in a minute' };
  if (status >= 500) return { found: 'it has an internal error', next: 'run the doctor again later' };
  return { found: 'it refuses the request', next: `check ${variables}, and the address of its API` };
}
