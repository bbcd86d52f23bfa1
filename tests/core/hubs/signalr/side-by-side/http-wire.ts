import { RS } from './wire.ts';

/** Requests to a hub, and what is heard in answer, a line each, in the order in which it was asked. */
export interface HttpWire {
  readonly lines: readonly string[];
  /** Negotiates without a line of its own. @returns what to put into `?id=` */
  negotiate(query?: string): Promise<string>;
  /** @returns the body */
  ask(method: string, path: string, options?: AskOptions): Promise<string>;
  /** Polls until this text has come, or nothing comes. How the records are spread over the answers is of the moment. */
  pollUntil(path: string, text: string): Promise<void>;
  /** Opens a stream of events. */
  listen(path: string): Promise<EventStream>;
}

export interface AskOptions {
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

export interface EventStream {
  /** Reads on until this text has come; the lines get every event up to it, or the end of the stream. */
  until(text: string): Promise<void>;
  /** Reads on until the server ends it. */
  end(): Promise<void>;
  /** Ends the stream at the client's side. */
  abandon(): void;
}

/** Longer than a server on a busy machine takes; what does not come within it does not come. */
const PATIENCE_MS = 10_000;

export function openHttpWire(url: string): HttpWire {
  const answers: string[][] = [];
  const nextAnswer = () => {
    const lines: string[] = [];
    answers.push(lines);
    return lines;
  };
  const request = (method: string, path: string, { body, headers = {} }: AskOptions = {}) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return fetch(`${url}${path}`, { method, headers, signal, ...(body === undefined ? {} : { body }) });
  };
  return {
    get lines() {
      return answers.flat();
    },
    async negotiate(query = '') {
      const answer = await request('POST', `/negotiate?negotiateVersion=1${query}`);
      return tokenIn(await answer.json());
    },
    async ask(method, path, options) {
      const lines = nextAnswer();
      try {
        const answer = await request(method, path, options);
        const text = await answer.text();
        lines.push(headOf(method, answer, text), ...(answer.ok ? recordsIn(text) : []));
        return text;
      } catch (error) {
        lines.push(`${method}: ${error instanceof Error ? error.name : error}`);
        return '';
      }
    },
    async pollUntil(path, wanted) {
      const lines = nextAnswer();
      const records: string[] = [];
      const heads = new Set<string>();
      while (!records.some((line) => line.includes(wanted))) {
        const answer = await request('GET', path);
        const text = await answer.text();
        heads.add(headOf('GET', answer, text));
        if (answer.status !== 200 || text === '') break;
        records.push(...recordsIn(text));
      }
      lines.push(...heads, ...records);
    },
    async listen(path) {
      const abort = new AbortController();
      const answer = await fetch(`${url}${path}`, { headers: { accept: 'text/event-stream' }, signal: abort.signal });
      const lines = nextAnswer();
      lines.push(headOf('GET', answer, 'events'));
      return eventStream(answer, lines, abort);
    },
  };
}

function eventStream(answer: Response, lines: string[], abort: AbortController): EventStream {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const takeEvents = () => {
    const events = text.split(EVENT_END);
    text = events.pop() ?? '';
    lines.push(...events.flatMap((event) => event.split('\r\n').flatMap(linesOfField)));
  };
  const readUntil = async (done: () => boolean) => {
    const timer = setTimeout(() => abort.abort(), PATIENCE_MS);
    while (!done()) {
      const piece = await reader?.read().catch(() => undefined);
      if (piece?.value === undefined) {
        lines.push(abort.signal.aborted ? 'silence' : 'end of the stream');
        break;
      }
      text += piece.value;
      takeEvents();
    }
    clearTimeout(timer);
  };
  return {
    until(wanted) {
      const from = lines.length;
      return readUntil(() => lines.slice(from).some((line) => line.includes(wanted)));
    },
    end: () => readUntil(() => false),
    abandon: () => abort.abort(),
  };
}

const EVENT_END = '\r\n\r\n';
const DATA = 'data: ';

/** How many records share an event is of the moment; that nothing else stands in it is not. */
function linesOfField(field: string): string[] {
  if (field.startsWith(DATA)) return recordsIn(field.slice(DATA.length));
  return [field === ':' ? 'a comment' : `a strange field: ${field}`];
}

/** The type of no body, and what a cache may do with the answer to a POST, concern nobody. */
function headOf(method: string, answer: Response, body: string): string {
  const head = `${method}: ${answer.status}`;
  if (!answer.ok || method !== 'GET' || body === '') return head;
  const cache = answer.headers.get('cache-control')?.replaceAll(' ', '');
  return `${head} ${answer.headers.get('content-type')}, ${cache}`;
}

function recordsIn(body: string): string[] {
  const records = body.split(RS);
  const rest = records.pop() ?? '';
  return [...records, ...(rest === '' ? [] : [rest])].map(withoutIds);
}

/** Ids and tokens are of the moment. */
function withoutIds(text: string): string {
  return text.replaceAll(/("connection(?:Id|Token)"):"[^"]+"/g, '$1:"…"');
}

function tokenIn(answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'connectionToken' in answer)
    return String(answer.connectionToken);
  throw new Error(`No token in ${JSON.stringify(answer)}`);
}
