import { connect } from 'node:net';

/** Sends a request unchanged. @returns the first line of the answer; empty if the connection ends without one */
export function firstLineOf(url: string, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      if (answer.includes('\r\n')) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer.split('\r\n', 1)[0] ?? ''));
  });
}

/** A raw response: no redirects, no decompression. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/**
 * Sends a request unchanged and returns the whole response. The request must ask to close the connection.
 *
 * @throws Error where the connection ends without an answer
 */
export async function rawAnswer(url: string, request: string): Promise<RawAnswer> {
  const { answer } = await sendRequest(url, request);
  return await answer;
}

/**
 * Sends a request unchanged. Resolves when the kernel has all of it, whether or not the server has read it. The request
 * must ask to close the connection.
 *
 * @returns the whole response; an Error where the connection ends without an answer
 */
export async function sendRequest(url: string, request: string): Promise<{ readonly answer: Promise<RawAnswer> }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const answer = new Promise<RawAnswer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
    socket.on('error', reject);
    socket.on('close', () => {
      const parsed = parseAnswer(Buffer.concat(chunks));
      if (parsed === undefined) reject(new Error(`No answer to ${request.split('\r\n', 1)[0]}`));
      else resolve(parsed);
    });
  });
  const sent = new Promise<void>((resolve) => socket.write(request, () => resolve()));
  // A server that answers before it has read everything may end the connection.
  await Promise.race([sent, answer]);
  return { answer };
}

/** Undefined if its headers do not end. */
function parseAnswer(answer: Buffer): RawAnswer | undefined {
  const end = answer.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = answer.subarray(0, end).toString('latin1').split('\r\n');
  const headers = new Headers();
  for (const line of lines) headers.append(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim());
  return { status: Number(first.split(' ')[1]), headers, body: answer.subarray(end + 4) };
}

/** The request that upgrades a connection to a WebSocket (RFC 6455, section 4.1). */
export function upgradeRequest(path: string, headers: Readonly<Record<string, string>> = {}): string {
  const all = {
    host: 'localhost',
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
