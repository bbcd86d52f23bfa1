import { Client } from '@notionhq/client';
import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Instant } from '../../core/figures/calendar.ts';
import type { OutletFetch } from '../../core/outlets/outlet.ts';
import { RetryLaterError } from '../../core/outlets/outlet-errors.ts';
import { BlocksAnswer, DatabaseAnswer, DataSourceAnswer, PageAnswer, PagesAnswer, UserAnswer } from './answers.ts';
import type { FigureValue } from './figure-values.ts';
import { AdvisedError, errorOfCall } from './notion-errors.ts';
import { NEW_PROPERTIES, pageProperties, readPageProperties, richText } from './properties.ts';
import type { NotionSettings } from './settings.ts';

/** The client's own default is older. */
const NOTION_VERSION = '2026-03-11';

/** The title of the database of figures. */
export const TITLE = 'Greg BI';

/** The most that Notion returns at once. */
const PAGE_SIZE = 100;

/** A page of the database of figures. */
export interface FigurePage {
  readonly id: string;
  readonly key: string;
  /** See `figureContent`. */
  readonly content: string;
}

export type NotionApi = ReturnType<typeof createNotionApi>;

export interface NotionApiOptions {
  readonly fetch: OutletFetch;
  readonly now: Instant;
  /** A last resort: `fetch` has a deadline for each call, ms. */
  readonly withinMs: number;
}

/**
 * The calls to Notion that figures need. Each answer is checked: one that lacks what is read from it fails the call.
 *
 * All reject with RefusedError, NotFoundError, InvalidRequestError, RetryLaterError, or with what `fetch` rejects with.
 */
export function createNotionApi({ url, token }: NotionSettings, { fetch, now, withinMs }: NotionApiOptions) {
  const client = new Client({
    auth: token,
    baseUrl: url,
    notionVersion: NOTION_VERSION,
    // Its own retries ignore 409, and wait 60 s at most.
    retry: false,
    // It counts the time that a request waits for the budget, so it must not end before `fetch` does.
    timeoutMs: withinMs,
    logger: () => {},
    fetch: (address, { method, headers, body } = {}) =>
      fetch(address, {
        ...(method === undefined ? {} : { method }),
        ...(headers === undefined ? {} : { headers }),
        ...(body === undefined ? {} : { body }),
      }),
  });

  async function call<Schema extends TSchema>(
    what: string,
    schema: Schema,
    send: () => Promise<unknown>,
  ): Promise<Static<Schema>> {
    const answer = await send().catch((error: unknown) => {
      throw errorOfCall(error, { what, token, now });
    });
    if (Value.Check(schema, answer)) return answer;
    throw new RetryLaterError(`Notion's answer cannot be read: ${what}`);
  }

  /** Pages of the data source that are not in the trash, oldest first: all, or those of one key. */
  async function pages(dataSource: string, key?: string): Promise<FigurePage[]> {
    const what = key === undefined ? `list the pages of the database ${TITLE}` : `look for ${key}`;
    const found = await listAll(async (start) => {
      const answer = await call(what, PagesAnswer, () =>
        client.dataSources.query({
          data_source_id: dataSource,
          sorts: [{ timestamp: 'created_time', direction: 'ascending' }],
          ...(key === undefined ? {} : { filter: { property: 'Key', title: { equals: key } } }),
          ...start,
        }),
      );
      if (answer.request_status?.type === 'incomplete') throw new AdvisedError(TOO_MANY_PAGES, DELETE_PAGES);
      return answer;
    });
    return found
      .filter(({ object, in_trash }) => object !== 'data_source' && in_trash !== true)
      .map(({ id, properties }) => ({ id, ...readPageProperties(properties) }));
  }

  /** Databases with the title of ours directly on a page, in the order of the page. */
  async function databasesOn(page: string): Promise<string[]> {
    const found = await listAll((start) =>
      call('read the page of NOTION_PAGE_ID', BlocksAnswer, () =>
        client.blocks.children.list({ block_id: page, ...start }),
      ),
    );
    return found
      .filter(({ child_database, in_trash }) => child_database?.title === TITLE && in_trash !== true)
      .map(({ id }) => id);
  }

  return {
    pages,
    databasesOn,
    user: () => call('accept the token', UserAnswer, () => client.users.me({})),
    database: (id: string) =>
      call(`show the database ${TITLE}`, DatabaseAnswer, () => client.databases.retrieve({ database_id: id })),
    createDatabase: (page: string) =>
      call(`make the database ${TITLE}`, DatabaseAnswer, () =>
        client.databases.create({
          parent: { type: 'page_id', page_id: page },
          title: richText(TITLE),
          initial_data_source: { properties: NEW_PROPERTIES },
        }),
      ),
    /** Writes the title that it has already, and so changes nothing. */
    renameDatabase: (id: string) =>
      call(`write the title of the database ${TITLE}`, DatabaseAnswer, () =>
        client.databases.update({ database_id: id, title: richText(TITLE) }),
      ),
    dataSource: (id: string) =>
      call(`show the properties of the database ${TITLE}`, DataSourceAnswer, () =>
        client.dataSources.retrieve({ data_source_id: id }),
      ),
    page: (id: string, { key }: FigureValue) =>
      call(`show ${key}`, PageAnswer, () => client.pages.retrieve({ page_id: id })),
    createPage: (dataSource: string, figure: FigureValue) =>
      call(`make a page for ${figure.key}`, PageAnswer, () =>
        client.pages.create({
          parent: { type: 'data_source_id', data_source_id: dataSource },
          properties: pageProperties(figure, figure.at),
        }),
      ),
    updatePage: (id: string, figure: FigureValue) =>
      call(`write ${figure.key}`, PageAnswer, () =>
        client.pages.update({ page_id: id, properties: pageProperties(figure, figure.at) }),
      ),
  };
}

interface Listing<Item> {
  readonly results: readonly Item[];
  readonly has_more: boolean;
  readonly next_cursor?: string | null;
}

/** Where a part of a listing starts, and how long it is. */
interface ListingStart {
  readonly page_size: number;
  readonly start_cursor?: string;
}

/** Every item of a listing, which Notion returns in parts. */
async function listAll<Item>(ask: (start: ListingStart) => Promise<Listing<Item>>): Promise<Item[]> {
  const found: Item[] = [];
  let cursor: string | null = null;
  do {
    const answer: Listing<Item> = await ask({
      page_size: PAGE_SIZE,
      ...(cursor === null ? {} : { start_cursor: cursor }),
    });
    found.push(...answer.results);
    cursor = answer.has_more ? (answer.next_cursor ?? null) : null;
  } while (cursor !== null);
  return found;
}

const TOO_MANY_PAGES = `The database ${TITLE} at Notion has more than 10,000 pages, and Notion lists no more`;
const DELETE_PAGES = 'delete the pages in it that are not figures, or the whole database, so that it is made again';
