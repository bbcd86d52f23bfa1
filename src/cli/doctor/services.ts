import type { Config } from '../../config/config.ts';
import { broken, type Finding, notConfigured, ok } from './finding.ts';

const WITHIN_MS = 5_000;

/** Only the doctor reads these variables. */
export const NOT_USED_YET = 'nothing: this version does not use it yet';

export async function checkNotion(notion: Config['services']['notion']): Promise<Finding> {
  if (notion === null) return notConfigured('Notion', NOT_USED_YET);
  const headers = { Authorization: `Bearer ${notion.token}`, 'Notion-Version': '2022-06-28' };
  return checkApi('Notion', `${notion.url}/users/me`, headers, 'NOTION_TOKEN');
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
