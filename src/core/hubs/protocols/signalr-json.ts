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
  #rest = '';

  /**
   * @returns the texts of the records that this piece completes
   * @throws MalformedRecordError when a record grows beyond what is read
   */
  push(piece: string | Uint8Array): string[] {
    const text = typeof piece === 'string' ? piece : decodeUtf8(piece);
    const parts = (this.#rest + text).split(RECORD_SEPARATOR);
    this.#rest = parts.pop() ?? '';
    for (const part of [...parts, this.#rest]) {
      if (part.length > LARGEST_RECORD_BYTES) {
        throw new MalformedRecordError(`A record may have at most ${LARGEST_RECORD_BYTES} bytes`);
      }
    }
    return parts;
  }

  /** Takes what came after the records that were returned, and forgets it. */
  takeRest(): string {
    const rest = this.#rest;
    this.#rest = '';
    return rest;
  }
}

function createJsonDecoder(): RecordDecoder {
  const records = new TextRecords();
  return { push: (piece) => records.push(piece).map(decodeRecord) };
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

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new MalformedRecordError('A record is not UTF-8');
  }
}
