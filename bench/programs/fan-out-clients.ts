import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { answerRequests } from '../support/answer.ts';

/**
 * WebSocket clients that do only what their server's protocol requires, and count received events. Arguments: number of
 * clients, protocol, address.
 */
const [count = '0', protocol = '', url = ''] = process.argv.slice(2);

/** What a client of a protocol sends, and how it recognizes events. */
interface Protocol {
  /** The first frame, if the client starts. */
  readonly hello?: string;
  /** The answer to a frame, if any. */
  answer?(frame: string): string | undefined;
  isReady(frame: string): boolean;
  /** The keep-alive frame, if the client has to send one. */
  readonly ping?: string;
}

const SIGNALR: Protocol = {
  hello: '{"protocol":"json","version":1}\u001e',
  isReady: (frame) => frame.startsWith('{}'),
  ping: '{"type":6}\u001e',
};

/** Engine.IO 4 with Socket.IO 5 inside: open, connect, and the server's ping. */
const SOCKET_IO: Protocol = {
  answer: (frame) => (frame.startsWith('0') ? '40' : frame === '2' ? '3' : undefined),
  isReady: (frame) => frame.startsWith('40'),
};

const PROTOCOLS: Readonly<Record<string, Protocol>> = { signalr: SIGNALR, 'socket.io': SOCKET_IO };

const PING_INTERVAL_MS = 10_000;
/** Longer than any frame of the protocols themselves. */
const EVENT_LENGTH = 5_000;
/** More at once would overflow the server's accept queue. */
const AT_ONCE = 100;

const speaks = PROTOCOLS[protocol];
const sockets: WebSocket[] = [];
let events = 0;
let newest = '';
let wanted: { readonly total: number; resolve(newest: string): void; reject(error: Error): void } | undefined;

const look = () => {
  if (wanted === undefined || events < wanted.total) return;
  wanted.resolve(newest);
  wanted = undefined;
};

const connect = () =>
  new Promise<void>((resolve, reject) => {
    const socket = new WebSocket(url);
    sockets.push(socket);
    socket.addEventListener('open', () => {
      if (speaks === undefined) resolve();
      else if (speaks.hello !== undefined) socket.send(speaks.hello);
    });
    socket.addEventListener('close', ({ code }) => {
      const error = new Error(`closed with ${code}`);
      reject(error);
      wanted?.reject(error);
    });
    socket.addEventListener('message', ({ data }) => {
      const frame = String(data);
      if (frame.length > EVENT_LENGTH) {
        events++;
        newest = frame;
        look();
        return;
      }
      const answer = speaks?.answer?.(frame);
      if (answer !== undefined) socket.send(answer);
      if (speaks?.isReady(frame)) resolve();
    });
  });

answerRequests({
  async connect() {
    for (let opened = 0; opened < Number(count); opened += AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, Number(count) - opened) }, connect));
    }
  },
  /** Waits until all clients together have received this many events; returns the last. */
  events: (total) =>
    new Promise<string>((resolve, reject) => {
      wanted = { total: Value.Parse(Type.Integer(), total), resolve, reject };
      look();
    }),
});

setInterval(() => {
  if (speaks?.ping !== undefined) for (const socket of sockets) socket.send(speaks.ping);
}, PING_INTERVAL_MS);
