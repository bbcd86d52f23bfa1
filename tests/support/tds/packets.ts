/** Packet types ([MS-TDS] 2.2.3.1.1). */
export const PACKET = {
  SQL_BATCH: 0x01,
  RPC: 0x03,
  TABULAR_RESULT: 0x04,
  ATTENTION: 0x06,
  TRANSACTION_MANAGER: 0x0e,
  LOGIN7: 0x10,
  PRELOGIN: 0x12,
} as const;

/** A whole message, assembled from its packets. */
export interface Message {
  readonly type: number;
  readonly payload: Buffer;
}

/** The peer does not speak the protocol. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

const HEADER_BYTES = 8;
const END_OF_MESSAGE = 0x01;
const LARGEST_MESSAGE = 4 * 2 ** 20;

/** Assembles chunks of bytes into packets, and packets into messages ([MS-TDS] 2.2.3). */
export interface MessageReader {
  /** @throws ProtocolError for what is no packet, or a message over 4 MiB */
  feed(bytes: Buffer): Message[];
  /** Bytes of an incomplete packet. */
  readonly rest: Buffer;
}

export function createMessageReader(): MessageReader {
  let rest: Buffer = Buffer.alloc(0);
  let parts: Buffer[] = [];
  let size = 0;

  const takePacket = (): Message | 'more' | undefined => {
    if (rest.length < HEADER_BYTES) return undefined;
    const type = rest.readUInt8(0);
    const length = rest.readUInt16BE(2);
    if (length < HEADER_BYTES) throw new ProtocolError(`A packet of ${length} bytes`);
    if (rest.length < length) return undefined;
    const isLast = (rest.readUInt8(1) & END_OF_MESSAGE) !== 0;
    parts.push(rest.subarray(HEADER_BYTES, length));
    size += length;
    if (size > LARGEST_MESSAGE) throw new ProtocolError('A message over 4 MiB');
    rest = rest.subarray(length);
    if (!isLast) return 'more';
    const payload = Buffer.concat(parts);
    parts = [];
    size = 0;
    return { type, payload };
  };

  return {
    feed(bytes) {
      rest = Buffer.concat([rest, bytes]);
      const messages: Message[] = [];
      for (let taken = takePacket(); taken !== undefined; taken = takePacket()) {
        if (taken !== 'more') messages.push(taken);
      }
      return messages;
    },
    get rest() {
      return rest;
    },
  };
}

/** Splits a message into packets of at most this size, including the header. */
export function packetsOf(type: number, payload: Buffer, packetBytes: number): Buffer {
  const room = packetBytes - HEADER_BYTES;
  const packets: Buffer[] = [];
  let start = 0;
  do {
    const piece = payload.subarray(start, start + room);
    start += room;
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt8(type, 0);
    header.writeUInt8(start >= payload.length ? END_OF_MESSAGE : 0, 1);
    header.writeUInt16BE(piece.length + HEADER_BYTES, 2);
    header.writeUInt8((packets.length + 1) % 256, 6);
    packets.push(header, piece);
  } while (start < payload.length);
  return Buffer.concat(packets);
}
