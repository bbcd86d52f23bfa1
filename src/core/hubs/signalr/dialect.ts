import type { Dialect } from '../dialect.ts';
import { signalrJson } from '../protocols/signalr-json.ts';
import { signalrMessagePack } from '../protocols/signalr-messagepack.ts';
import { recordsOf } from './events.ts';
import { RECORD, type RecordEncoding } from './records.ts';

/** A dialect of the SignalR protocol: what one frame always holds is prepared once. */
export interface SignalRDialect extends Dialect {
  readonly encoding: RecordEncoding;
  readonly pingFrame: string | Uint8Array;
}

/** By the name that the handshake gives the encoding. */
export const signalrDialects: Readonly<Record<RecordEncoding['name'], SignalRDialect>> = {
  json: createDialect('signalr-json', signalrJson),
  messagepack: createDialect('signalr-messagepack', signalrMessagePack),
};

function createDialect(name: SignalRDialect['name'], encoding: RecordEncoding): SignalRDialect {
  return {
    name,
    encoding,
    statusForAll: false,
    pingFrame: encoding.encode([{ type: RECORD.ping }]),
    encode(message) {
      const records = recordsOf(message);
      return records.length === 0 ? null : { data: encoding.encode(records), records: records.length };
    },
  };
}
