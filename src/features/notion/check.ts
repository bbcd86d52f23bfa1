import type { CheckOptions, OutletFinding } from '../../core/outlets/outlet.ts';
import { RetryLaterError } from '../../core/outlets/outlet-errors.ts';
import { createNotionApi, type NotionApi, TITLE } from './notion-api.ts';
import { AdvisedError } from './notion-errors.ts';
import { findDatabase, makeDatabase } from './open-database.ts';
import type { NotionSettings } from './settings.ts';

const WITHIN_MS = 30_000;

/**
 * Asks Notion whether the settings are right: the token, the page, and the database on it if there is one.
 *
 * Writing makes the database if it is missing, writes its title and reads it back. That makes no page, since those of a
 * free workspace are counted for life.
 */
export async function checkNotion(
  settings: NotionSettings,
  { write, fetch }: CheckOptions,
): Promise<readonly OutletFinding[]> {
  const api = createNotionApi(settings, { fetch, now: Date.now(), withinMs: WITHIN_MS });
  try {
    return await check(api, settings.pageId, write);
  } catch (error) {
    if (error instanceof AdvisedError) return [broken(error.found, error.advice)];
    if (error instanceof RetryLaterError) return [broken(error.message, CHECK_LATER)];
    throw error;
  }
}

async function check(api: NotionApi, pageId: string, write: boolean): Promise<OutletFinding[]> {
  await api.user();
  const found = await findDatabase(api, pageId);
  const findings = [
    ok('Notion', 'accepts the token, and shows the page'),
    ok(
      DATABASE,
      found === undefined ? 'is made with the first figures' : 'is there, and has the properties of figures',
    ),
  ];
  if (!write) return findings;
  const { database } = found ?? (await makeDatabase(api, pageId));
  await api.renameDatabase(database);
  await api.database(database);
  return [...findings, ok(DATABASE, `${found === undefined ? 'was made' : 'can be written'}, and was read back`)];
}

const DATABASE = `database ${TITLE} at Notion`;
const CHECK_LATER = 'check the network and NOTION_API_URL, and run the doctor again later';

function ok(what: string, found: string): OutletFinding {
  return { what, verdict: 'ok', found, next: null };
}

function broken(found: string, next: string): OutletFinding {
  return { what: 'Notion', verdict: 'broken', found, next };
}
