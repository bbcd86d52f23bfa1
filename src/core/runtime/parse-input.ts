import type { Static, TObject, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

/** Input that does not match its schema; names each field and what it expects. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';

  constructor(readonly fields: Readonly<Record<string, readonly string[]>>) {
    const lines = Object.entries(fields).map(([field, texts]) => `${field}: ${texts.join('; ')}`);
    super(`Invalid input: ${lines.join('. ')}`);
  }
}

/**
 * Checks text parameters against a schema, with defaults filled in and numbers converted. Parameters that the schema
 * does not name are ignored, since proxies and browsers add some.
 *
 * @throws InvalidInputError
 */
export function parseInput<Schema extends TObject>(
  schema: Schema,
  input: Readonly<Record<string, string>>,
): Static<Schema> {
  const candidate = known(schema, input);
  if (Value.Check(schema, candidate)) return candidate;
  const fields: Record<string, string[]> = {};
  for (const { path, message, schema: expected } of Value.Errors(schema, candidate)) {
    const field = path.slice(1) || 'query';
    const texts = fields[field] ?? [];
    const text = `${message}${expected.description === undefined ? '' : ` (${expected.description})`}`;
    if (!texts.includes(text)) texts.push(text);
    fields[field] = texts;
  }
  throw new InvalidInputError(fields);
}

/**
 * The fields that the schema names, in its order, so that the order of the input does not matter. Inherited properties such
 * as `constructor` do not count.
 */
function known(schema: TObject, input: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema.properties).flatMap(([field, expected]) => {
      const text = Object.hasOwn(input, field) ? input[field] : undefined;
      const value = text === undefined ? expected.default : read(text, expected);
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

/** Digits become a number if the schema expects an integer. Other text is left for the check to refuse. */
function read(text: string, { type }: TSchema): string | number {
  return type === 'integer' && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}
