import { decode, encode } from '@msgpack/msgpack';
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

/** HubProtocol.md, "MessagePack (MsgPack) encoding": each record behind its length, as a variable-length integer. */
export const signalrMessagePack: RecordEncoding = {
  name: 'messagepack',
  encode: (records) => Buffer.concat(records.flatMap((record) => withLength(encode(fieldsOf(record))))),
  createDecoder: createMessagePackDecoder,
};

/** The kind of a completion that carries an error, and of one that carries nothing. */
const ERROR_RESULT = 1;
const VOID_RESULT = 2;

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
  let buffered: Uint8Array = new Uint8Array(0);
  return {
    push(piece) {
      if (typeof piece === 'string') throw new MalformedRecordError('MessagePack records come in binary frames');
      buffered = buffered.byteLength === 0 ? piece : Buffer.concat([buffered, piece]);
      const records: (ClientRecord | null)[] = [];
      let offset = 0;
      for (let span = nextRecord(buffered, offset); span !== undefined; span = nextRecord(buffered, offset)) {
        records.push(decodeRecord(buffered.subarray(span.start, span.end)));
        offset = span.end;
      }
      // A copy, so that what is kept of an unfinished record does not hold the whole frame it came in.
      buffered = buffered.slice(offset);
      return records;
    },
  };
}

/** Where the next whole record lies; undefined where it has not all come. */
function nextRecord(bytes: Uint8Array, offset: number): { start: number; end: number } | undefined {
  let length = 0;
  for (let index = 0; index < 5; index++) {
    const byte = bytes[offset + index];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (length > LARGEST_RECORD_BYTES) {
      throw new MalformedRecordError(`A record may have at most ${LARGEST_RECORD_BYTES} bytes`);
    }
    if (byte < 0x80) {
      const start = offset + index + 1;
      return start + length <= bytes.byteLength ? { start, end: start + length } : undefined;
    }
  }
  throw new MalformedRecordError('The length of a record has at most 5 bytes');
}

function decodeRecord(body: Uint8Array): ClientRecord | null {
  const fields = decodeFields(body);
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

function decodeFields(body: Uint8Array): readonly unknown[] {
  let value: unknown;
  try {
    value = decode(body, { useBigInt64: false });
  } catch {
    throw new MalformedRecordError('A record is not MessagePack');
  }
  if (Array.isArray(value)) return value;
  throw new MalformedRecordError('A record is a MessagePack array');
}
