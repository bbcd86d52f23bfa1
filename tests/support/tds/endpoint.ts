import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { TdsAnswer } from './answers.ts';
import { serveConnection, type TdsStatement } from './connection.ts';
import type { TdsLogin } from './login.ts';
import { openTlsGate } from './tls-gate.ts';
import type { TdsError } from './tokens.ts';

export type { TdsAnswer, TdsResult } from './answers.ts';
export type { TdsStatement } from './connection.ts';
export type { TdsLogin } from './login.ts';
export type { TdsError } from './tokens.ts';

export interface TdsEndpointOptions {
  /** @param signal aborted when the client no longer waits: by an attention, or because it has gone */
  readonly answer: (statement: TdsStatement, signal: AbortSignal) => TdsAnswer | Promise<TdsAnswer>;
  /** The errors for a login; null accepts it. Without this, every login is accepted. */
  readonly login?: (login: TdsLogin) => TdsError | readonly TdsError[] | null;
  /** Required by default; `off` offers no encryption. */
  readonly encryption?: 'required' | 'off';
  /** PEM; self-signed by default. */
  readonly certificate?: string;
  /** Any free one by default. */
  readonly port?: number;
}

/** Speaks as much of TDS 7.4 ([MS-TDS]) as a reading driver needs, on a local port. It is not a SQL engine. */
export interface TdsEndpoint {
  readonly port: number;
  /** The last 2,000 received statements, including the driver's own settings. */
  readonly statements: readonly TdsStatement[];
  readonly logins: readonly TdsLogin[];
  readonly openTransactions: number;
  /** Number of requests to cancel a statement. */
  readonly attentions: number;
  close(): Promise<void>;
}

/** Keeps a long-running endpoint from storing every statement. */
const MOST_STATEMENTS = 2_000;

export async function startTdsEndpoint(options: TdsEndpointOptions): Promise<TdsEndpoint> {
  const { answer, login = () => null, encryption = 'required' } = options;
  const gate = encryption === 'required' ? await openTlsGate(options.certificate) : null;
  const statements: TdsStatement[] = [];
  const logins: TdsLogin[] = [];
  const sockets = new Set<Socket>();
  const counts = { accepted: 0, attentions: 0, transactions: 0 };

  const server = createServer((socket) => {
    counts.accepted++;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    serveConnection(socket, counts.accepted, {
      gate,
      login(asked) {
        logins.push(asked);
        const refusal = login(asked);
        return refusal === null ? [] : [refusal].flat();
      },
      received(statement) {
        if (statements.push(statement) > MOST_STATEMENTS) statements.shift();
      },
      attention: () => counts.attentions++,
      transaction(change) {
        counts.transactions += change;
      },
      answer,
    });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();

  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    statements,
    logins,
    get openTransactions() {
      return counts.transactions;
    },
    get attentions() {
      return counts.attentions;
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
      await gate?.close();
    },
  };
}
