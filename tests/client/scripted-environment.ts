import type { Environment, SocketEvents } from '../../src/client/environment.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';

/** A socket whose server is the test. */
export interface ScriptedSocket extends SocketEvents {
  readonly url: URL;
  /** Frames that the client sent. */
  readonly sent: string[];
  isAbandoned: boolean;
  /** Lets it open, and the client see a frame of the server. */
  frame(frame: Readonly<Record<string, unknown>>): void;
}

export interface ScriptedEnvironment extends Environment {
  readonly clock: VirtualClock;
  /** Every socket so far, the oldest first. */
  readonly sockets: readonly ScriptedSocket[];
  /** @throws Error if there is none */
  lastSocket(): ScriptedSocket;
  /** What the next random numbers are. */
  randomIs(value: number): void;
  /** Addresses that were asked over HTTP, with their Authorization. */
  readonly requests: readonly { readonly url: string; readonly authorization: string | undefined }[];
  /** How requests are answered; none is unless told otherwise. */
  answerWith(answer: (url: URL) => Response | Promise<Response>): void;
  /** Whether a socket may not even be made, as where a page over TLS names a server without. */
  refuseSockets(refuses: boolean): void;
  wake(): void;
  readonly isListening: boolean;
}

/** An environment in which time stands still, and in which nothing happens by itself. */
export function scriptedEnvironment(): ScriptedEnvironment {
  const clock = createVirtualClock();
  const sockets: ScriptedSocket[] = [];
  const requests: { url: string; authorization: string | undefined }[] = [];
  const wakes = new Set<() => void>();
  let random = 0.5;
  let refusesSockets = false;
  let answer: (url: URL) => Response | Promise<Response> = () => Promise.reject(new TypeError('fetch failed'));
  return {
    clock,
    now: clock.now,
    elapsed: clock.elapsed,
    schedule: clock.schedule,
    random: () => random,
    sockets,
    requests,
    lastSocket() {
      const socket = sockets.at(-1);
      if (socket === undefined) throw new Error('No socket was opened');
      return socket;
    },
    randomIs(value) {
      random = value;
    },
    answerWith(how) {
      answer = how;
    },
    refuseSockets(refuses) {
      refusesSockets = refuses;
    },
    openSocket(url, events) {
      if (refusesSockets) throw new DOMException('An insecure WebSocket', 'SecurityError');
      const socket: ScriptedSocket = {
        ...events,
        url: new URL(url),
        sent: [],
        isAbandoned: false,
        frame: (frame) => events.received(JSON.stringify(frame)),
      };
      sockets.push(socket);
      return {
        send: (text) => socket.sent.push(text),
        abandon() {
          socket.isAbandoned = true;
        },
      };
    },
    async fetch(url, { headers }) {
      requests.push({ url, authorization: new Headers(headers).get('authorization') ?? undefined });
      return answer(new URL(url));
    },
    onWake(wake) {
      wakes.add(wake);
      return () => wakes.delete(wake);
    },
    wake() {
      for (const wake of wakes) wake();
    },
    get isListening() {
      return wakes.size > 0;
    },
  };
}
