import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { listenLocally } from './listen-locally.ts';

/** A proxy between client and server that fails on request of a test. */
export interface TcpProxy {
  /** Address for clients, `http://…`. It stays the same when the server behind it changes. */
  readonly url: string;
  readonly port: number;
  /** Connects new clients to this server; null refuses them. */
  forwardTo(url: string | null): void;
  /** Accepts new connections but forwards nothing until the returned function is called. */
  hold(): () => void;
  /** Cuts every connection immediately on both sides. */
  cut(): void;
  /**
   * Forwards this many more bytes to the clients, then cuts.
   *
   * @returns resolves when it has cut
   */
  cutAfter(bytes: number): Promise<void>;
  /** Holds back what the server sends until the returned function is called; connections stay open. */
  stall(): () => void;
  /** Limits the bytes per second to each client until the returned function is called. */
  slowDown(bytesPerSecond: number): () => void;
  /** Flips a bit in every byte that the server sends until the returned function is called. */
  garble(): () => void;
  /** Number of accepted connections. */
  readonly accepted: number;
  close(): Promise<void>;
}

/** How bytes to a client are treated. */
type Treatment = (bytes: Buffer, write: (treated: Buffer) => void, client: Socket) => Promise<void> | void;

/** Forwards byte by byte until the client disconnects. */
function drip(bytesPerSecond: number): Treatment {
  return async (bytes, write, client) => {
    for (const byte of bytes) {
      if (client.destroyed) return;
      write(Buffer.of(byte));
      await setTimeout(1000 / bytesPerSecond);
    }
  };
}

export async function startTcpProxy(target: string): Promise<TcpProxy> {
  let forward: string | null = target;
  let gate: Promise<void> = Promise.resolve();
  let accepted = 0;
  let treat: Treatment = (bytes, write) => write(bytes);
  let stalled: Promise<void> | undefined;
  let budget: { left: number; readonly cut: () => void } | undefined;
  const sockets = new Set<Socket>();

  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  };
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const passOn = (client: Socket, bytes: Buffer) => {
    if (budget === undefined) {
      client.write(bytes);
      return;
    }
    const passed = bytes.subarray(0, budget.left);
    budget.left -= passed.length;
    const { left, cut: cutNow } = budget;
    // Forwarded bytes must arrive before the end.
    client.write(passed, () => {
      if (left === 0) cutNow();
    });
  };
  const join = async (client: Socket) => {
    await gate;
    if (forward === null || client.destroyed) {
      client.destroy();
      return;
    }
    const { hostname, port } = new URL(forward);
    const server = connect({ host: hostname, port: Number(port) });
    keep(server);
    // One after the other, since a treatment may take time.
    let passed: Promise<void> = Promise.resolve();
    server.on('data', (bytes) => {
      passed = passed.then(() => stalled).then(() => treat(bytes, (treated) => passOn(client, treated), client));
    });
    client.on('data', (bytes) => server.write(bytes));
    client.resume();
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
  };

  const listener = createServer({ pauseOnConnect: true }, (client) => {
    accepted++;
    keep(client);
    join(client).catch(() => client.destroy());
  });
  const treatWith = (treatment: Treatment) => {
    const before = treat;
    treat = treatment;
    return () => {
      treat = before;
    };
  };
  const port = await listenLocally(listener);

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    forwardTo(url) {
      forward = url;
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    cut,
    stall() {
      const { promise, resolve } = Promise.withResolvers<void>();
      stalled = promise;
      return () => {
        stalled = undefined;
        resolve();
      };
    },
    slowDown: (bytesPerSecond) => treatWith(drip(bytesPerSecond)),
    garble: () => treatWith((bytes, write) => write(Buffer.from(bytes.map((byte) => byte ^ 1)))),
    cutAfter(bytes) {
      const { promise, resolve } = Promise.withResolvers<void>();
      budget = {
        left: bytes,
        cut() {
          budget = undefined;
          cut();
          resolve();
        },
      };
      return promise;
    },
    get accepted() {
      return accepted;
    },
    async close() {
      listener.close();
      cut();
      await once(listener, 'close');
    },
  };
}
