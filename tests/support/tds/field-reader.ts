import { ProtocolError } from './packets.ts';

/** Reads fields, little-endian. Reading past the end is an error of the peer. */
export interface FieldReader {
  readonly left: number;
  byte(): number;
  uint16(): number;
  uint32(): number;
  int(bytes: number): bigint;
  bytes(count: number): Buffer;
  /** UTF-16 with this number of characters. */
  text(characters: number): string;
}

export function createFieldReader(buffer: Buffer): FieldReader {
  let at = 0;
  const bytes = (count: number): Buffer => {
    if (count > buffer.length - at) throw new ProtocolError('A message ends inside a field');
    at += count;
    return buffer.subarray(at - count, at);
  };
  return {
    get left() {
      return buffer.length - at;
    },
    byte: () => bytes(1).readUInt8(),
    uint16: () => bytes(2).readUInt16LE(),
    uint32: () => bytes(4).readUInt32LE(),
    int(count) {
      const field = bytes(count);
      let value = 0n;
      for (const [index, byte] of field.entries()) value |= BigInt(byte) << BigInt(index * 8);
      return BigInt.asIntN(count * 8, value);
    },
    bytes,
    text: (characters) => bytes(characters * 2).toString('utf16le'),
  };
}
