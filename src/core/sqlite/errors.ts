/** The code of a SQLite or file-system error, such as `SQLITE_BUSY_SNAPSHOT` or `ENOSPC`; `''` for other errors. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Whether an error has one of these codes. An extended code starts with its primary code. */
export function hasCode(error: unknown, codes: readonly string[]): boolean {
  const code = codeOf(error);
  return codes.some((each) => code.startsWith(each));
}

/** Whether the content of a file is not a valid database. */
export function isDamaged(error: unknown): boolean {
  return hasCode(error, ['SQLITE_CORRUPT', 'SQLITE_NOTADB']);
}

/** Whether another connection or process holds a lock. */
export function isLocked(error: unknown): boolean {
  return hasCode(error, ['SQLITE_BUSY', 'SQLITE_LOCKED']);
}
