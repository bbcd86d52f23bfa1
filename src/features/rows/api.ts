import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { OutletFetch } from '../../core/outlets/outlet.ts';
import { errorOfAnswer, RefusedError, RetryLaterError } from '../../core/outlets/outlet-errors.ts';
import type { Clock } from '../../core/runtime/clock.ts';
import { isRecord, parseJson } from '../../core/runtime/json.ts';
import type { Found } from './cells.ts';
import { AccessRefusedError, RangeRefusedError, TableMissingError, TooLargeError } from './errors.ts';
import type { CellRange } from './range.ts';

/** Cells in one request, at most. */
export const MOST_CELLS = 10_000;

/** The limit is a number of requests a minute. */
const NEXT_MINUTE_MS = 60_000;

const Table = Type.Object({ id: Type.String(), name: Type.String() });
const Page = Type.Object({ id: Type.String(), name: Type.String(), tables: Type.Optional(Type.Array(Table)) });
export type RowsPage = Static<typeof Page>;

const Spreadsheet = Type.Object({ pages: Type.Array(Page) });
const Created = Type.Object({ id: Type.String() });
const Scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]);
/** The route of cells answers the second form, with more members. */
const Cell = Type.Union([Scalar, Type.Object({ value: Type.Optional(Scalar) })]);
const Cells = Type.Array(Type.Array(Cell));
/** `items` in the published API; clients of earlier versions also know the others. */
const Values = Type.Union([Type.Object({ items: Cells }), Type.Object({ values: Cells }), Cells]);

/** The calls of Rows.com's API, version 1 (<https://developers.rows.com>). */
export interface RowsApi {
  pages(): Promise<RowsPage[]>;
  /** @returns the id of the new page */
  createPage(name: string): Promise<string>;
  /** @returns the id of the new table */
  createTable(page: string, name: string): Promise<string>;
  /**
   * Overwrites cells. Once it resolves they are accepted, and written some time later.
   *
   * @throws TooLargeError, TableMissingError
   */
  write(cells: CellRange, rows: readonly (readonly string[])[]): Promise<void>;
  /**
   * Rows may be shorter than the range, or missing, where cells are empty.
   *
   * @throws TableMissingError
   */
  read(cells: CellRange): Promise<Found[][]>;
}

export interface RowsApiOptions {
  readonly url: string;
  readonly key: string;
  readonly spreadsheet: string;
  readonly fetch: OutletFetch;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Every call throws AccessRefusedError or another RefusedError if a person has to change something, and RetryLaterError if
 * another attempt may succeed.
 */
export function createRowsApi(options: RowsApiOptions): RowsApi {
  const { url, spreadsheet } = options;
  const base = `${url}/spreadsheets/${encodeURIComponent(spreadsheet)}`;
  const ask = async <Answer extends TSchema>(schema: Answer, request: Call): Promise<Static<Answer>> => {
    const answer = parseJson(await send(options, request));
    if (Value.Check(schema, answer)) return answer;
    throw new RetryLaterError(`Rows.com gave no readable answer to the request to ${request.what}: check ROWS_API_URL`);
  };
  const create = async (path: string, name: string, kind: string) => {
    const { id } = await ask(Created, { url: `${base}/${path}`, what: `make the ${kind} ${name}`, body: { name } });
    return id;
  };
  return {
    pages: async () => (await ask(Spreadsheet, { url: base, what: 'list the tables' })).pages,
    createPage: (name) => create('pages', name, 'page'),
    createTable: (page, name) => create(`pages/${encodeURIComponent(page)}/tables`, name, 'table'),
    async write({ table, range, what }, rows) {
      const path = `tables/${encodeURIComponent(table)}/cells/${range}`;
      const cells = rows.map((row) => row.map((value) => ({ value })));
      await send(options, { url: `${base}/${path}`, what: `write ${what}`, body: { cells }, isInTable: true });
    },
    async read({ table, range, what }) {
      const path = `tables/${encodeURIComponent(table)}/values/${range}?value_render_option=RAW`;
      return rowsIn(await ask(Values, { url: `${base}/${path}`, what: `read ${what}`, isInTable: true }));
    },
  };
}

function rowsIn(answer: Static<typeof Values>): Found[][] {
  const rows = Array.isArray(answer) ? answer : 'items' in answer ? answer.items : answer.values;
  return rows.map((row) => row.map((cell) => (isRecord(cell) ? (cell.value ?? null) : cell)));
}

interface Call {
  readonly url: string;
  /** Continues "Rows.com refused to …". */
  readonly what: string;
  /** Undefined to GET, else POST. */
  readonly body?: unknown;
  readonly isInTable?: boolean;
}

/** @returns the body of a good answer */
async function send(options: RowsApiOptions, { url, what, body, isInTable = false }: Call): Promise<string> {
  const { key, fetch } = options;
  const headers = { Accept: 'application/json', Authorization: `Bearer ${key}` };
  const post = { method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' } };
  const answer = await fetch(url, body === undefined ? { headers } : { ...post, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw failureOf(answer, text.replaceAll(key, '…'), { what, isInTable }, options.clock.now());
  return text;
}

/** What an administrator should do about a refusal. */
const ADVICE: Readonly<Record<number, string>> = {
  400: 'this is a fault of Greg BI, or its tables were changed by hand: rename the table, and a new one is made',
  401: 'make a new key in the workspace settings, under Rows API, and set ROWS_API_KEY',
  403: 'give the workspace of ROWS_API_KEY the right to edit the spreadsheet',
  404: 'check ROWS_SPREADSHEET_ID, and that the spreadsheet is in the workspace of ROWS_API_KEY',
  413: 'a single row is too large',
};

const NO_TABLE = 'there is no such table; if ROWS_TABLE_ID names it, correct that, or remove it';

function failureOf(
  { status, headers }: Response,
  text: string,
  { what, isInTable }: Required<Pick<Call, 'what' | 'isInTable'>>,
  now: number,
): RefusedError | RetryLaterError {
  const error = errorOfAnswer({ status, headers, message: '' }, now);
  const answered = `${status}${reasonIn(text)}`;
  if (error instanceof RetryLaterError) {
    const afterMs = error.afterMs ?? (status === 429 ? NEXT_MINUTE_MS : null);
    return new RetryLaterError(`Rows.com could not ${what} now (${answered})`, afterMs);
  }
  const advice = status === 404 && isInTable ? NO_TABLE : (ADVICE[status] ?? 'check ROWS_API_URL');
  const message = `Rows.com refused to ${what} (${answered}): ${advice}`;
  if (status === 413) return new TooLargeError(message);
  if (status === 404 && isInTable) return new TableMissingError(message);
  if (status === 400 && isInTable) return new RangeRefusedError(message);
  return [401, 403, 404].includes(status) ? new AccessRefusedError(message) : new RefusedError(message);
}

/** The message of `{ code, message }`. A page of a proxy is left out. */
function reasonIn(text: string): string {
  const answer = parseJson(text);
  if (!isRecord(answer) || typeof answer.message !== 'string' || answer.message === '') return '';
  return `: ${answer.message.slice(0, 100)}`;
}
