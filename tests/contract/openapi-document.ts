import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

const Media = Type.Object({
  schema: Type.Record(Type.String(), Type.Unknown()),
  example: Type.Optional(Type.Unknown()),
  examples: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
const Reply = Type.Object({
  description: Type.String({ minLength: 1 }),
  content: Type.Optional(Type.Record(Type.String(), Media)),
});
const Parameter = Type.Object({
  name: Type.String(),
  in: Type.Union([Type.Literal('path'), Type.Literal('query')]),
  description: Type.String({ minLength: 1 }),
  schema: Type.Record(Type.String(), Type.Unknown()),
  example: Type.Unknown(),
});
const Operation = Type.Object({
  operationId: Type.String({ pattern: '^[a-z][A-Za-z]+$' }),
  tags: Type.Array(Type.String(), { minItems: 1, maxItems: 1 }),
  summary: Type.String({ minLength: 5 }),
  parameters: Type.Optional(Type.Array(Parameter)),
  security: Type.Array(Type.Record(Type.String(), Type.Array(Type.String()))),
  responses: Type.Record(Type.String(), Type.Union([Reply, Type.Object({ $ref: Type.String() })])),
});

/** An OpenAPI document as far as the tests look into it. It is read with this, so that it has at least this. */
const OpenApiDocument = Type.Object({
  openapi: Type.Literal('3.0.3'),
  tags: Type.Array(Type.Object({ name: Type.String(), description: Type.String({ minLength: 5 }) })),
  paths: Type.Record(Type.String(), Type.Record(Type.String(), Operation)),
  components: Type.Object({
    schemas: Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown())),
    responses: Type.Record(Type.String(), Reply),
  }),
});
export type OpenApiDocument = Static<typeof OpenApiDocument>;

export interface DocumentedOperation extends Static<typeof Operation> {
  readonly method: string;
  readonly path: string;
  /** By status, references followed. */
  readonly replies: readonly (readonly [status: string, reply: Static<typeof Reply>])[];
}

/** @throws AssertError where a server's document is not of the shape that is expected */
export async function documentOf(url: string): Promise<OpenApiDocument> {
  const document: unknown = await (await fetch(`${url}/swagger/json`)).json();
  Value.Assert(OpenApiDocument, document);
  return document;
}

export function operationsOf({ paths, components }: OpenApiDocument): DocumentedOperation[] {
  const follow = (reply: Static<typeof Operation>['responses'][string]): Static<typeof Reply> => {
    if (!('$ref' in reply)) return reply;
    const found = components.responses[reply.$ref.split('/').at(-1) ?? ''];
    if (found === undefined) throw new Error(`${reply.$ref} leads nowhere`);
    return found;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
      replies: Object.entries(operation.responses).map(([status, reply]) => [status, follow(reply)] as const),
    })),
  );
}
