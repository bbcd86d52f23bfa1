import type { Socket } from 'node:net';
import { partsOf, sendResults, type TdsAnswer } from './answers.ts';
import { ENCRYPTION, preloginAnswer, readLogin, type TdsLogin } from './login.ts';
import { createMessageReader, type Message, PACKET, ProtocolError, packetsOf } from './packets.ts';
import { type Isolation, type Request, readRequest, type TdsParameter } from './requests.ts';
import type { TlsGate } from './tls-gate.ts';
import {
  bytesChange,
  CHANGE,
  COLLATION,
  DONE_STATUS,
  DONE_TOKEN,
  doneToken,
  errorToken,
  loginToken,
  type TdsError,
  textChange,
} from './tokens.ts';

/** A statement received by the endpoint. */
export interface TdsStatement {
  readonly sql: string;
  readonly parameters: readonly TdsParameter[];
  readonly kind: 'batch' | 'rpc';
  /** The number of the connection, from 1. */
  readonly connection: number;
  /** Of the transaction that it is in; null outside one. */
  readonly isolation: Isolation | null;
}

/** Callbacks of a connection. */
export interface ConnectionHost {
  readonly gate: TlsGate | null;
  /** An empty list accepts the login. */
  login(login: TdsLogin): readonly TdsError[];
  received(statement: TdsStatement): void;
  attention(): void;
  transaction(change: 1 | -1): void;
  answer(statement: TdsStatement, signal: AbortSignal): TdsAnswer | Promise<TdsAnswer>;
}

const PACKET_BYTES = 4_096;
/** From this severity, the server ends the connection. */
const FATAL = 20;
/** Error number of a cancelled statement. */
const NOTHING: TdsAnswer = { results: [] };
const DESCRIPTOR = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
/** Settings that the driver sends after the login. They return no rows. */
const SETTINGS = /^\s*set\s(?![\s\S]*\bselect\b)/i;

/** Serves one client until it disconnects. Never throws, whatever the client sends. */
export function serveConnection(client: Socket, number: number, host: ConnectionHost): void {
  const first = createMessageReader();
  client.on('error', () => {});
  const prelogin = (bytes: Buffer) => {
    try {
      const [message] = first.feed(bytes);
      if (message === undefined) return;
      if (message.type !== PACKET.PRELOGIN) throw new ProtocolError('No PRELOGIN');
      client.off('data', prelogin);
      const encryption = host.gate === null ? ENCRYPTION.notSupported : ENCRYPTION.on;
      client.write(packetsOf(PACKET.TABULAR_RESULT, preloginAnswer(encryption), PACKET_BYTES));
      if (host.gate === null) serveSession(client, number, false, host);
      else
        host.gate.lead(client, first.rest).then(
          (plain) => serveSession(plain, number, true, host),
          () => client.destroy(),
        );
    } catch {
      client.destroy();
    }
  };
  client.on('data', prelogin);
}

function serveSession(plain: Socket, number: number, encrypted: boolean, host: ConnectionHost): void {
  const reader = createMessageReader();
  let isIn = false;
  let isolation: Isolation | null = null;
  let running: AbortController | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  const send = (...tokens: Buffer[]) => {
    plain.write(packetsOf(PACKET.TABULAR_RESULT, Buffer.concat(tokens), PACKET_BYTES));
  };
  const endTransaction = () => {
    if (isolation !== null) host.transaction(-1);
    isolation = null;
  };

  const logIn = (message: Message) => {
    if (message.type !== PACKET.LOGIN7) throw new ProtocolError('No LOGIN7');
    const login = readLogin(message.payload, encrypted);
    const refusals = host.login(login);
    if (refusals.length > 0) {
      send(...refusals.map(errorToken), doneToken(DONE_TOKEN.done, DONE_STATUS.error));
      plain.end();
      return;
    }
    isIn = true;
    send(
      textChange(CHANGE.database, login.database),
      bytesChange(CHANGE.collation, COLLATION),
      textChange(CHANGE.packetSize, String(PACKET_BYTES)),
      loginToken(),
      doneToken(DONE_TOKEN.done, DONE_STATUS.final),
    );
  };

  const ask = async (request: Extract<Request, { sql: string }>): Promise<void> => {
    const parameters = request.kind === 'rpc' ? request.parameters : [];
    const statement = { sql: request.sql, parameters, kind: request.kind, connection: number, isolation };
    host.received(statement);
    const done = request.kind === 'rpc' ? DONE_TOKEN.procedure : DONE_TOKEN.done;
    if (request.kind === 'batch' && SETTINGS.test(request.sql)) {
      send(doneToken(done, DONE_STATUS.final));
      return;
    }
    const abort = new AbortController();
    running = abort;
    const { results, error } = partsOf((await outcomeOf(host, statement, abort.signal)) ?? NOTHING);
    const failure = error === undefined || abort.signal.aborted ? null : failed(error, done);
    await sendResults(plain, results, {
      ...{ kind: request.kind, packetBytes: PACKET_BYTES },
      ...{ failure, signal: abort.signal },
    });
    running = null;
    if (failure !== null && (error?.severity ?? 0) >= FATAL) plain.end();
  };

  /** The tokens of an error, which may have ended the transaction. */
  const failed = (error: TdsError, done: number): Buffer[] => {
    const ended = error.endsTransaction === true && isolation !== null;
    if (ended) endTransaction();
    const change = ended ? [bytesChange(CHANGE.rollback, Buffer.alloc(0), DESCRIPTOR)] : [];
    return [errorToken(error), ...change, doneToken(done, DONE_STATUS.error)];
  };

  const transact = (request: Extract<Request, { kind: 'begin' | 'commit' | 'rollback' }>) => {
    const none = Buffer.alloc(0);
    if (request.kind === 'begin') {
      endTransaction();
      isolation = request.isolation;
      host.transaction(1);
      send(bytesChange(CHANGE.begin, DESCRIPTOR, none), doneToken(DONE_TOKEN.done, DONE_STATUS.final));
      return;
    }
    endTransaction();
    send(bytesChange(CHANGE[request.kind], none, DESCRIPTOR), doneToken(DONE_TOKEN.done, DONE_STATUS.final));
  };

  const serve = async (message: Message): Promise<void> => {
    if (!isIn) {
      logIn(message);
      return;
    }
    const request = readRequest(message);
    if ('sql' in request) await ask(request);
    else if (request.kind === 'procedure') {
      const error = { number: 2812, message: `Could not find stored procedure '${request.name}'.` };
      send(...failed(error, DONE_TOKEN.procedure));
    } else transact(request);
  };

  plain.on('error', () => {});
  plain.on('data', (bytes) => {
    try {
      for (const message of reader.feed(bytes)) {
        if (message.type === PACKET.ATTENTION) {
          host.attention();
          running?.abort();
          turn = turn.then(() => send(doneToken(DONE_TOKEN.done, DONE_STATUS.attention)));
        } else {
          turn = turn.then(() => serve(message)).catch(() => plain.destroy());
        }
      }
    } catch {
      plain.destroy();
    }
  });
  plain.on('close', () => {
    running?.abort();
    endTransaction();
  });
}

/** Null if it was cancelled. */
async function outcomeOf(
  host: ConnectionHost,
  statement: TdsStatement,
  signal: AbortSignal,
): Promise<TdsAnswer | null> {
  const stopped = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  const answered = async (): Promise<TdsAnswer | null> => {
    try {
      return await host.answer(statement, signal);
    } catch (error) {
      return signal.aborted ? null : { error: { number: 50_000, message: String(error) } };
    }
  };
  return Promise.race([answered(), stopped]);
}
