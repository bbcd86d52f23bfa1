import type { ByteWriter } from './byte-writer.ts';
import { COLLATION, int32, shortText, uint16 } from './tokens.ts';

export interface TdsColumn {
  readonly name: string;
  /** `nvarchar` is `nvarchar(max)`, and `short-nvarchar` is `nvarchar(4000)`. */
  readonly type:
    | 'int'
    | 'bigint'
    | 'float'
    | 'bit'
    | 'nvarchar'
    | 'short-nvarchar'
    | 'datetime2'
    | 'time'
    | 'decimal'
    | 'uniqueidentifier'
    | 'varbinary';
}

/** Describes a column's type and writes its values ([MS-TDS] 2.2.5.4 to 2.2.5.6). */
interface ColumnForm {
  readonly info: Buffer;
  write(to: ByteWriter, value: unknown): void;
}

const DAY_MS = 86_400_000;
const EPOCH_DAYS = 719_162;
const DECIMAL_SCALE = 2;
const DECIMAL_BYTES = 17;
const SHORT_NULL = 0xff_ff;

const FORMS: { readonly [Type in TdsColumn['type']]: ColumnForm } = {
  int: { info: Buffer.from([0x26, 4]), write: sized(4, (to, value) => to.int32(Number(value))) },
  bigint: { info: Buffer.from([0x26, 8]), write: sized(8, (to, value) => to.int64(wholeNumber(value))) },
  float: { info: Buffer.from([0x6d, 8]), write: sized(8, (to, value) => to.float64(Number(value))) },
  bit: { info: Buffer.from([0x68, 1]), write: sized(1, (to, value) => to.uint8(Number(Boolean(value)))) },
  // nvarchar(max) and varbinary(max) are sent in chunks; here it is one.
  nvarchar: { info: Buffer.concat([Buffer.from([0xe7, 0xff, 0xff]), COLLATION]), write: chunkedText },
  'short-nvarchar': { info: Buffer.concat([Buffer.from([0xe7, 0x40, 0x1f]), COLLATION]), write: shortNvarchar },
  varbinary: { info: Buffer.from([0xa5, 0xff, 0xff]), write: chunkedBytes },
  datetime2: { info: Buffer.from([0x2a, 7]), write: sized(8, dateTime) },
  time: { info: Buffer.from([0x29, 7]), write: sized(5, timeOfDay) },
  uniqueidentifier: { info: Buffer.from([0x24, 16]), write: sized(16, guid) },
  decimal: { info: Buffer.from([0x6a, DECIMAL_BYTES, 38, DECIMAL_SCALE]), write: sized(DECIMAL_BYTES, decimal) },
};

/** COLMETADATA (2.2.7.4). */
export function columnsToken(columns: readonly TdsColumn[]): Buffer {
  const NULLABLE = 0x01;
  const described = columns.flatMap(({ name, type }) => [
    int32(0),
    uint16(NULLABLE),
    FORMS[type].info,
    shortText(name),
  ]);
  return Buffer.concat([Buffer.from([0x81]), uint16(columns.length), ...described]);
}

/** ROW (2.2.7.19). */
export function writeRow(to: ByteWriter, columns: readonly TdsColumn[], row: readonly unknown[]): void {
  to.uint8(0xd1);
  for (const [index, { type }] of columns.entries()) FORMS[type].write(to, row[index]);
}

function sized(bytes: number, write: (to: ByteWriter, value: unknown) => void): ColumnForm['write'] {
  return (to, value) => {
    if (value === null || value === undefined) {
      to.uint8(0);
      return;
    }
    to.uint8(bytes);
    write(to, value);
  };
}

function wholeNumber(value: unknown): bigint {
  return typeof value === 'bigint' ? value : BigInt(Number(value));
}

function shortNvarchar(to: ByteWriter, value: unknown): void {
  if (value === null || value === undefined) {
    to.uint16(SHORT_NULL);
    return;
  }
  const text = String(value);
  to.uint16(text.length * 2);
  to.text(text);
}

function chunkedText(to: ByteWriter, value: unknown): void {
  chunked(to, value === null || value === undefined ? null : Buffer.from(String(value), 'utf16le'));
}

function chunkedBytes(to: ByteWriter, value: unknown): void {
  chunked(to, value instanceof Uint8Array ? value : null);
}

function chunked(to: ByteWriter, bytes: Uint8Array | null): void {
  if (bytes === null) {
    to.int64(-1n);
    return;
  }
  to.int64(BigInt(bytes.length));
  if (bytes.length > 0) {
    to.uint32(bytes.length);
    to.bytes(bytes);
  }
  to.uint32(0);
}

/** The first three of its parts are written with the last byte first. */
function guid(to: ByteWriter, value: unknown): void {
  const [first = '', second = '', third = '', ...rest] = String(value).split('-');
  for (const part of [first, second, third]) to.bytes(Buffer.from(part, 'hex').reverse());
  to.bytes(Buffer.from(rest.join(''), 'hex'));
}

/**
 * 100 ns since midnight in 5 bytes, days since 0001-01-01 in 3. From a Date, milliseconds, or text of up to seven digits
 * below the second.
 */
function dateTime(to: ByteWriter, value: unknown): void {
  const isText = typeof value === 'string';
  const at = value instanceof Date ? value.getTime() : isText ? wholeSeconds(value) : Number(value);
  const days = Math.floor(at / DAY_MS);
  to.unsigned((at - days * DAY_MS) * 10_000 + (isText ? finerUnits(value) : 0), 5);
  to.unsigned(days + EPOCH_DAYS, 3);
}

function wholeSeconds(text: string): number {
  return Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19)}Z`);
}

/** The digits below the second, in 100 ns. */
function finerUnits(text: string): number {
  const point = text.indexOf('.');
  if (point < 0) return 0;
  const digits = text.slice(point + 1).replace('Z', '');
  return Number(digits) * 10 ** (7 - digits.length);
}

/** `HH:MM:SS.fffffff` in 100 ns since midnight. */
function timeOfDay(to: ByteWriter, value: unknown): void {
  const text = String(value);
  const [hours = 0, minutes = 0, seconds = 0] = text.slice(0, 8).split(':').map(Number);
  to.unsigned((hours * 3600 + minutes * 60 + seconds) * 10_000_000 + finerUnits(text), 5);
}

/** Sign and magnitude from digits, which avoids the rounding of binary fractions. */
function decimal(to: ByteWriter, value: unknown): void {
  const [, sign = '', whole = '0', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value)) ?? [];
  const magnitude = BigInt(whole + part.padEnd(DECIMAL_SCALE, '0').slice(0, DECIMAL_SCALE));
  to.uint8(sign === '-' ? 0 : 1);
  to.int64(BigInt.asIntN(64, magnitude));
  to.int64(BigInt.asIntN(64, magnitude >> 64n));
}
