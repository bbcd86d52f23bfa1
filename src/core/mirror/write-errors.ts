import { SourceError } from '../runtime/source-errors.ts';

const FULL = ['SQLITE_FULL', 'ENOSPC', 'EDQUOT'];
const DAMAGED = ['SQLITE_CORRUPT', 'SQLITE_NOTADB'];
/** What the file system, and not a statement, is to blame for. */
const OTHERS = ['SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_CANTOPEN', 'SQLITE_BUSY', 'SQLITE_PERM', 'SQLITE_NOMEM'];

/** What SQLite or the file system says of a mirror that cannot be written or read, in words for people; others as they are. */
export function mirrorError(error: unknown): unknown {
  const code = codeOf(error);
  const reason = reasonOf(error, code);
  return reason === null ? error : new SourceError(reason, { cause: error });
}

/** Whether what is in a file is no database any more. */
export function isDamaged(error: unknown): boolean {
  return startsWithOne(codeOf(error), DAMAGED);
}

function reasonOf(error: unknown, code: string): string | null {
  if (startsWithOne(code, FULL)) return 'The mirror cannot be written: its disk is full';
  if (startsWithOne(code, DAMAGED)) return 'The mirror was damaged, and is loaded again';
  const isOfFileSystem = error instanceof Error && 'syscall' in error;
  return isOfFileSystem || startsWithOne(code, OTHERS) ? `The mirror cannot be written (${code})` : null;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function startsWithOne(code: string, beginnings: readonly string[]): boolean {
  return beginnings.some((beginning) => code.startsWith(beginning));
}
