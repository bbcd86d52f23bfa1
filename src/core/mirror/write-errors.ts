import { SourceError } from '../runtime/source-errors.ts';
import { codeOf, hasCode, isDamaged } from '../sqlite/errors.ts';

const FULL = ['SQLITE_FULL', 'ENOSPC', 'EDQUOT'];
/** Errors of the file, not of a statement. */
const OTHERS = ['SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_CANTOPEN', 'SQLITE_BUSY', 'SQLITE_PERM', 'SQLITE_NOMEM'];

/** A SourceError for people if SQLite or the file system cannot write or read the mirror; other errors unchanged. */
export function mirrorError(error: unknown): unknown {
  const reason = reasonOf(error);
  return reason === null ? error : new SourceError(reason, { cause: error });
}

function reasonOf(error: unknown): string | null {
  if (hasCode(error, FULL)) return 'The mirror cannot be written: its disk is full';
  if (isDamaged(error)) return 'The mirror was damaged, and is loaded again';
  const isOfFileSystem = error instanceof Error && 'syscall' in error;
  return isOfFileSystem || hasCode(error, OTHERS) ? `The mirror cannot be written (${codeOf(error)})` : null;
}
