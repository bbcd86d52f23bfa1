import { isRecord, parseJson } from '../../runtime/json.ts';
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

/** Ends every JSON record (HubProtocol.md, "JSON Encoding"). */
export const RECORD_SEPARATOR = '\u001e';

/** HubProtocol.md, "JSON Encoding". */
export const signalrJson: RecordEncoding = {
  name: 'json',
  encode: (records) => records.map((record) => encodeRecord(record) + RECORD_SEPARATOR).join(''),
  createDecoder: createJsonDecoder,
};

/** Payloads are inserted as the JSON text that exists already. */
function encodeRecord(record: ServerRecord): string {
  switch (record.type) {
    case RECORD.invocation:
      return `{"type":1,"target":${JSON.stringify(record.target)},"arguments":[${record.argument.json()}]}`;
    case RECORD.streamItem:
      return `{"type":2,"invocationId":${JSON.stringify(record.invocationId)},"item":${record.item.json()}}`;
    default:
      return JSON.stringify(record);
  }
}

const SEPARATOR_BYTE = RECORD_SEPARATOR.charCodeAt(0);
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Splits what a client sends into the texts of records. Exported for the handshake, which is JSON in every protocol. */
export class TextRecords {
  readonly #unread = new ByteBuffer();
  /** No record ends before this index. */
  #searched = 0;

  /**
   * The texts of the records that a piece completes. Each is read when it is asked for, so that those before one that is
   * malformed still count; all have to be asked for.
   *
   * @throws MalformedRecordError when a record grows beyond what is read, or is no text
   */
  *push(piece: string | Uint8Array): Generator<string, void, void> {
    this.#unread.append(typeof piece === 'string' ? Buffer.from(piece) : piece);
    for (let end = this.#end(); end >= 0; end = this.#end()) {
      const text = decodeUtf8(this.#unread.bytes.subarray(0, end));
      this.#unread.dropFirst(end + 1);
      this.#searched = 0;
      yield text;
    }
    this.#searched = this.#unread.length;
    this.#unread.compact();
  }

  /** Where the first record ends; -1 while it is incomplete. */
  #end(): number {
    const { bytes } = this.#unread;
    const end = bytes.indexOf(SEPARATOR_BYTE, this.#searched);
    if ((end < 0 ? bytes.byteLength : end) <= LARGEST_RECORD_BYTES) return end;
    throw new MalformedRecordError(`A record may have at most ${LARGEST_RECORD_BYTES} bytes`);
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new MalformedRecordError('A record is not UTF-8');
  }
}

function createJsonDecoder(): RecordDecoder {
  const records = new TextRecords();
  return {
    *push(piece) {
      for (const text of records.push(piece)) yield decodeRecord(text);
    },
  };
}

function decodeRecord(text: string): ClientRecord | null {
  const value = parseJson(text);
  if (value === undefined) throw new MalformedRecordError('A record is not JSON');
  if (!isRecord(value)) throw new MalformedRecordError('A record is a JSON object');
  return clientRecord({ type: undefined, ...value });
}
