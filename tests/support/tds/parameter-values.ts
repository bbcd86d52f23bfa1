import type { FieldReader } from './field-reader.ts';
import { ProtocolError } from './packets.ts';

/** Data types of parameters ([MS-TDS] 2.2.5.4). */
const TYPE = {
  INTN: 0x26,
  DATETIME2N: 0x2a,
  BITN: 0x68,
  FLTN: 0x6d,
  DECIMALN: 0x6a,
  NUMERICN: 0x6c,
  BIGVARBINARY: 0xa5,
  BIGVARCHAR: 0xa7,
  NVARCHAR: 0xe7,
  NCHAR: 0xef,
} as const;

const MAX_LENGTH = 0xff_ff;
const COLLATION_BYTES = 5;
const PLP_NULL = 0xff_ff_ff_ff_ff_ff_ff_ffn;
const DAY_MS = 86_400_000;
/** Days from 0001-01-01 to 1970-01-01. */
const EPOCH_DAYS = 719_162;

/**
 * Reads a parameter's TYPE_INFO and its value ([MS-TDS] 2.2.5.6, 2.2.5.2).
 *
 * @throws ProtocolError for a type that this endpoint does not know
 */
export function readValue(reader: FieldReader): unknown {
  const type = reader.byte();
  switch (type) {
    case TYPE.INTN:
      reader.byte();
      return whenPresent(reader, (length) => narrow(reader.int(length)));
    case TYPE.BITN:
      reader.byte();
      return whenPresent(reader, () => reader.byte() !== 0);
    case TYPE.FLTN:
      reader.byte();
      return whenPresent(reader, (length) => readFloat(reader.bytes(length)));
    case TYPE.DATETIME2N: {
      const scale = reader.byte();
      return whenPresent(reader, (length) => readDateTime(reader, length, scale));
    }
    case TYPE.DECIMALN:
    case TYPE.NUMERICN: {
      reader.bytes(2);
      const scale = reader.byte();
      return whenPresent(reader, (length) => readDecimal(reader, length, scale));
    }
    case TYPE.NVARCHAR:
    case TYPE.NCHAR:
    case TYPE.BIGVARCHAR:
      return readVariable(reader, true)?.toString(type === TYPE.BIGVARCHAR ? 'latin1' : 'utf16le') ?? null;
    case TYPE.BIGVARBINARY:
      return readVariable(reader, false);
    default:
      throw new ProtocolError(`A parameter of type 0x${type.toString(16)}`);
  }
}

function whenPresent<Value>(reader: FieldReader, read: (length: number) => Value): Value | null {
  const length = reader.byte();
  return length === 0 ? null : read(length);
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function readFloat(bytes: Buffer): number {
  return bytes.length === 4 ? bytes.readFloatLE() : bytes.readDoubleLE();
}

/** A count of 10^-scale seconds since midnight, and of days since 0001-01-01. */
function readDateTime(reader: FieldReader, length: number, scale: number): Date {
  const time = BigInt.asUintN((length - 3) * 8, reader.int(length - 3));
  const days = Number(BigInt.asUintN(24, reader.int(3)));
  return new Date((days - EPOCH_DAYS) * DAY_MS + Number((time * 1000n) / 10n ** BigInt(scale)));
}

function readDecimal(reader: FieldReader, length: number, scale: number): number {
  const sign = reader.byte() === 1 ? 1 : -1;
  const magnitude = BigInt.asUintN((length - 1) * 8, reader.int(length - 1));
  return (sign * Number(magnitude)) / 10 ** scale;
}

/** Text or bytes: up to 8,000 of them with their length before, or more in chunks (2.2.5.2.3, PLP). */
function readVariable(reader: FieldReader, isText: boolean): Buffer | null {
  const longest = reader.uint16();
  if (isText) reader.bytes(COLLATION_BYTES);
  if (longest === MAX_LENGTH) return readChunks(reader);
  const length = reader.uint16();
  return length === MAX_LENGTH ? null : reader.bytes(length);
}

function readChunks(reader: FieldReader): Buffer | null {
  if (BigInt.asUintN(64, reader.int(8)) === PLP_NULL) return null;
  const chunks: Buffer[] = [];
  for (let length = reader.uint32(); length > 0; length = reader.uint32()) chunks.push(reader.bytes(length));
  return Buffer.concat(chunks);
}
