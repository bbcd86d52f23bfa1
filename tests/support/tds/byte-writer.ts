/** Writes fields, little-endian, into a growing buffer. */
export interface ByteWriter {
  readonly length: number;
  uint8(value: number): void;
  uint16(value: number): void;
  uint32(value: number): void;
  int32(value: number): void;
  int64(value: bigint): void;
  float64(value: number): void;
  /** Up to 6 bytes. */
  unsigned(value: number, bytes: number): void;
  bytes(value: Uint8Array): void;
  /** UTF-16. */
  text(value: string): void;
  /** Returns the written bytes and starts over. */
  take(): Buffer;
}

export function createByteWriter(capacity = 1_024): ByteWriter {
  let buffer = Buffer.allocUnsafe(capacity);
  let at = 0;
  const reserve = (bytes: number): number => {
    if (at + bytes > buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + bytes));
      buffer.copy(larger, 0, 0, at);
      buffer = larger;
    }
    at += bytes;
    return at - bytes;
  };
  return {
    get length() {
      return at;
    },
    uint8(value) {
      const place = reserve(1);
      buffer[place] = value;
    },
    uint16(value) {
      const place = reserve(2);
      buffer.writeUInt16LE(value, place);
    },
    uint32(value) {
      const place = reserve(4);
      buffer.writeUInt32LE(value, place);
    },
    int32(value) {
      const place = reserve(4);
      buffer.writeInt32LE(value, place);
    },
    int64(value) {
      const place = reserve(8);
      buffer.writeBigInt64LE(value, place);
    },
    float64(value) {
      const place = reserve(8);
      buffer.writeDoubleLE(value, place);
    },
    unsigned(value, bytes) {
      const place = reserve(bytes);
      buffer.writeUIntLE(value, place, bytes);
    },
    bytes(value) {
      const place = reserve(value.length);
      buffer.set(value, place);
    },
    text(value) {
      const place = reserve(value.length * 2);
      buffer.write(value, place, 'utf16le');
    },
    take() {
      const taken = Buffer.from(buffer.subarray(0, at));
      at = 0;
      return taken;
    },
  };
}
