import { RS } from './wire.ts';

/** Requests to a hub, and what is heard in answer, a line each; ids are replaced by their kind. */
export interface HttpWire {
  readonly lines: readonly string[];
  /** Says in the lines what the next ones are about. */
  note(text: string): void;
  /** Negotiates without a line of its own. @returns what to put into `?id=` */
  negotiate(query?: string): Promise<string>;
  /** @returns the body */
  ask(method: string, path: string, options?: { readonly body?: string; readonly headers?: Record<string, string> }): Promise<string>;
  /** Opens a stream of events. */
  listen(path: string): Promise<EventStream>;
}

export interface EventStream {
  /** Reads on until this text has come; the lines get every event up to it, or the end of the stream. */
  until(text: string): Promise<void>;
  /** Ends the stream at the client's side. */
  abandon(): void;
}

/** Longer than a server takes; what does not come within it does not come. */
const PATIENCE_MS = 5_000;

export function openHttpWire(url: string): HttpWire {
  const lines: string[] = [];
  const request = (method: string, path: string, body?: string, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  return {
    lines,
    note: (text) => lines.push(`— ${text}`),
    async negotiate(query = '') {
      const answer = await request('POST', `/negotiate?negotiateVersion=1${query}`);
      return tokenIn(await answer.json());
    },
    async ask(method, path, { body, headers } = {}) {
      try {
        const answer = await request(method, path, body, headers);
        const text = await answer.text();
        lines.push(`${method}: ${answer.status} ${kindOf(answer)}`, ...(answer.ok ? linesOf(text) : []));
        return text;
      } catch (error) {
        lines.push(`${method}: ${error instanceof Error ? error.name : error}`);
        return '';
      }
    },
    async listen(path) {
      const abort = new AbortController();
      const answer = await fetch(`${url}${path}`, { headers: { accept: 'text/event-stream' }, signal: abort.signal });
      lines.push(`GET: ${answer.status} ${kindOf(answer)}`);
      return eventStream(answer, lines, abort);
    },
  };
}

function eventStream(answer: Response, lines: string[], abort: AbortController): EventStream {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const cutEvents = () => {
    const events = text.split('\r\n\r\n');
    text = events.pop() ?? '';
    for (const event of events) lines.push(...linesOf(event.replaceAll('\r\n', '⏎')));
  };
  return {
    async until(wanted) {
      const timer = setTimeout(() => abort.abort(), PATIENCE_MS);
      const from = lines.length;
      while (!lines.slice(from).some((line) => line.includes(wanted))) {
        const { done, value } = (await reader?.read().catch(() => undefined)) ?? { done: true, value: undefined };
        if (done) {
          lines.push('end of the stream');
          break;
        }
        text += value;
        cutEvents();
      }
      clearTimeout(timer);
    },
    abandon: () => abort.abort(),
  };
}

/** What matters of the head: the type, and that nobody keeps it. */
function kindOf(answer: Response): string {
  if (!answer.ok) return '';
  const type = answer.headers.get('content-type') ?? 'no type';
  return `${type}, ${answer.headers.get('cache-control') ?? 'cacheable'}`;
}

function linesOf(body: string): string[] {
  if (body === '') return [];
  const records = body.split(RS);
  return records.map(withoutIds).filter((line, index) => index < records.length - 1 || line !== '');
}

/** Ids and tokens are of the moment. */
function withoutIds(text: string): string {
  return text.replaceAll(/("connection(?:Id|Token)"):"[^"]+"/g, '$1:"…"');
}

function tokenIn(answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'connectionToken' in answer) return String(answer.connectionToken);
  throw new Error(`No token in ${JSON.stringify(answer)}`);
}
