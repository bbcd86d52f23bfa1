import type { Json, JsonObject } from '../runtime/json.ts';
import { createOpenApiComponents, type OpenApiComponents } from './openapi-components.ts';
import type { HeaderName } from './openapi-headers.ts';
import { exampleOf, toOpenApiSchema } from './openapi-schema.ts';
import type { Route } from './route.ts';

/** A group of routes. */
export interface Tag {
  readonly name: string;
  /** The name that the page shows. */
  readonly title: string;
  readonly description: string;
}

export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly tags: readonly Tag[];
  /** Whether access control is on. If off, every route may be called without a token. */
  readonly closed: boolean;
}

/** Aliases have their own tag, so that each feature lists each route once. */
const ALIASES: Tag = {
  name: 'aliases',
  title: 'Without /api',
  description: 'The same routes without the prefix `/api`',
};

/** Conventions of every route. */
const CONVENTIONS = `
Figures are parts of snapshots and are served from memory, with an \`ETag\` for \`If-None-Match\` and an \`Age\` in seconds.
Every \`GET\` route answers \`HEAD\`. Bodies of 1 KiB or more are compressed for clients that accept it (br, zstd, gzip).
Errors are problem documents (RFC 9457): 404 for an unknown route, 405 for a method that is not listed.

The same figures are pushed over WebSocket: connect to \`/hubs/{name}\`, where the name is that of a feature,
\`notifications\`, or \`all\`.
`;

/**
 * The OpenAPI 3.0.3 document of the routes: every route, parameter, response and error with its schema and an example.
 * Bodies are JSON, unless the route lists other content types.
 */
export function openApiDocument(routes: readonly Route[], info: OpenApiInfo): JsonObject {
  const components = createOpenApiComponents();
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    for (const path of [route.path, ...(route.aliases ?? [])]) {
      paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, path, info, components) };
    }
  }
  const { title, version, description, tags } = info;
  const listed = routes.some(({ aliases = [] }) => aliases.length > 0) ? [...tags, ALIASES] : tags;
  return {
    openapi: '3.0.3',
    info: {
      title,
      version,
      description: `${description}.\n${CONVENTIONS}`,
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: '/', description: 'This server' }],
    tags: listed.map(({ name, title: displayed, description: text }) => ({
      name,
      'x-displayName': displayed,
      description: text,
    })),
    paths,
    components: {
      ...components.all(),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'jwt' },
      },
    },
  };
}

function operation(route: Route, path: string, { closed }: OpenApiInfo, components: OpenApiComponents): JsonObject {
  const isAlias = path !== route.path;
  const parameters = [
    ...parametersOf('path', route.params, components),
    ...parametersOf('query', route.query, components),
  ];
  const token = [{ bearer: [] }, { cookie: [] }];
  return {
    operationId: operationId(route.method, path) + (isAlias ? 'Alias' : ''),
    tags: [isAlias ? ALIASES.name : route.tag],
    summary: route.summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    security: route.open === true ? [] : closed ? token : [{}, ...token],
    responses: responsesOf(route, components),
  };
}

/** `getClaimsByReason` for `GET /api/claims/by-reason`. */
function operationId(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '' && word !== 'api');
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');
}

function parametersOf(place: 'path' | 'query', schema: Route['query'], { schemas }: OpenApiComponents): JsonObject[] {
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path',
    description: property.description ?? name,
    schema: toOpenApiSchema(property, schemas),
    example: exampleOf(property),
  }));
}

/** Whether the route answers 304 to `If-None-Match` (RFC 9110, section 13.1.2). */
function isConditional({ bodiless = {} }: Route): boolean {
  return 304 in bodiless;
}

/** A body that is no JSON. */
const FILE: JsonObject = { schema: { type: 'string', format: 'binary' }, example: 'The bytes of the file' };

function responsesOf(route: Route, components: OpenApiComponents): JsonObject {
  const { status, description, schema, otherContentTypes = [] } = route.response;
  const names: HeaderName[] = [...(isConditional(route) ? (['ETag'] as const) : []), ...(route.headers ?? [])];
  const headers = names.length > 0 ? { headers: components.headers(...names) } : {};
  const content = {
    'application/json': { schema: toOpenApiSchema(schema, components.schemas), example: exampleOf(schema) },
    ...Object.fromEntries(otherContentTypes.map((type) => [type, FILE])),
  };
  return {
    [status]: { description, ...headers, content },
    ...Object.fromEntries(
      Object.entries(route.bodiless ?? {}).map(([code, text]) => [code, { description: text, ...headers }]),
    ),
    ...components.refusals(route),
  };
}
