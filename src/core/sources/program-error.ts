const KINDS = [TypeError, RangeError, ReferenceError, SyntaxError, EvalError, URIError];

/** Whether an error is a bug of a program, ours or a library's: never the fault of a source, and logged whole. */
export function isProgramError(error: unknown): error is Error {
  return KINDS.some((kind) => error instanceof kind);
}
