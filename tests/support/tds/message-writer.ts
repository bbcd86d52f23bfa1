import type { Writable } from 'node:stream';

const HEADER_BYTES = 8;
const END_OF_MESSAGE = 0x01;

/** Sends one message of any length, packet by packet, no faster than the client reads it ([MS-TDS] 2.2.3). */
export interface MessageWriter {
  /** Resolves when there is room for more. Rejects if the client has disconnected. */
  write(bytes: Buffer): Promise<void>;
  end(): Promise<void>;
}

export function createMessageWriter(client: Writable, type: number, packetBytes: number): MessageWriter {
  const room = packetBytes - HEADER_BYTES;
  let rest = Buffer.alloc(0);
  let packets = 0;

  const packet = (payload: Buffer, isLast: boolean): Buffer => {
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt8(type, 0);
    header.writeUInt8(isLast ? END_OF_MESSAGE : 0, 1);
    header.writeUInt16BE(payload.length + HEADER_BYTES, 2);
    header.writeUInt8(++packets % 256, 6);
    return Buffer.concat([header, payload]);
  };

  return {
    async write(bytes) {
      rest = Buffer.concat([rest, bytes]);
      const ready: Buffer[] = [];
      let at = 0;
      // The last packet is held back, since it may be the last of the message.
      for (; rest.length - at > room; at += room) ready.push(packet(rest.subarray(at, at + room), false));
      rest = rest.subarray(at);
      if (ready.length > 0) await send(client, Buffer.concat(ready));
    },
    end: () => send(client, packet(rest, true)),
  };
}

function send(client: Writable, bytes: Buffer): Promise<void> {
  if (client.destroyed) return Promise.reject(new Error('The client has gone'));
  if (client.write(bytes)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const settle = (then: () => void) => () => {
      client.off('drain', drained);
      client.off('close', closed);
      then();
    };
    const drained = settle(resolve);
    const closed = settle(() => reject(new Error('The client has gone')));
    client.on('drain', drained);
    client.on('close', closed);
  });
}
