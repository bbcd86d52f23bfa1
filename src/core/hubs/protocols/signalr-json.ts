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

/** Ends every JSON record (HubProtocol.md, "JSON Encoding"). */
export const RECORD_SEPARATOR = '\u001e';

/** HubProtocol.md, "JSON Encoding". */
export const signalrJson: RecordEncoding = {
  name: 'json',
  encode: (records) => records.map((record) => encodeRecord(record) + RECORD_SEPARATOR).join(''),
  createDecoder: createJsonDecoder,
};

/** Payloads are set in as the text they already are. */
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

/** Splits a stream of text into records. Exported for the handshake, which is JSON in every protocol. */
export class TextRecords {
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  /** The record that has not ended yet, in the pieces it came in, so that small ones cost no more than large ones. */
  #unended: string[] = [];
  #bytes = 0;

  /**
   * The texts of the records that a piece completes. Each is read when it is asked for, so that those before one that is
   * malformed still count; all have to be asked for.
   *
   * @throws MalformedRecordError when a record grows beyond what is read, or is no text
   */
  *push(piece: string | Uint8Array): Generator<string, void, void> {
    const parts = (typeof piece === 'string' ? piece : this.#decode(piece)).split(RECORD_SEPARATOR);
    const last = parts.pop() ?? '';
    for (const part of parts) {
      this.#add(part);
      const record = this.#unended.join('');
      this.#unended = [];
      this.#bytes = 0;
      yield record;
    }
    this.#add(last);
  }

  #add(part: string): void {
    if (part === '') return;
    this.#bytes += Buffer.byteLength(part);
    if (this.#bytes > LARGEST_RECORD_BYTES) {
      throw new MalformedRecordError(`A record may have at most ${LARGEST_RECORD_BYTES} bytes`);
    }
    this.#unended.push(part);
  }

  /** A character may come in two pieces. */
  #decode(bytes: Uint8Array): string {
    try {
      return this.#utf8.decode(bytes, { stream: true });
    } catch {
      throw new MalformedRecordError('A record is not UTF-8');
    }
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
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedRecordError('A record is a JSON object');
  }
  return clientRecord({ type: undefined, ...value });
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw new MalformedRecordError('A record is not JSON');
  }
}
