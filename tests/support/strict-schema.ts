import type { TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

/** The formats of the contract on the wire. */
const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
  uri: '^https://[^\\s]+$',
  'uri-reference': '^[^\\s]+$',
};

/**
 * Errors of a value by a schema, one per line. Undeclared properties are errors at every depth.
 */
export function violations(schema: TSchema, value: unknown): string[] {
  return [...Value.Errors(strict(schema), value)].map(({ path, message }) => `${path || '/'}: ${message}`);
}

function strict(schema: TSchema): TSchema {
  const { format, ...rest } = schema;
  const pattern = format === undefined ? undefined : FORMATS[format];
  if (pattern !== undefined) return { ...rest, pattern };
  if (schema.anyOf !== undefined) return { ...schema, anyOf: schema.anyOf.map(strict) };
  if (schema.type === 'array') return { ...schema, items: strict(schema.items) };
  if (schema.properties === undefined) return schema;
  const properties = Object.entries<TSchema>(schema.properties).map(([name, property]) => [name, strict(property)]);
  return { ...schema, properties: Object.fromEntries(properties), additionalProperties: false };
}
