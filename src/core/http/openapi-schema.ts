import type { TSchema } from '@sinclair/typebox';

/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/**
 * Converts a TypeBox schema to OpenAPI 3.0.3, which differs from JSON Schema: null is `nullable`, a constant is an `enum` of
 * one, `examples` is a single `example`. A schema with `$id` becomes a component and a reference to it.
 *
 * @param schemas receives the components
 */
export function toOpenApiSchema(schema: TSchema, schemas: Record<string, Json>): JsonObject {
  const { $id } = schema;
  if ($id === undefined) return convert(schema, schemas);
  if (!($id in schemas)) {
    schemas[$id] = {};
    schemas[$id] = convert(schema, schemas);
  }
  return { $ref: `#/components/schemas/${$id}` };
}

/** An example of a value, composed of the examples of its fields. */
export function exampleOf(schema: TSchema): Json {
  const own: unknown = schema.examples?.[0] ?? schema.default ?? schema.const;
  if (isJson(own)) return own;
  if (schema.type === 'object') return exampleOfObject(schema);
  if (schema.type === 'array') return [exampleOf(schema.items)];
  if (schema.anyOf !== undefined) return exampleOf(schema.anyOf[0]);
  if (schema.type === 'string') return 'text';
  if (schema.type === 'boolean') return true;
  return schema.type === 'null' ? null : 1;
}

function exampleOfObject(schema: TSchema): JsonObject {
  const properties = Object.entries<TSchema>(schema.properties ?? {});
  const required = new Set<string>(schema.required ?? []);
  return Object.fromEntries(
    properties.filter(([name]) => required.has(name)).map(([name, property]) => [name, exampleOf(property)]),
  );
}

function convert(schema: TSchema, schemas: Record<string, Json>): JsonObject {
  const { description } = schema;
  const described = description === undefined ? {} : { description };
  if (schema.anyOf !== undefined) return { ...described, ...convertUnion(schema.anyOf, schemas), ...exampleIn(schema) };
  if (schema.const !== undefined) return { ...described, type: typeof schema.const, enum: [schema.const] };
  if (schema.type === 'array') return { ...described, type: 'array', items: toOpenApiSchema(schema.items, schemas) };
  if (schema.type === 'object') return { ...described, ...convertObject(schema, schemas), ...exampleIn(schema) };
  return { ...described, ...scalarKeywords(schema), ...exampleIn(schema) };
}

function convertObject(schema: TSchema, schemas: Record<string, Json>): JsonObject {
  if (schema.patternProperties !== undefined) {
    const [values] = Object.values<TSchema>(schema.patternProperties);
    return { type: 'object', additionalProperties: values === undefined ? true : toOpenApiSchema(values, schemas) };
  }
  const properties = Object.entries<TSchema>(schema.properties ?? {});
  const required: readonly string[] = schema.required ?? [];
  return {
    type: 'object',
    properties: Object.fromEntries(properties.map(([name, property]) => [name, toOpenApiSchema(property, schemas)])),
    ...(required.length > 0 ? { required } : {}),
  };
}

function convertUnion(members: readonly TSchema[], schemas: Record<string, Json>): JsonObject {
  const values = members.filter(({ type }) => type !== 'null');
  const nullable = values.length < members.length ? { nullable: true } : {};
  if (values.every((member) => member.const !== undefined)) {
    const constants: Json[] = values.map((member) => member.const);
    return { type: 'string', enum: nullable.nullable ? [...constants, null] : constants, ...nullable };
  }
  const [only] = values;
  if (values.length !== 1 || only === undefined) {
    return { anyOf: values.map((member) => toOpenApiSchema(member, schemas)), ...nullable };
  }
  const converted = toOpenApiSchema(only, schemas);
  return '$ref' in converted ? { allOf: [converted], ...nullable } : { ...converted, ...nullable };
}

function exampleIn(schema: TSchema): JsonObject {
  const example: unknown = schema.examples?.[0];
  return isJson(example) ? { example } : {};
}

const SCALAR_KEYWORDS = [
  'type',
  'format',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'default',
  'enum',
];

function scalarKeywords(schema: TSchema): JsonObject {
  const kept: Record<string, Json> = {};
  for (const keyword of SCALAR_KEYWORDS) {
    const value: unknown = schema[keyword];
    if (isJson(value)) kept[keyword] = value;
  }
  return kept;
}

function isJson(value: unknown): value is Json {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
}
