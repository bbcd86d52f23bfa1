import type { Rendering } from './rows-table.ts';
import { Refusal, RowsWorkspace } from './rows-workspace.ts';

/**
 * A stand-in for the API of Rows.com, version 1, as far as Greg BI uses it. What it imitates is documented here:
 *
 * - paths, bodies and answers: <https://developers.rows.com>, and the official node for n8n,
 *   <https://github.com/rows/rows-n8n-nodes-rows> (`nodes/Rows/operations/overwriteData.ts`, `nodes/Rows/Rows.node.ts`)
 * - both ends of a range, and 202 for a write: the extension "Rows" for Raycast, <https://www.raycast.com/store>
 * - 60 requests a minute and key: <https://rows.com/docs/using-rows-api>; requests a month by plan: <https://rows.com/pricing>
 */
export interface RowsService {
  readonly workspace: RowsWorkspace;
  /** What a request did wrong: the rate, the quota, or its shape. */
  readonly violations: readonly string[];
  /** Every request, oldest first. */
  readonly requests: readonly RowsRequest[];
  handle(request: Request): Promise<Response>;
}

export interface RowsRequest {
  readonly method: string;
  /** Below the spreadsheet. */
  readonly path: string;
  readonly at: number;
}

/** How a request goes wrong. With `isDone` it has its effect all the same. */
export interface RowsFault {
  readonly answer: number | 'slow' | 'cut' | 'garbage';
  readonly retryAfter?: string;
  readonly isDone?: boolean;
}

export interface RowsServiceOptions {
  readonly now?: () => number;
  readonly monthlyRequests?: number;
  readonly writtenAfterMs?: () => number;
  readonly mostCells?: number;
  readonly rendering?: Rendering;
  readonly fault?: (request: RowsRequest) => RowsFault | undefined;
}

export const ROWS_KEY = 'rows-1WcvujvzSSQ1';
export const ROWS_SPREADSHEET = '5HGcWJFcQVVAv4mNTYb2RS';

export function createRowsService(options: RowsServiceOptions = {}): RowsService {
  const { now = Date.now, monthlyRequests = Infinity, fault = () => undefined } = options;
  const { writtenAfterMs = () => 0, mostCells = 10_000, rendering = 'texts' } = options;
  const workspace = new RowsWorkspace({ now, writtenAfterMs, mostCells, rendering });
  const requests: RowsRequest[] = [];
  const requestsByMonth = new Map<string, number>();
  const violations: string[] = [];

  const count = (request: RowsRequest) => {
    requests.push(request);
    const inMinute = requests.length - 1 - requests.findLastIndex(({ at }) => at <= request.at - 60_000);
    const month = new Date(request.at).toISOString().slice(0, 7);
    const inMonth = (requestsByMonth.get(month) ?? 0) + 1;
    requestsByMonth.set(month, inMonth);
    if (inMinute > 60) violations.push(`${inMinute} requests within a minute`);
    if (inMonth > monthlyRequests) violations.push(`${inMonth} requests in ${month}`);
    if (inMinute > 60 || inMonth > monthlyRequests) throw new Refusal(429, 'Too many requests');
  };

  async function answer(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const { method, headers, signal } = request;
    const [, id, path = ''] = /^\/v1\/spreadsheets\/([^/]+)(\/.*)?$/.exec(pathname) ?? [];
    const seen = { method, path, at: now() };
    count(seen);
    if (headers.get('authorization') !== `Bearer ${ROWS_KEY}`) throw new Refusal(401, 'Invalid API key');
    if (id !== ROWS_SPREADSHEET) throw new Refusal(404, 'Spreadsheet not found');
    const body = method === 'POST' ? await jsonBody(request) : undefined;
    const wrong = fault(seen);
    if (wrong === undefined) return workspace.answer(method, path, search, body);
    if (wrong.isDone === true) workspace.answer(method, path, search, body);
    return faultyAnswer(wrong, signal);
  }

  return {
    ...{ workspace, requests, violations },
    async handle(request) {
      try {
        return await answer(request);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const { status, message } = error;
        if (status === 400) violations.push(`${request.method} ${request.url}: ${message}`);
        return Response.json({ code: status, message }, { status });
      }
    },
  };
}

async function jsonBody(request: Request): Promise<unknown> {
  if (request.headers.get('content-type') !== 'application/json') throw new Refusal(400, 'Content-Type is not JSON');
  try {
    const body: unknown = await request.json();
    return body;
  } catch {
    throw new Refusal(400, 'The body is not JSON');
  }
}

async function faultyAnswer({ answer, retryAfter }: RowsFault, signal: AbortSignal): Promise<Response> {
  if (answer === 'slow') {
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  }
  if (answer === 'garbage') return new Response('<html>Bad Gateway</html>');
  if (answer === 'cut') {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"items":[["')),
      pull: (controller) => controller.error(new Error('the connection was cut')),
    });
    return new Response(body);
  }
  const response = Response.json({ code: answer, message: `Injected ${answer}` }, { status: answer });
  if (retryAfter !== undefined) response.headers.set('Retry-After', retryAfter);
  return response;
}
