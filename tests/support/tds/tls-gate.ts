import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { listenLocally } from '../listen-locally.ts';
import { TEST_CERTIFICATE, TEST_KEY } from './certificate.ts';
import { createMessageReader, PACKET, ProtocolError, packetsOf } from './packets.ts';

/** Passes encrypted connections through a local TLS server. */
export interface TlsGate {
  /**
   * Takes a client's bytes from here on: first the handshake, which TDS wraps in PRELOGIN packets ([MS-TDS] 3.3.5.1),
   * then TLS alone.
   *
   * @param first what the client has sent already
   * @returns the other side, where what it says is plain
   */
  lead(client: Socket, first: Buffer): Promise<Socket>;
  close(): Promise<void>;
}

/** The first byte of a TLS record that carries data, which no TDS packet begins with (RFC 8446, section 5.1). */
const APPLICATION_DATA = 0x17;
const HANDSHAKE_WITHIN_MS = 5_000;
const WRAPPED_BYTES = 4_096;

/** @param certificate PEM of one for the key of the tests */
export async function openTlsGate(certificate = TEST_CERTIFICATE): Promise<TlsGate> {
  const waiting = new Map<number, (secure: TLSSocket) => void>();
  // With TLS 1.2 the server sends nothing after the handshake until it is asked, so the wrapping ends at one point.
  const server = createServer({ cert: certificate, key: TEST_KEY, maxVersion: 'TLSv1.2' }, (secure) => {
    secure.on('error', () => {});
    const arrived = waiting.get(secure.remotePort ?? 0);
    if (arrived === undefined) secure.destroy();
    else arrived(secure);
  });
  server.on('tlsClientError', () => {});
  const port = await listenLocally(server);

  return {
    async lead(client, first) {
      // Bytes that arrive before a listener is attached would be lost.
      client.pause();
      const inner = connect({ host: '127.0.0.1', port });
      inner.on('error', () => client.destroy());
      await once(inner, 'connect');
      const local = inner.localPort ?? 0;
      const secure = Promise.withResolvers<TLSSocket>();
      waiting.set(local, secure.resolve);
      const patience = setTimeout(() => inner.destroy(), HANDSHAKE_WITHIN_MS);
      client.on('close', () => inner.destroy());
      inner.on('close', () => {
        secure.reject(new ProtocolError('The handshake did not come to its end'));
        client.destroy();
      });
      pump(client, inner, first);
      try {
        return await secure.promise;
      } finally {
        clearTimeout(patience);
        waiting.delete(local);
      }
    },
    async close() {
      server.close();
      await once(server, 'close');
    },
  };
}

function pump(client: Socket, inner: Socket, first: Buffer): void {
  const reader = createMessageReader();
  let isBare = false;
  const fromClient = (bytes: Buffer) => {
    if (bytes.length === 0) return;
    isBare ||= reader.rest.length === 0 && bytes[0] === APPLICATION_DATA;
    if (isBare) {
      inner.write(bytes);
      return;
    }
    try {
      for (const { type, payload } of reader.feed(bytes)) {
        if (type !== PACKET.PRELOGIN) throw new ProtocolError(`A handshake of type 0x${type.toString(16)}`);
        inner.write(payload);
      }
    } catch {
      client.destroy();
    }
  };
  inner.on('data', (bytes) => {
    client.write(isBare ? bytes : packetsOf(PACKET.PRELOGIN, bytes, WRAPPED_BYTES));
  });
  client.on('data', fromClient);
  fromClient(first);
  client.resume();
}
