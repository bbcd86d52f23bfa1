import { once } from 'node:events';
import { connect } from 'node:net';
import { type RawAnswer, rawAnswer } from '../raw-request.ts';

/** A request as Python's `urllib` writes it: names in title case, one connection each. */
export function urllib(
  url: string,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body: string | null = null,
): Promise<RawAnswer> {
  const length = body === null ? (method === 'POST' ? '0' : undefined) : String(Buffer.byteLength(body));
  const all = {
    'Accept-Encoding': 'identity',
    ...(length === undefined ? {} : { 'Content-Length': length }),
    Host: new URL(url).host,
    'User-Agent': 'Python-urllib/3.11',
    ...headers,
    Connection: 'close',
  };
  return rawAnswer(url, `${method} ${path} HTTP/1.1\r\n${lines(all)}\r\n${body ?? ''}`);
}

/** A stream of events over a bare socket, as `signalrcore` reads it. */
export interface EventSocket {
  /** The answer with its headers, as far as it has come. */
  readonly text: string;
  /** @throws Error when it does not come in time */
  until(part: string): Promise<void>;
  destroy(): void;
}

/** `Host` has no port, as `signalrcore` writes it. */
export async function openEventSocket(url: string, path: string): Promise<EventSocket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const headers = {
    Host: hostname,
    Accept: 'text/event-stream',
    'Cache-Control': 'no-cache',
    Connection: 'keep-alive',
  };
  let text = '';
  socket.on('data', (bytes) => {
    text += bytes;
  });
  socket.write(`GET ${path} HTTP/1.1\r\n${lines(headers)}\r\n`);
  const until = async (part: string) => {
    while (!text.includes(part)) await once(socket, 'data', { signal: AbortSignal.timeout(45_000) });
  };
  await until('\r\n\r\n');
  return {
    get text() {
      return text;
    },
    until,
    destroy: () => socket.destroy(),
  };
}

function lines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}
