import { COLLATION, int32, shortText, uint16 } from './tokens.ts';

export interface TdsColumn {
  readonly name: string;
  readonly type: 'int' | 'bigint' | 'float' | 'bit' | 'nvarchar' | 'datetime2' | 'decimal';
}

/** How a column's type is described, and how a value of it is written ([MS-TDS] 2.2.5.4 to 2.2.5.6). */
interface ColumnForm {
  readonly info: Buffer;
  write(value: unknown): Buffer;
}

const DAY_MS = 86_400_000;
const EPOCH_DAYS = 719_162;
const DECIMAL_SCALE = 2;

const FORMS: { readonly [Type in TdsColumn['type']]: ColumnForm } = {
  int: { info: Buffer.from([0x26, 4]), write: (value) => sized(value, () => int32(Number(value))) },
  bigint: { info: Buffer.from([0x26, 8]), write: (value) => sized(value, () => int64(value)) },
  float: { info: Buffer.from([0x6d, 8]), write: (value) => sized(value, () => float64(value)) },
  bit: { info: Buffer.from([0x68, 1]), write: (value) => sized(value, () => Buffer.from([Number(Boolean(value))])) },
  // nvarchar(max), in one chunk.
  nvarchar: { info: Buffer.concat([Buffer.from([0xe7, 0xff, 0xff]), COLLATION]), write: chunkedText },
  datetime2: { info: Buffer.from([0x2a, 7]), write: (value) => sized(value, () => dateTime(value)) },
  decimal: {
    info: Buffer.from([0x6a, 17, 38, DECIMAL_SCALE]),
    write: (value) => sized(value, () => decimal(value)),
  },
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
export function rowToken(columns: readonly TdsColumn[], row: readonly unknown[]): Buffer {
  return Buffer.concat([Buffer.from([0xd1]), ...columns.map(({ type }, index) => FORMS[type].write(row[index]))]);
}

function sized(value: unknown, write: () => Buffer): Buffer {
  if (value === null || value === undefined) return Buffer.from([0]);
  const bytes = write();
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function int64(value: unknown): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64LE(typeof value === 'bigint' ? value : BigInt(Number(value)));
  return buffer;
}

function float64(value: unknown): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleLE(Number(value));
  return buffer;
}

function chunkedText(value: unknown): Buffer {
  if (value === null || value === undefined) return Buffer.alloc(8, 0xff);
  const text = Buffer.from(String(value), 'utf16le');
  const total = Buffer.alloc(8);
  total.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([total, ...(text.length === 0 ? [] : [int32(text.length), text]), int32(0)]);
}

/** 100 ns since midnight in 5 bytes, days since 0001-01-01 in 3. */
function dateTime(value: unknown): Buffer {
  const at = value instanceof Date ? value.getTime() : Number(value);
  const days = Math.floor(at / DAY_MS);
  const buffer = Buffer.alloc(8);
  buffer.writeUIntLE((at - days * DAY_MS) * 10_000, 0, 5);
  buffer.writeUIntLE(days + EPOCH_DAYS, 5, 3);
  return buffer;
}

/** Sign and magnitude, from digits, so that no binary fraction comes between. */
function decimal(value: unknown): Buffer {
  const [, sign = '', whole = '0', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value)) ?? [];
  let magnitude = BigInt(whole + part.padEnd(DECIMAL_SCALE, '0').slice(0, DECIMAL_SCALE));
  const buffer = Buffer.alloc(17);
  buffer.writeUInt8(sign === '-' ? 0 : 1);
  for (let at = 1; magnitude > 0n; magnitude >>= 8n) buffer.writeUInt8(Number(magnitude & 0xffn), at++);
  return buffer;
}
