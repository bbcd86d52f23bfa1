import { ANONYMOUS } from '../../../../src/core/access/identity.ts';
import type { Hubs } from '../../../../src/core/hubs/hubs.ts';
import { Problem } from '../../../../src/core/problems.ts';
import { negotiatedToken, recordsIn } from '../../../support/signalr-wire.ts';

/** One connection over requests: the transports that are not WebSockets, as a script uses them. */
export interface RequestConnection {
  readonly id: string;
  /** A poll, or with `accept` a stream of events. */
  get(init?: RequestInit): Promise<Response>;
  post(body: string | Uint8Array<ArrayBuffer>): Promise<Response>;
  delete(): Promise<Response>;
  /** The records of the next poll. @throws Error when it is not answered with 200 */
  poll(): Promise<unknown[]>;
}

type Send = (request: Request) => Promise<Response>;

/**
 * A negotiated connection, over which nothing was sent.
 *
 * @param send how requests reach the server; over the network unless told otherwise
 */
export async function negotiateRequests(url: string, hub: string, send: Send = fetch): Promise<RequestConnection> {
  const id = await negotiatedToken(url, hub);
  const address = `${url}/hubs/${hub}?id=${id}`;
  const get = (init?: RequestInit) => send(new Request(address, init));
  return {
    id,
    get,
    post: (body) => send(new Request(address, { method: 'POST', body })),
    delete: () => send(new Request(address, { method: 'DELETE' })),
    async poll() {
      const answer = await get();
      if (answer.status !== 200) throw new Error(`The poll was answered with ${answer.status}`);
      const body = await answer.bytes();
      return body.byteLength === 0 ? [] : recordsIn(body);
    },
  };
}

/**
 * Hands requests to the hubs themselves: one is there as soon as it is sent, so that a test can tell what happens before
 * it and what after.
 */
export function sendWithin(hubs: Hubs, hub: string): Send {
  return async (request) => {
    try {
      return (await hubs.connect(hub, request, ANONYMOUS)) ?? new Response(null, { status: 101 });
    } catch (error) {
      if (error instanceof Problem) return new Response(null, { status: error.kind.status });
      throw error;
    }
  };
}

/** The events of a stream, as they come. */
export interface EventReader {
  /** The next piece of text, whatever it holds; undefined at the end. */
  piece(): Promise<string | undefined>;
  /** The records of the next event. @throws Error at the end */
  records(): Promise<unknown[]>;
  cancel(): Promise<void>;
}

export function readEvents(response: Response): EventReader {
  if (response.body === null) throw new Error('The answer has no body');
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  const piece = async () => {
    const { value } = await reader.read();
    return value === undefined ? undefined : decoder.decode(value, { stream: true });
  };
  return {
    piece,
    async records() {
      for (let end = rest.indexOf('\r\n\r\n'); end < 0; end = rest.indexOf('\r\n\r\n')) {
        const more = await piece();
        if (more === undefined) throw new Error(`The stream has ended: ${rest}`);
        rest += more;
      }
      const end = rest.indexOf('\r\n\r\n');
      const event = rest.slice(0, end);
      rest = rest.slice(end + 4);
      if (!event.startsWith('data: ')) throw new Error(`Not an event: ${event.slice(0, 100)}`);
      return recordsIn(event.slice('data: '.length));
    },
    cancel: () => reader.cancel(),
  };
}
