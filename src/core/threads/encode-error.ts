import {
  MissingFromSourceError,
  NotConfiguredError,
  QueryRefusedError,
  SourceError,
  SourceTimeoutError,
} from '../runtime/source-errors.ts';

/** An error in a message between threads. */
export interface EncodedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Of an error of the system, such as `EACCES`. */
  readonly code?: string | undefined;
  /** For a MissingFromSourceError. */
  readonly missing: readonly string[];
}

const SOURCE_ERRORS = new Map<string, (message: string) => SourceError>([
  ['SourceError', (message) => new SourceError(message)],
  ['SourceTimeoutError', (message) => new SourceTimeoutError(message)],
  ['QueryRefusedError', (message) => new QueryRefusedError(message)],
  ['NotConfiguredError', (message) => new NotConfiguredError(message)],
]);

export function encodeError(error: unknown): EncodedError {
  const missing = error instanceof MissingFromSourceError ? error.missing : [];
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined, missing };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { name: error.name, message: error.message, stack: error.stack, code, missing };
}

/** Creates an error of the same class. For an unknown class: an Error with its name, stack and code. */
export function decodeError({ name, message, stack, code, missing }: EncodedError): Error {
  if (name === 'MissingFromSourceError') return new MissingFromSourceError(missing);
  const known = SOURCE_ERRORS.get(name)?.(message);
  if (known !== undefined) return known;
  const error = new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return code === undefined ? error : Object.assign(error, { code });
}
