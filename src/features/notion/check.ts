import type { OutletFetch } from '../../core/outlets/outlet.ts';
import { createNotionApi, TITLE } from './notion-api.ts';
import { findDatabase, makeDatabase } from './open-database.ts';
import type { NotionSettings } from './settings.ts';

const WITHIN_MS = 10_000;

/**
 * Asks Notion whether the settings are right: the token, the page, and the database on it if there is one.
 *
 * @param write also makes the database if it is missing, writes its title and reads it back. That makes no page, since
 *   those of a free workspace are counted for life
 * @returns what was found, in words
 * @throws RefusedError if a person has to change something; the message says what
 */
export async function checkNotion(settings: NotionSettings, { write }: { readonly write: boolean }): Promise<string> {
  const api = createNotionApi(settings, { fetch: plainFetch, now: Date.now(), withinMs: WITHIN_MS });
  await api.user();
  const found = await findDatabase(api, settings.pageId);
  if (!write) {
    const database = found === undefined ? 'is made with the first figures' : 'is there';
    return `accepts the token and shows the page; the database ${TITLE} ${database}`;
  }
  const { database } = found ?? (await makeDatabase(api, settings.pageId));
  await api.renameDatabase(database);
  await api.database(database);
  return `accepts the token; the database ${TITLE} ${found === undefined ? 'was made' : 'is there'}, and can be written`;
}

const plainFetch: OutletFetch = (url, init) =>
  fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(WITHIN_MS) });
