/**
 * The records of the SignalR hub protocol, before an encoding makes bytes of them (HubProtocol.md, "Overview"). Their
 * numbers are the ones on the wire.
 */
export const RECORD = {
  invocation: 1,
  streamItem: 2,
  completion: 3,
  streamInvocation: 4,
  cancelInvocation: 5,
  ping: 6,
  close: 7,
  ack: 8,
  sequence: 9,
} as const;

/** A value that goes out: its JSON text is made once, however many records and clients it is for. */
export interface Payload {
  readonly value: unknown;
  json(): string;
}

/** A payload whose JSON text is made when it is first asked for, or is there already. */
export function payload(value: unknown, text?: string): Payload {
  let made = text;
  return {
    value,
    json() {
      made ??= JSON.stringify(value);
      return made;
    },
  };
}

/** What the server sends. */
export type ServerRecord =
  | { readonly type: typeof RECORD.invocation; readonly target: string; readonly argument: Payload }
  | { readonly type: typeof RECORD.streamItem; readonly invocationId: string; readonly item: Payload }
  | { readonly type: typeof RECORD.completion; readonly invocationId: string; readonly error?: string }
  | { readonly type: typeof RECORD.ping }
  | { readonly type: typeof RECORD.close; readonly error?: string; readonly allowReconnect?: boolean }
  | { readonly type: typeof RECORD.ack; readonly sequenceId: number }
  | { readonly type: typeof RECORD.sequence; readonly sequenceId: number };

/** What a client sends. Arguments are not read: every method of every hub ignores them. */
export type ClientRecord =
  | {
      readonly type: typeof RECORD.invocation;
      /** Absent: the client wants no answer ("Non-Blocking Invocations"). */
      readonly invocationId?: string;
      readonly target: string;
    }
  | { readonly type: typeof RECORD.streamInvocation; readonly invocationId: string; readonly target: string }
  | { readonly type: typeof RECORD.streamItem; readonly invocationId: string }
  | { readonly type: typeof RECORD.completion; readonly invocationId: string }
  | { readonly type: typeof RECORD.cancelInvocation; readonly invocationId: string }
  | { readonly type: typeof RECORD.ping }
  | { readonly type: typeof RECORD.close; readonly error?: string }
  | { readonly type: typeof RECORD.ack; readonly sequenceId: number }
  | { readonly type: typeof RECORD.sequence; readonly sequenceId: number };

/** Bytes that are not a record: the connection ends, since the start of the next record is unknown. */
export class MalformedRecordError extends Error {
  override readonly name = 'MalformedRecordError';
}

/** The largest record that is read, and so the most that is kept of one that has not ended, bytes. */
export const LARGEST_RECORD_BYTES = 64 * 1024;

/** Records as bytes, and bytes as records; one decoder a connection, since a record may come in several pieces. */
export interface RecordEncoding {
  /** As the handshake names it. */
  readonly name: 'json' | 'messagepack';
  /** Records one after the other: they may share a frame. */
  encode(records: readonly ServerRecord[]): string | Uint8Array;
  createDecoder(): RecordDecoder;
}

export interface RecordDecoder {
  /**
   * The records that a piece of input completes; null stands for one of a type that is not known, which is ignored. Each
   * is read when it is asked for, so that those before one that is malformed still count; all have to be asked for.
   *
   * @throws MalformedRecordError
   */
  push(piece: string | Uint8Array): Iterable<ClientRecord | null>;
}
