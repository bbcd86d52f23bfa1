import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

/**
 * The JSON body of a response, checked only as far as a test needs it.
 *
 * @throws AssertError where it is not of that shape
 */
export async function bodyOf<Schema extends TSchema>(response: Response, schema: Schema): Promise<Static<Schema>> {
  const body: unknown = await response.json();
  Value.Assert(schema, body);
  return body;
}

/** Any object. */
export const AnyObject = Type.Record(Type.String(), Type.Unknown());
