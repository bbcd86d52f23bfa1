import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { SourceError } from '../source-errors.ts';

/**
 * What a database answered, once every result is known to fit the schema.
 *
 * @throws SourceError naming the collection and the field, never a value
 */
export function checkResults<Schema extends TSchema>(
  collection: string,
  results: readonly unknown[],
  schema: Schema,
): Static<Schema>[] {
  return results.map((result) => {
    if (Value.Check(schema, result)) return result;
    const first = Value.Errors(schema, result).First();
    throw new SourceError(`A result from ${collection} does not fit: ${first?.path ?? ''} ${first?.message ?? ''}`);
  });
}
