import type { TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { OutletFetch } from '../../../src/core/outlets/outlet.ts';
import { blockAnswers, databaseAnswer, dataSourceAnswer, listAnswer, pageAnswer } from './answers.ts';
import { CreateDatabase, CreatePage, PROPERTY_VALUES, QueryDataSource, UpdateDatabase, UpdatePage } from './bodies.ts';
import {
  createWorkspace,
  PARENT_PAGE,
  type PropertyType,
  type StoredDatabase,
  type StoredProperty,
  titleOf,
} from './workspace.ts';

export const TOKEN = 'ntn_stand_in';
const VERSION = '2026-03-11';
const BODY_LIMIT = 500 * 1_000;

/** A request as the server saw it. */
export interface NotionCall {
  /** `POST /v1/pages` */
  readonly name: string;
  readonly at: number;
  readonly body: unknown;
}

/** What goes wrong with a request instead of, or after, its effect. */
export type Fault =
  | { readonly status: number; readonly code?: string; readonly retryAfter?: string; readonly message?: string }
  /** The connection is lost: before the request has an effect, or after it. */
  | 'lost'
  | 'lost answer'
  /** Not JSON, JSON of another form, the page of a proxy, and half an answer; all after the effect. */
  | 'garbage'
  | 'wrong form'
  | 'cut answer'
  /** The effect, and then silence. */
  | 'no answer';

export interface NotionServerOptions {
  /** Of the rate: at most three requests in any second (https://developers.notion.com/reference/request-limits). */
  readonly now?: () => number;
  /** More rows than these are not listed (https://developers.notion.com/reference/query-a-data-source). */
  readonly queryLimit?: number;
}

export type NotionServer = ReturnType<typeof createNotionServer>;

/** A refusal, in Notion's form (https://developers.notion.com/reference/status-codes). */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * A stand-in for Notion's API, version 2026-03-11, written from its public reference: databases with data sources, pages in
 * them, blocks of the page that is shared with the integration. It checks each request to the letter.
 */
export function createNotionServer({ now = () => performance.now(), queryLimit = 10_000 }: NotionServerOptions = {}) {
  const workspace = createWorkspace();
  const calls: NotionCall[] = [];
  const violations: string[] = [];
  const settings: { fault: (call: NotionCall) => Fault | undefined } = { fault: () => undefined };

  async function answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const text = await request.text();
    const call: NotionCall = {
      name: `${request.method} ${pathname}`,
      at: now(),
      body: text === '' ? undefined : JSON.parse(text),
    };
    calls.push(call);
    const fault = settings.fault(call);
    if (fault === 'lost') throw new TypeError('The connection was closed');
    if (typeof fault === 'object') return failure(fault);
    const response = await perform(() => {
      checkHeaders(request, text);
      checkRate();
      return route(call, searchParams);
    });
    return fault === undefined ? response : spoil(response, fault);
  }

  async function perform(run: () => object): Promise<Response> {
    try {
      return Response.json(run());
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return failure(error);
    }
  }

  function violation(text: string): Refusal {
    violations.push(text);
    return new Refusal(400, 'validation_error', text);
  }

  function checkHeaders({ headers, method }: Request, text: string): void {
    if (headers.get('authorization') !== `Bearer ${TOKEN}`) {
      throw new Refusal(401, 'unauthorized', 'API token is invalid.');
    }
    if (headers.get('notion-version') !== VERSION) throw violation(`Notion-Version: ${headers.get('notion-version')}`);
    const isJson = headers.get('content-type') === 'application/json';
    if (method !== 'GET' && !isJson) throw violation(`${method} with ${headers.get('content-type')}`);
    if (text.length > BODY_LIMIT) throw violation('The body is too large');
  }

  function checkRate(): void {
    const last = calls.at(-1)?.at ?? 0;
    const [fourth] = calls.slice(-4);
    if (calls.length < 4 || fourth === undefined || fourth.at <= last - 1_000) return;
    violations.push(`more than three requests in a second at ${last}`);
    throw new Refusal(429, 'rate_limited', 'You have been rate limited. Please try again in a few minutes.');
  }

  function checked<Schema extends TSchema>(schema: Schema, body: unknown) {
    if (Value.Check(schema, body)) return body;
    const [error] = [...Value.Errors(schema, body)];
    throw violation(`body failed validation: body${error?.path} ${error?.message}`);
  }

  function route({ name, body }: NotionCall, query: URLSearchParams): object {
    const [, method = '', path = ''] = /^(\S+) \/v1\/(.*)$/.exec(name) ?? [];
    const [kind = '', id = '', part = ''] = path.split('/');
    if (name === 'GET /v1/users/me') return { object: 'user', id: PARENT_PAGE, type: 'bot' };
    if (name === 'POST /v1/databases') return createDatabase(body);
    if (name === 'POST /v1/pages') return createPage(body);
    if (`${method} ${kind} ${part}` === 'GET blocks children') return children(id, query);
    if (kind === 'databases') return database(method, id, body);
    if (kind === 'data_sources') return dataSource(method, id, part, body);
    if (kind === 'pages') return page(method, id, body);
    throw violation(`There is no ${name}`);
  }

  function children(id: string, query: URLSearchParams): object {
    visible(id === PARENT_PAGE, `block ${id}`);
    const size = Number(query.get('page_size') ?? 100);
    if (size > 100) throw violation(`page_size=${size}`);
    return listAnswer(blockAnswers(workspace), query.get('start_cursor') ?? undefined, size);
  }

  /** What is not shared does not exist for the integration. */
  function visible<Thing>(thing: Thing, what: string): NonNullable<Thing> {
    if (thing && workspace.isShared) return thing;
    const message = `Could not find ${what}. Make sure the relevant pages and databases are shared with your integration.`;
    throw new Refusal(404, 'object_not_found', message);
  }

  function createDatabase(body: unknown): object {
    const { parent, title, initial_data_source } = checked(CreateDatabase, body);
    visible(parent.page_id === PARENT_PAGE, `page ${parent.page_id}`);
    const types = Object.entries(initial_data_source.properties).map(([name, type]) => [name, Object.keys(type)[0]]);
    const titles = types.filter(([, type]) => type === 'title');
    if (titles.length !== 1) throw violation('A data source has exactly one title property');
    const text = title.map(({ text: { content } }) => content).join('');
    return databaseAnswer(workspace.addDatabase(text, Object.fromEntries(types)));
  }

  function database(method: string, id: string, body: unknown): object {
    const found = visible(
      workspace.databases.find((each) => each.id === id),
      `database ${id}`,
    );
    if (method === 'PATCH') {
      const { title } = checked(UpdateDatabase, body);
      refuseTrashed(found.isTrashed);
      found.title = title.map(({ text: { content } }) => content).join('');
    }
    return databaseAnswer(found);
  }

  function dataSource(method: string, id: string, part: string, body: unknown): object {
    const found = visible(workspace.databaseOf(id), `data source ${id}`);
    if (method === 'GET') return dataSourceAnswer(found);
    if (method !== 'POST' || part !== 'query') throw violation(`There is no ${method} of data sources`);
    const { filter, page_size = 100, start_cursor } = checked(QueryDataSource, body);
    if (filter !== undefined && found.types[filter.property] !== 'title') {
      throw new Refusal(400, 'validation_error', `Could not find property with name or id: ${filter.property}`);
    }
    const rows = [...workspace.pages.values()]
      .filter((row) => row.dataSource === id && !row.isTrashed && !found.isTrashed)
      .filter(({ properties }) => filter === undefined || titleOf(properties) === filter.title.equals)
      .map((row) => pageAnswer(workspace, row));
    return listAnswer(rows, start_cursor, page_size, queryLimit);
  }

  function createPage(body: unknown): object {
    const { parent, properties } = checked(CreatePage, body);
    const found = visible(workspace.databaseOf(parent.data_source_id), `data source ${parent.data_source_id}`);
    refuseTrashed(found.isTrashed);
    return pageAnswer(workspace, workspace.addPage(found.dataSource, storedProperties(found, properties)));
  }

  function page(method: string, id: string, body: unknown): object {
    const found = visible(workspace.pages.get(id), `page ${id}`);
    const owner = visible(workspace.databaseOf(found.dataSource), `page ${id}`);
    if (method === 'PATCH') {
      const { properties } = checked(UpdatePage, body);
      refuseTrashed(found.isTrashed || owner.isTrashed);
      Object.assign(found.properties, storedProperties(owner, properties));
    }
    return pageAnswer(workspace, found);
  }

  function refuseTrashed(isTrashed: boolean): void {
    const message = "Can't edit block that is archived. You must unarchive the block before editing.";
    if (isTrashed) throw new Refusal(400, 'validation_error', message);
  }

  function storedProperties(
    { types }: StoredDatabase,
    given: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ): Record<string, StoredProperty> {
    const stored = Object.entries(given).map(([name, value]): [string, StoredProperty] => {
      const type: PropertyType | undefined = types[name];
      if (type === undefined) throw new Refusal(400, 'validation_error', `${name} is not a property that exists.`);
      if (!(type in value)) throw new Refusal(400, 'validation_error', `${name} is expected to be ${type}.`);
      checked(PROPERTY_VALUES[type], value);
      return [name, { id: name.toLowerCase(), type, [type]: shown(value[type]) }];
    });
    return Object.fromEntries(stored);
  }

  return {
    workspace,
    calls,
    /** What no correct client does. */
    violations,
    /** Decides which requests fail, and how. */
    setFault(fault: (call: NotionCall) => Fault | undefined): void {
      settings.fault = fault;
    },
    answer,
    /** The server without sockets. */
    fetch: ((url, init) => answer(new Request(url, init))) satisfies OutletFetch,
  };
}

/** Rich text is answered with its plain text. */
function shown(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const items: readonly { readonly text: { readonly content: string } }[] = value;
  return items.map((item) => ({ ...item, plain_text: item.text.content }));
}

function failure({ status, code, message, ...rest }: Exclude<Fault, string> | Refusal): Response {
  const headers = new Headers();
  if ('retryAfter' in rest && rest.retryAfter !== undefined) headers.set('retry-after', rest.retryAfter);
  if (code === undefined) return new Response('<html>A proxy</html>', { status, headers });
  return Response.json({ object: 'error', status, code, message: message ?? `It is ${code}.` }, { status, headers });
}

async function spoil(response: Response, fault: Exclude<Fault, object>): Promise<Response> {
  if (fault === 'garbage') return new Response('\u0000<!doctype html>', { status: 200 });
  if (fault === 'wrong form') return Response.json({ object: 'page', results: 7 });
  if (fault === 'cut answer') return new Response((await response.text()).slice(0, 40));
  if (fault === 'no answer') return new Promise(() => {});
  throw new TypeError('The connection was closed');
}
