import { isRecord, parseJson } from '../../runtime/json.ts';
import type { Transport } from '../channel.ts';
import { RECORD_SEPARATOR, TextRecords } from '../protocols/signalr-json.ts';
import { MalformedRecordError } from './records.ts';

/** What a client asks for in its first record (HubProtocol.md, "Overview"). */
export interface HandshakeRequest {
  readonly protocol: 'json' | 'messagepack';
}

/** The answer to a handshake that is refused; the connection then ends. */
export class HandshakeError extends Error {
  override readonly name = 'HandshakeError';
}

/** How long a client may take for its handshake, ms. */
export const HANDSHAKE_TIMEOUT_MS = 15_000;

/** In a frame of its own: a client that reconnects statefully miscounts where an event shares it. */
export const HANDSHAKE_ACCEPTED = `{}${RECORD_SEPARATOR}`;

/**
 * The highest version of the hub protocol: 2 with stateful reconnect. As with ASP.NET Core, every version up to it is
 * taken: clients in Python send 0.
 */
const HIGHEST_VERSION = 2;

export function handshakeRefused(error: string): string {
  return JSON.stringify({ error }) + RECORD_SEPARATOR;
}

/** Reads the first record of a connection, in pieces of any size. It is JSON for every protocol. */
export class HandshakeReader {
  readonly #records = new TextRecords();

  /**
   * @returns the request and the bytes behind it; undefined while the record is incomplete
   * @throws HandshakeError with the message for the client
   */
  read(piece: string | Uint8Array): { readonly request: HandshakeRequest; readonly rest: Piece } | undefined {
    // Binary records may follow the handshake.
    const [head, rest] = splitAfterRecord(piece);
    const record = this.#recordIn(head);
    return record === undefined ? undefined : { request: parseHandshake(record), rest };
  }

  #recordIn(head: Piece): string | undefined {
    try {
      return [...this.#records.push(head)][0];
    } catch (error) {
      throw error instanceof MalformedRecordError ? new HandshakeError(error.message) : error;
    }
  }
}

type Piece = string | Uint8Array;

const SEPARATOR_BYTE = RECORD_SEPARATOR.charCodeAt(0);

/** A piece of input up to the end of its first record, and what is behind that. */
function splitAfterRecord(piece: Piece): [head: Piece, rest: Piece] {
  if (typeof piece === 'string') {
    const at = piece.indexOf(RECORD_SEPARATOR);
    const end = at < 0 ? piece.length : at + 1;
    return [piece.slice(0, end), piece.slice(end)];
  }
  const at = piece.indexOf(SEPARATOR_BYTE);
  const end = at < 0 ? piece.byteLength : at + 1;
  return [piece.subarray(0, end), piece.subarray(end)];
}

function parseHandshake(record: string): HandshakeRequest {
  const request = parse(record);
  if (typeof request.protocol !== 'string' || typeof request.version !== 'number') {
    throw new HandshakeError('The first record must be a handshake: {"protocol":"json","version":1}');
  }
  const { version } = request;
  const protocol = request.protocol.toLowerCase();
  if (protocol !== 'json' && protocol !== 'messagepack') {
    throw new HandshakeError(`The protocol '${request.protocol.slice(0, 50)}' is not supported.`);
  }
  if (!Number.isInteger(version) || version > HIGHEST_VERSION) {
    throw new HandshakeError(`The server does not support version ${version} of the '${protocol}' protocol.`);
  }
  return { protocol };
}

/** @throws HandshakeError where a transport cannot carry the bytes of a protocol */
export function refuseUnlessCarried(protocol: HandshakeRequest['protocol'], transport: Transport): void {
  if (protocol === 'json' || transport !== 'serverSentEvents') return;
  throw new HandshakeError(
    `Cannot use the '${protocol}' protocol on the current transport. The transport does not support 'Binary' transfer format.`,
  );
}

/** Whether the first frame of a client of unknown dialect begins a handshake. */
export function beginsHandshake(frame: string | Uint8Array): boolean {
  const text = typeof frame === 'string' ? frame : Buffer.from(frame).toString();
  const [first] = text.split(RECORD_SEPARATOR, 1);
  if (first === undefined || first.length === text.length) return false;
  const { protocol, type } = parse(first);
  return protocol !== undefined && type === undefined;
}

function parse(text: string): { readonly protocol?: unknown; readonly version?: unknown; readonly type?: unknown } {
  const value = parseJson(text);
  return isRecord(value) ? value : {};
}
