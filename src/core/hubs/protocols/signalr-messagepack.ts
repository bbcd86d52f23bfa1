import { encode } from '@msgpack/msgpack';
import { clientRecord } from '../signalr/client-record.ts';
import {
  type ClientRecord,
  LARGEST_RECORD_BYTES,
  MalformedRecordError,
  RECORD,
  type RecordDecoder,
  type RecordEncoding,
  type ServerRecord,
} from '../signalr/records.ts';
import { ByteBuffer } from './byte-buffer.ts';
import { type Field, MessagePackError, readFields } from './messagepack-fields.ts';

/** HubProtocol.md, "MessagePack (MsgPack) encoding": each record behind its length, as a variable-length integer. */
export const signalrMessagePack: RecordEncoding = {
  name: 'messagepack',
  encode: (records) => Buffer.concat(records.flatMap((record) => withLength(encode(fieldsOf(record))))),
  createDecoder: createMessagePackDecoder,
};

/** The kind of a completion that carries an error, and of one that carries nothing. */
const ERROR_RESULT = 1;
const VOID_RESULT = 2;
/** A length is a 32-bit number, 7 bits a byte. */
const LONGEST_LENGTH_BYTES = 5;
/** Type, headers, invocation id and target: the arguments that follow are not read. */
const FIELDS_READ = 4;

function fieldsOf(record: ServerRecord): unknown[] {
  switch (record.type) {
    case RECORD.invocation:
      return [record.type, {}, null, record.target, [record.argument.value], []];
    case RECORD.streamItem:
      return [record.type, {}, record.invocationId, record.item.value];
    case RECORD.completion:
      return record.error === undefined
        ? [record.type, {}, record.invocationId, VOID_RESULT]
        : [record.type, {}, record.invocationId, ERROR_RESULT, record.error];
    case RECORD.ping:
      return [record.type];
    case RECORD.close:
      return [record.type, record.error ?? null, record.allowReconnect ?? false];
    case RECORD.ack:
    case RECORD.sequence:
      return [record.type, record.sequenceId];
  }
}

function withLength(body: Uint8Array): [Uint8Array, Uint8Array] {
  const length: number[] = [];
  let rest = body.byteLength;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    length.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return [Uint8Array.from(length), body];
}

function createMessagePackDecoder(): RecordDecoder {
  const unread = new ByteBuffer();
  let needed = 1;
  return {
    *push(piece) {
      if (typeof piece === 'string') throw new MalformedRecordError('MessagePack records come in binary frames');
      unread.append(piece);
      while (unread.length >= needed) {
        const span = firstRecord(unread.bytes);
        needed = span?.end ?? unread.length + 1;
        if (span === undefined || unread.length < needed) break;
        const body = unread.bytes.slice(span.start, span.end);
        unread.dropFirst(span.end);
        needed = 1;
        yield decodeRecord(body);
      }
      unread.compact();
    },
  };
}

/** The span of the first record, complete or not; undefined while its length is incomplete. */
function firstRecord(bytes: Uint8Array): { readonly start: number; readonly end: number } | undefined {
  let length = 0;
  for (let index = 0; index < LONGEST_LENGTH_BYTES; index++) {
    const byte = bytes[index];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (length > LARGEST_RECORD_BYTES) {
      throw new MalformedRecordError(`A record may have at most ${LARGEST_RECORD_BYTES} bytes`);
    }
    if (byte < 0x80) return { start: index + 1, end: index + 1 + length };
  }
  throw new MalformedRecordError(`The length of a record has at most ${LONGEST_LENGTH_BYTES} bytes`);
}

function decodeRecord(body: Uint8Array): ClientRecord | null {
  const fields = fieldsIn(body);
  const [type] = fields;
  switch (type) {
    case RECORD.ping:
      return clientRecord({ type });
    case RECORD.close:
      return clientRecord({ type, error: fields[1] });
    case RECORD.ack:
    case RECORD.sequence:
      return clientRecord({ type, sequenceId: fields[1] });
    default:
      return clientRecord({ type, invocationId: fields[2], target: fields[3] });
  }
}

function fieldsIn(body: Uint8Array): readonly Field[] {
  try {
    return readFields(body, FIELDS_READ);
  } catch (error) {
    if (error instanceof MessagePackError) throw new MalformedRecordError('A record is not a MessagePack array');
    throw error;
  }
}
