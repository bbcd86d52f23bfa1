import { RetryLaterError } from '../../core/outlets/outlet-errors.ts';
import type { FigureDatabase, FigureMemory } from './figure-memory.ts';
import { type NotionApi, TITLE } from './notion-api.ts';
import { AdvisedError, NotFoundError } from './notion-errors.ts';
import { wrongProperties } from './properties.ts';

/**
 * The database of figures: the known one unless it was deleted, else one on the page, else a new one.
 *
 * @param rereads whether to forget what its pages are known to show, and read them
 * @throws RefusedError if people changed its properties
 */
export async function openDatabase(
  api: NotionApi,
  memory: FigureMemory,
  { pageId, rereads }: { readonly pageId: string; readonly rereads: boolean },
): Promise<FigureDatabase> {
  const { database: known } = memory;
  const kept = known === null ? undefined : await usable(api, known.database, known.dataSource);
  const database = kept ?? (await findDatabase(api, pageId)) ?? (await makeDatabase(api, pageId));
  if (kept === undefined || rereads) await memory.replace(database, await api.pages(database.dataSource));
  return database;
}

/** The first database on the page that has our title and is not in the trash. */
export async function findDatabase(api: NotionApi, pageId: string): Promise<FigureDatabase | undefined> {
  for (const id of await api.databasesOn(pageId)) {
    const found = await usable(api, id);
    if (found !== undefined) return found;
  }
  return undefined;
}

export async function makeDatabase(api: NotionApi, pageId: string): Promise<FigureDatabase> {
  const { id, data_sources } = await api.createDatabase(pageId);
  const [first] = data_sources;
  if (first === undefined) throw new RetryLaterError(`Notion made the database ${TITLE} without a data source`);
  return { database: id, dataSource: first.id };
}

/**
 * A database, unless it was deleted.
 *
 * @param expected its data source; the first unless given
 * @throws RefusedError if people changed its properties
 */
export async function usable(api: NotionApi, database: string, expected?: string): Promise<FigureDatabase | undefined> {
  const answer = await unlessNotFound(api.database(database));
  if (answer === undefined || answer.in_trash === true) return undefined;
  const dataSource = answer.data_sources.find(({ id }) => expected === undefined || id === expected)?.id;
  const source = dataSource && (await unlessNotFound(api.dataSource(dataSource)));
  if (!dataSource || !source || source.in_trash === true) return undefined;
  const wrong = wrongProperties(source.properties);
  if (wrong === undefined) return { database, dataSource };
  throw new AdvisedError(
    `The database ${TITLE} at Notion was changed: ${wrong}`,
    'undo that, or delete the database, so that it is made again',
  );
}

/** Undefined if Notion does not have it, or no longer shares it with the integration. */
export function unlessNotFound<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  return answer.catch((error: unknown) => {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  });
}
