import { createFieldReader, type FieldReader } from './field-reader.ts';
import { type Message, PACKET, ProtocolError } from './packets.ts';
import { readValue } from './parameter-values.ts';

export interface TdsParameter {
  /** Without the `@`. */
  readonly name: string;
  readonly value: unknown;
  /** As declared, such as `datetime2(7)`. */
  readonly type: string;
}

export type Isolation = 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable' | 'snapshot';

export type Request =
  | { readonly kind: 'batch'; readonly sql: string }
  | { readonly kind: 'rpc'; readonly sql: string; readonly parameters: readonly TdsParameter[] }
  | { readonly kind: 'procedure'; readonly name: string }
  | { readonly kind: 'begin'; readonly isolation: Isolation }
  | { readonly kind: 'commit' | 'rollback' };

/** [MS-TDS] 2.2.6.6, RPCRequest: procedures that have a number. */
const SP_EXECUTESQL = 10;
const NUMBERED = 0xff_ff;

/** [MS-TDS] 2.2.6.9, TransMgrReq. */
const BEGIN = 5;
const COMMIT = 7;
const ROLLBACK = 8;
/** By number, 1 to 5; 0 means unchanged. */
const LEVELS: readonly Isolation[] = [
  'read committed',
  'read uncommitted',
  'read committed',
  'repeatable read',
  'serializable',
  'snapshot',
];

/** @throws ProtocolError for a message that is none of these, or ends too soon */
export function readRequest({ type, payload }: Message): Request {
  const reader = createFieldReader(payload);
  skipHeaders(reader);
  switch (type) {
    case PACKET.SQL_BATCH:
      return { kind: 'batch', sql: reader.bytes(reader.left).toString('utf16le') };
    case PACKET.RPC:
      return readProcedureCall(reader);
    case PACKET.TRANSACTION_MANAGER:
      return readTransactionRequest(reader);
    default:
      throw new ProtocolError(`A message of type 0x${type.toString(16)}`);
  }
}

/** [MS-TDS] 2.2.5.3, ALL_HEADERS: their length counts itself. */
function skipHeaders(reader: FieldReader): void {
  const length = reader.uint32();
  if (length < 4) throw new ProtocolError(`Headers of ${length} bytes`);
  reader.bytes(length - 4);
}

function readProcedureCall(reader: FieldReader): Request {
  const length = reader.uint16();
  const name = length === NUMBERED ? reader.uint16() : reader.text(length).toLowerCase();
  reader.uint16();
  if (name !== SP_EXECUTESQL && name !== 'sp_executesql') return { kind: 'procedure', name: String(name) };
  const given: { readonly name: string; readonly value: unknown }[] = [];
  while (reader.left > 0) {
    const parameter = reader.text(reader.byte());
    reader.byte();
    given.push({ name: parameter.replace(/^@/, ''), value: readValue(reader) });
  }
  const [statement, declarations, ...values] = given;
  if (typeof statement?.value !== 'string') throw new ProtocolError('sp_executesql without a statement');
  const types = declaredTypes(declarations?.value);
  return {
    kind: 'rpc',
    sql: statement.value,
    parameters: values.map((one) => ({ ...one, type: types.get(one.name) ?? '' })),
  };
}

/** `@1 nvarchar(4000), @2 decimal(10, 2)` */
function declaredTypes(declarations: unknown): Map<string, string> {
  const found = String(declarations ?? '').matchAll(/@(\w+) ((?:\([^)]*\)|[^,(])+)/g);
  return new Map([...found].map(([, name = '', type = '']) => [name, type.trim()]));
}

function readTransactionRequest(reader: FieldReader): Request {
  const kind = reader.uint16();
  if (kind === COMMIT) return { kind: 'commit' };
  if (kind === ROLLBACK) return { kind: 'rollback' };
  if (kind !== BEGIN) throw new ProtocolError(`A transaction request ${kind}`);
  const isolation = LEVELS[reader.byte()];
  if (isolation === undefined) throw new ProtocolError('An isolation level that there is not');
  return { kind: 'begin', isolation };
}
