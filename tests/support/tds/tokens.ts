/** The tokens of an answer ([MS-TDS] 2.2.7). */

export interface TdsError {
  readonly number: number;
  readonly message: string;
  /** 16 by default; 20 and above end the connection. */
  readonly severity?: number;
  readonly state?: number;
  /** The server has rolled the transaction back, as it does for a deadlock victim. */
  readonly endsTransaction?: boolean;
}

/** Status of DONE (2.2.7.6). */
export const DONE_STATUS = { final: 0x00, more: 0x01, error: 0x02, count: 0x10, attention: 0x20 } as const;
export const DONE_TOKEN = { done: 0xfd, procedure: 0xfe, inProcedure: 0xff } as const;

export function doneToken(token: number, status: number, rows = 0): Buffer {
  const buffer = Buffer.alloc(13);
  buffer.writeUInt8(token, 0);
  buffer.writeUInt16LE(status, 1);
  buffer.writeBigUInt64LE(BigInt(rows), 5);
  return buffer;
}

/** 2.2.7.10. */
export function errorToken({ number, message, severity = 16, state = 1 }: TdsError): Buffer {
  const body = Buffer.concat([
    int32(number),
    Buffer.from([state, severity]),
    longText(message),
    shortText('endpoint'),
    shortText(''),
    int32(1),
  ]);
  return Buffer.concat([Buffer.from([0xaa]), uint16(body.length), body]);
}

/** 2.2.7.14, for TDS 7.4. */
export function loginToken(): Buffer {
  const body = Buffer.concat([
    Buffer.from([1, 0x74, 0, 0, 4]),
    shortText('Microsoft SQL Server'),
    Buffer.from([16, 0, 4, 0]),
  ]);
  return Buffer.concat([Buffer.from([0xad]), uint16(body.length), body]);
}

/** Types of ENVCHANGE (2.2.7.9). */
export const CHANGE = { database: 1, packetSize: 4, collation: 7, begin: 8, commit: 9, rollback: 10 } as const;

export function textChange(type: number, value: string): Buffer {
  return change(type, shortText(value), shortText(''));
}

export function bytesChange(type: number, value: Buffer, before: Buffer = Buffer.alloc(0)): Buffer {
  return change(type, shortBytes(value), shortBytes(before));
}

function change(type: number, value: Buffer, before: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from([type]), value, before]);
  return Buffer.concat([Buffer.from([0xe3]), uint16(body.length), body]);
}

/** 2.2.7.18. */
export function returnStatusToken(): Buffer {
  return Buffer.concat([Buffer.from([0x79]), int32(0)]);
}

/** Latin1_General_CI_AS: its locale, flags, version and sort order (2.2.5.1.2). */
export const COLLATION = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34]);

export function uint16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16LE(value);
  return buffer;
}

export function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32LE(value);
  return buffer;
}

/** Text of up to 255 characters with its length before. */
export function shortText(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'utf16le')]);
}

function longText(text: string): Buffer {
  return Buffer.concat([uint16(text.length), Buffer.from(text, 'utf16le')]);
}

function shortBytes(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
