import { type ClientRecord, MalformedRecordError, RECORD } from './records.ts';

/** The decoded fields of a record, before validation. */
export interface RawRecord {
  readonly type: unknown;
  readonly invocationId?: unknown;
  readonly target?: unknown;
  readonly error?: unknown;
  readonly sequenceId?: unknown;
}

/** Longer ids are refused (HubProtocol.md, "Invocations": a callee may set a limit). */
const LONGEST_INVOCATION_ID = 256;

/**
 * Validates the fields of a record of any encoding.
 *
 * @returns null for a type that is not known
 * @throws MalformedRecordError when a required field is missing or of another type
 */
export function clientRecord(raw: RawRecord): ClientRecord | null {
  switch (raw.type) {
    case RECORD.invocation: {
      const target = text(raw.target, 'target');
      if (isAbsent(raw.invocationId)) return { type: RECORD.invocation, target };
      return { type: RECORD.invocation, target, invocationId: invocationId(raw) };
    }
    case RECORD.streamInvocation:
      return { type: RECORD.streamInvocation, target: text(raw.target, 'target'), invocationId: invocationId(raw) };
    case RECORD.streamItem:
    case RECORD.completion:
    case RECORD.cancelInvocation:
      return { type: raw.type, invocationId: invocationId(raw) };
    case RECORD.ping:
      return { type: RECORD.ping };
    case RECORD.close:
      return typeof raw.error === 'string' ? { type: RECORD.close, error: raw.error } : { type: RECORD.close };
    case RECORD.ack:
    case RECORD.sequence:
      return { type: raw.type, sequenceId: sequenceId(raw.sequenceId) };
    default:
      if (typeof raw.type === 'number') return null;
      throw new MalformedRecordError("A record needs a number in 'type'");
  }
}

/** An empty id asks for no answer either, as ASP.NET Core has it. */
function isAbsent(id: unknown): boolean {
  return id === undefined || id === null || id === '';
}

function invocationId(raw: RawRecord): string {
  const id = text(raw.invocationId, 'invocationId');
  if (id.length > LONGEST_INVOCATION_ID) {
    throw new MalformedRecordError(`'invocationId' may have at most ${LONGEST_INVOCATION_ID} characters`);
  }
  return id;
}

function text(value: unknown, field: string): string {
  if (typeof value === 'string') return value;
  throw new MalformedRecordError(`A record of this type needs text in '${field}'`);
}

function sequenceId(value: unknown): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  throw new MalformedRecordError("A record of this type needs a whole number in 'sequenceId'");
}
