const PROGRAM_ERRORS = [TypeError, RangeError, ReferenceError, SyntaxError, EvalError, URIError];

/** Whether an error is a bug in our code or a library's. A bug is logged whole and never blamed on a source. */
export function isProgramError(error: unknown): error is Error {
  return PROGRAM_ERRORS.some((kind) => error instanceof kind);
}

/** The message of an error; anything else that was thrown as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
