import { SQLiteError } from 'bun:sqlite';
import { isProgramError, messageOf } from '../../runtime/errors.ts';
import { SourceError } from '../../runtime/source-errors.ts';
import { SessionOutdatedError } from '../feed-source.ts';

/** What goes wrong with the file itself: its connection is of no use any more. */
const BROKEN = /^SQLITE_(NOTADB|CORRUPT|IOERR|CANTOPEN|READONLY_DBMOVED)/;
const LOCKED = /^SQLITE_(BUSY|LOCKED)/;

/** Whether the connection has to be opened anew. */
export function isBroken(error: unknown): boolean {
  return error instanceof SQLiteError && BROKEN.test(codeOf(error));
}

/** Whether a file could be opened for reading alone. */
export function isNotWritable(error: unknown): boolean {
  return error instanceof SQLiteError && /^SQLITE_(CANTOPEN|READONLY|PERM)/.test(codeOf(error));
}

/**
 * The error in words fit for people; a bug as it is.
 *
 * @param place what a person knows the database by, usually its path
 * @param attempt what failed
 */
export function sourceErrorOf(error: unknown, place: string, attempt: 'read' | 'written' = 'read'): Error {
  if (error instanceof SourceError || error instanceof SessionOutdatedError || isProgramError(error)) return error;
  const message = messageOf(error);
  const code = error instanceof SQLiteError ? codeOf(error) : '';
  if (LOCKED.test(code)) return new SourceError(`${place} is locked by another program`);
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) {
    return new SourceError(`${place} cannot be read as a SQLite database: ${message}`);
  }
  return new SourceError(`${place} cannot be ${attempt}: ${message}`);
}

function codeOf(error: SQLiteError): string {
  return error.code ?? '';
}
