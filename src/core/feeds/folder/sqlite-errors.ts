import { isProgramError, messageOf } from '../../runtime/errors.ts';
import { SourceError } from '../../runtime/source-errors.ts';
import { hasCode, isDamaged, isLocked } from '../../sqlite/errors.ts';
import { SessionOutdatedError } from '../feed-source.ts';

/** Whether the file itself fails, so that the connection has to be reopened. */
export function isBroken(error: unknown): boolean {
  return isDamaged(error) || hasCode(error, ['SQLITE_IOERR', 'SQLITE_CANTOPEN', 'SQLITE_READONLY_DBMOVED']);
}

/** Whether the file may still be opened read-only. */
export function isNotWritable(error: unknown): boolean {
  return hasCode(error, ['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_PERM']);
}

/**
 * A SourceError for people; a bug unchanged.
 *
 * @param place the database as people know it, usually its path
 */
export function sourceErrorOf(error: unknown, place: string, attempt: 'read' | 'written' = 'read'): Error {
  if (error instanceof SourceError || error instanceof SessionOutdatedError || isProgramError(error)) return error;
  const message = messageOf(error);
  if (isLocked(error)) return new SourceError(`${place} is locked by another program`);
  if (isDamaged(error)) return new SourceError(`${place} cannot be read as a SQLite database: ${message}`);
  return new SourceError(`${place} cannot be ${attempt}: ${message}`);
}
