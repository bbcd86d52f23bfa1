import { MongoClient } from 'mongodb';
import { SourceError } from '../../runtime/source-errors.ts';
import { EXAMPLE, wrongPart } from './connection-string-parts.ts';

/**
 * Says which part of a connection string is invalid. The error quotes none of it: any part may contain a misplaced
 * password.
 */
export function connectionStringError(connectionString: string, cause: unknown): SourceError {
  const wrong = wrongPart(connectionString) ?? wrongOptions(connectionString) ?? 'it cannot be read';
  return new SourceError(`MONGO_CONNECTION_STRING cannot be used: ${wrong}. The form is ${EXAMPLE}`, { cause });
}

function wrongOptions(text: string): string | undefined {
  const [withoutOptions = ''] = text.split('?', 1);
  if (withoutOptions === text) return undefined;
  try {
    new MongoClient(withoutOptions);
    return 'an option after the ? is not known, or does not take its value, or does not go with another one';
  } catch {
    return undefined;
  }
}
