/** What the client needs of the program that it runs in. Tests bring their own. */
export interface Environment {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds since some fixed moment; only ever grows. */
  elapsed(): number;
  /** @returns cancels it */
  schedule(delayMs: number, run: () => void): () => void;
  /** From 0 to 1. */
  random(): number;
  openSocket(url: string, events: SocketEvents): Socket;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /**
   * Calls back when time may have passed unnoticed, or the network may have changed.
   *
   * @returns stops calling
   */
  onWake(wake: () => void): () => void;
}

export interface SocketEvents {
  readonly opened: () => void;
  readonly received: (data: unknown) => void;
  /** @param code RFC 6455, section 7.4; 1006 without a close frame, and where the upgrade was refused */
  readonly closed: (code: number) => void;
}

export interface Socket {
  send(text: string): void;
  /** Ends it; nothing is called back any more. */
  abandon(): void;
}

/** A browser, Node 22 or later, Bun, or Deno. */
export const systemEnvironment: Environment = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  schedule(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
  fetch: (url, init) => fetch(url, init),
  openSocket,
  onWake: listenForWakeUps,
};

const NORMAL_CLOSURE = 1000;

function openSocket(url: string, { opened, received, closed }: SocketEvents): Socket {
  const socket = new WebSocket(url);
  const listening = new AbortController();
  const { signal } = listening;
  socket.addEventListener('open', () => opened(), { signal });
  socket.addEventListener('message', ({ data }) => received(data), { signal });
  socket.addEventListener('close', ({ code }) => closed(code), { signal });
  return {
    send: (text) => socket.send(text),
    abandon() {
      listening.abort();
      socket.close(NORMAL_CLOSURE);
    },
  };
}

/**
 * A laptop wakes, a tab is shown again, a page comes out of the browser's cache, the network is back. `offline` too: a
 * connection that is gone is found out sooner, and one to this machine goes on.
 */
function listenForWakeUps(wake: () => void): () => void {
  const shown = () => {
    if (Reflect.get(Object(page), 'visibilityState') !== 'hidden') wake();
  };
  const page: unknown = Reflect.get(globalThis, 'document');
  const sources = [
    { target: page, event: 'visibilitychange', listener: shown },
    ...['online', 'offline', 'pageshow'].map((event) => ({ target: globalThis, event, listener: wake })),
  ];
  for (const { target, event, listener } of sources) {
    if (target instanceof EventTarget) target.addEventListener(event, listener);
  }
  return () => {
    for (const { target, event, listener } of sources) {
      if (target instanceof EventTarget) target.removeEventListener(event, listener);
    }
  };
}
