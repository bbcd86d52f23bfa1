import type { TSchema } from '@sinclair/typebox';
import { PROBLEMS, type ProblemCode } from '../problems.ts';
import type { Json, JsonObject } from './json.ts';
import { exampleOf, toOpenApiSchema } from './openapi-schema.ts';
import { ProblemDocument } from './problem-response.ts';
import type { Route } from './route.ts';

export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
}

/** Refusals that any route may answer, so that each route need not list them. */
const EVERYWHERE: readonly ProblemCode[] = ['method-not-allowed', 'internal'];
const WHEN_CLOSED: readonly ProblemCode[] = ['not-authenticated', 'not-allowed'];

/**
 * The OpenAPI 3.0.3 document of the given routes: every route, parameter, response and error with its schema and an
 * example, and JSON as the only content there is.
 */
export function openApiDocument(routes: readonly Route[], info: OpenApiInfo): JsonObject {
  const schemas: Record<string, Json> = {};
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    for (const path of [route.path, ...(route.aliases ?? [])]) {
      paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, path, schemas) };
    }
  }
  const { title, version, description, tags } = info;
  return {
    openapi: '3.0.3',
    info: { title, version, description, license: { name: 'MIT', url: 'https://opensource.org/license/mit' } },
    servers: [{ url: '/', description: 'This server' }],
    tags: tags.map((tag) => ({ ...tag })),
    paths,
    components: {
      schemas,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'jwt' },
      },
    },
  };
}

function operation(route: Route, path: string, schemas: Record<string, Json>): JsonObject {
  const parameters = [...parametersOf('path', route.params, schemas), ...parametersOf('query', route.query, schemas)];
  return {
    operationId: operationId(route.method, path),
    tags: [route.tag],
    summary: route.summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    security: route.open === true ? [] : [{ bearer: [] }, { cookie: [] }],
    responses: responsesOf(route, schemas),
  };
}

function operationId(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');
}

function parametersOf(place: 'path' | 'query', schema: Route['query'], schemas: Record<string, Json>): JsonObject[] {
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path',
    description: property.description ?? name,
    schema: toOpenApiSchema(property, schemas),
    example: exampleOf(property),
  }));
}

function responsesOf(route: Route, schemas: Record<string, Json>): JsonObject {
  const { status, description, schema } = route.response;
  const responses: Record<string, Json> = { [status]: content(description, schema, schemas, 'application/json') };
  for (const [code, text] of Object.entries(route.bodiless ?? {})) responses[code] = { description: text };
  const refusals = [...route.problems, ...EVERYWHERE, ...(route.open === true ? [] : WHEN_CLOSED)];
  for (const code of refusals) {
    const { status: refusal, title } = PROBLEMS[code];
    responses[refusal] ??= problemContent(code, refusal, title, schemas);
  }
  return responses;
}

function problemContent(code: ProblemCode, status: number, title: string, schemas: Record<string, Json>): JsonObject {
  const example = {
    type: `urn:greg-bi:problem:${code}`,
    title,
    status,
    detail: title,
    instance: '/api/claims',
    message: title,
  };
  const schema = toOpenApiSchema(ProblemDocument, schemas);
  return {
    description: title,
    content: {
      'application/problem+json': { schema, example },
      'application/json': { schema, example },
    },
  };
}

function content(description: string, schema: TSchema, schemas: Record<string, Json>, type: string): JsonObject {
  return { description, content: { [type]: { schema: toOpenApiSchema(schema, schemas), example: exampleOf(schema) } } };
}
