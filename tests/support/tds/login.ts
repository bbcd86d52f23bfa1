import { createFieldReader } from './field-reader.ts';

/** A login ([MS-TDS] 2.2.6.4, LOGIN7). */
export interface TdsLogin {
  readonly userName: string;
  readonly password: string;
  readonly database: string;
  readonly applicationName: string;
  /** `ApplicationIntent=ReadOnly`. */
  readonly readOnlyIntent: boolean;
  readonly encrypted: boolean;
}

/** fReadOnlyIntent of TypeFlags. */
const READ_ONLY_INTENT = 0x20;
const TYPE_FLAGS_AT = 26;
/** Start of the offsets and lengths of the texts, and their order. */
const OFFSETS_AT = 36;
const TEXTS = [
  'hostName',
  'userName',
  'password',
  'applicationName',
  'serverName',
  'extension',
  'library',
  'language',
  'database',
];

/** @throws ProtocolError when it ends too soon */
export function readLogin(payload: Buffer, encrypted: boolean): TdsLogin {
  const head = createFieldReader(payload);
  head.bytes(TYPE_FLAGS_AT);
  const typeFlags = head.byte();
  const offsets = createFieldReader(payload);
  offsets.bytes(OFFSETS_AT);
  const texts = new Map<string, Buffer>();
  for (const name of TEXTS) {
    const [offset, length] = [offsets.uint16(), offsets.uint16()];
    const field = createFieldReader(payload);
    field.bytes(offset);
    texts.set(name, field.bytes(length * 2));
  }
  const text = (name: string) => texts.get(name)?.toString('utf16le') ?? '';
  return {
    userName: text('userName'),
    password: plainPassword(texts.get('password') ?? Buffer.alloc(0)),
    database: text('database'),
    applicationName: text('applicationName'),
    readOnlyIntent: (typeFlags & READ_ONLY_INTENT) !== 0,
    encrypted,
  };
}

/** Decodes a password: each byte was XORed with 0xA5 after its halves were swapped. */
function plainPassword(obscured: Buffer): string {
  return Buffer.from(
    obscured.map((byte) => {
      const turned = byte ^ 0xa5;
      return ((turned & 0x0f) << 4) | (turned >> 4);
    }),
  ).toString('utf16le');
}

/** [MS-TDS] 2.2.6.5, PRELOGIN: the server's answer about encryption. */
export const ENCRYPTION = { on: 0x01, notSupported: 0x02 } as const;

/** VERSION and ENCRYPTION, all that a client needs. */
export function preloginAnswer(encryption: number): Buffer {
  const VERSION = Buffer.from([16, 0, 4, 0, 0, 0]);
  const dataAt = 11;
  return Buffer.concat([
    Buffer.from([0x00, 0, dataAt, 0, VERSION.length]),
    Buffer.from([0x01, 0, dataAt + VERSION.length, 0, 1]),
    Buffer.from([0xff]),
    VERSION,
    Buffer.from([encryption]),
  ]);
}
