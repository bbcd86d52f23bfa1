import { createServer, type Socket } from 'node:net';
import tls from 'node:tls';
import { listenLocally } from './listen-locally.ts';
import { TEST_CERTIFICATE, TEST_KEY } from './tds/certificate.ts';

/** A server without a protocol: the test handles each connection. */
export interface LocalAcceptor extends AsyncDisposable {
  readonly port: number;
}

/**
 * Accepts connections on a free port of this machine. They end with the server.
 *
 * @param take what to do with a connection; nothing makes a server that accepts and stays silent
 */
export async function acceptLocally(
  take: (socket: Socket) => void,
  { isEncrypted = false }: { readonly isEncrypted?: boolean } = {},
): Promise<LocalAcceptor> {
  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => {
    sockets.add(socket.on('error', () => {}));
    take(socket);
  };
  const server = isEncrypted
    ? tls.createServer({ cert: TEST_CERTIFICATE, key: TEST_KEY }, accept)
    : createServer(accept);
  server.on('tlsClientError', () => {});
  return {
    port: await listenLocally(server),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}
