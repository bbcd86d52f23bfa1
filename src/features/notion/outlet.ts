import { attemptEach } from '../../core/outlets/attempt-each.ts';
import type { Outlet, Pass } from '../../core/outlets/outlet.ts';
import { RefusedError, RetryLaterError } from '../../core/outlets/outlet-errors.ts';
import type { Feature } from '../../core/runtime/define-feature.ts';
import { checkNotion } from './check.ts';
import { type FigureDatabase, type FigureMemory, openFigureMemory } from './figure-memory.ts';
import { type FigureValue, figureContent, figureValues } from './figure-values.ts';
import { createNotionApi, type NotionApi, TITLE } from './notion-api.ts';
import { InvalidRequestError, NotFoundError } from './notion-errors.ts';
import { openDatabase, unlessNotFound, usable } from './open-database.ts';
import type { NotionSettings } from './settings.ts';

const PASS_WITHIN_MS = 300_000;

/**
 * Keeps a database at Notion up to date: one page a figure of the catalogue, found by its key and written when the figure
 * changes. Pages are never made twice, since those of a free workspace are counted for life.
 */
export function createNotionOutlet(
  settings: NotionSettings,
  { features }: { readonly features: readonly Pick<Feature, 'name' | 'catalogue'>[] },
): Outlet {
  return {
    name: 'notion',
    title: { en: 'Notion', pt: 'Notion' },
    target: `page ${settings.pageId}, layout 1`,
    watches: 'snapshots',
    // https://developers.notion.com/reference/request-limits
    budget: { rate: { requests: 3, withinMs: 1_000 }, perMonth: null, requestWithinMs: 30_000 },
    passWithinMs: PASS_WITHIN_MS,
    nextPass: (now) => now + settings.intervalMs,
    deliver: (pass) => deliver(settings, figureValues(features, pass.snapshots), pass),
    check: (options) => checkNotion(settings, options),
  };
}

async function deliver(settings: NotionSettings, figures: readonly FigureValue[], pass: Pass): Promise<void> {
  const memory = openFigureMemory(pass.memory);
  if (figures.length === 0 || (!pass.isRequested && figures.every(memory.isSent))) return;
  const api = createNotionApi(settings, { fetch: pass.fetch, now: pass.now, withinMs: PASS_WITHIN_MS });
  const place = { pageId: settings.pageId, rereads: pass.isRequested };
  const database = await openDatabase(api, memory, place);
  const { dataSource } = database;
  const changed = figures.filter((figure) => !memory.isSent(figure));
  const writer = { api, memory, dataSource };
  const pages = new Map(changed.map(({ key }) => [key, memory.page(key)]));
  // Saved before anything is sent. Whatever is lost from here on, no page is made without a look whether it exists, and a
  // figure that returns to its old value is written again.
  await memory.willWrite(changed.map(({ key }) => key));
  try {
    await writeEach(changed, pass.signal, (figure) => write(writer, figure, pages.get(figure.key)));
  } catch (error) {
    throw await reasonOf(error, api, database);
  }
  if (pass.isRequested && changed.length > 0) await compare(api, dataSource, changed);
}

/** If the database was changed or deleted during the pass, that, and not what followed from it. */
async function reasonOf(error: unknown, api: NotionApi, { database, dataSource }: FigureDatabase): Promise<unknown> {
  if (!(error instanceof NotFoundError || error instanceof InvalidRequestError)) return error;
  if ((await usable(api, database, dataSource)) !== undefined) return error;
  return new RetryLaterError(`The database ${TITLE} at Notion was deleted while figures were written`);
}

/** @throws the error that ends the pass, or the first one */
async function writeEach(
  figures: readonly FigureValue[],
  signal: AbortSignal,
  send: (figure: FigureValue) => Promise<void>,
): Promise<void> {
  const concernsAll = (error: unknown) => error instanceof RefusedError;
  const { failures, gaveUp } = await attemptEach(figures, { signal, send, concernsAll });
  if (failures.length > 0) throw gaveUp ? failures.at(-1) : failures[0];
}

interface Writer {
  readonly api: NotionApi;
  readonly memory: FigureMemory;
  readonly dataSource: string;
}

/** @param known the page of the figure; null if it may exist, undefined if it does not */
async function write(
  { api, memory, dataSource }: Writer,
  figure: FigureValue,
  known: string | null | undefined,
): Promise<void> {
  const page = known === null ? (await api.pages(dataSource, figure.key))[0]?.id : known;
  if (page !== undefined) {
    if (await update(api, page, figure)) return memory.confirm(page, figure);
    await memory.forgetPage(figure.key);
  }
  const { id } = await api.createPage(dataSource, figure);
  await memory.confirm(id, figure);
}

/** Writes a page. @returns false if it was deleted */
async function update(api: NotionApi, page: string, figure: FigureValue): Promise<boolean> {
  try {
    const answer = await unlessNotFound(api.updatePage(page, figure));
    return answer !== undefined && answer.in_trash !== true;
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    // The message alone tells a page in the trash from other reasons, so the page is asked for.
    const found = await unlessNotFound(api.page(page, figure));
    if (found === undefined || found.in_trash === true) return false;
    throw error;
  }
}

/** @throws RetryLaterError if Notion shows something else than what was sent */
async function compare(api: NotionApi, dataSource: string, sent: readonly FigureValue[]): Promise<void> {
  const shown = new Map((await api.pages(dataSource)).toReversed().map(({ key, content }) => [key, content]));
  const [first, ...others] = sent.filter((figure) => shown.get(figure.key) !== figureContent(figure));
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  throw new RetryLaterError(`The database ${TITLE} at Notion does not show what was sent: ${first.key}${more}`);
}
