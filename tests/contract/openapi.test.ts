import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { createAccess } from '../../src/core/access/access.ts';
import { createApp } from '../../src/core/http/app.ts';
import { assets } from '../support/assets.ts';
import { type CompanySources, companySources, routesOfServer, startCompanyServer } from '../support/company-server.ts';
import { DESCRIPTION, type TestServer } from '../support/test-server.ts';
import { type DocumentedOperation, documentOf, type OpenApiDocument, operationsOf } from './openapi-document.ts';

/**
 * `UPDATE_GOLDEN=1 bun test tests/contract/openapi.test.ts` writes the file anew; its difference is then what there is to
 * review.
 */
const GOLDEN = join(import.meta.dir, 'golden/openapi.json');
const REDOCLY = join(import.meta.dir, '../../node_modules/@redocly/cli/bin/cli.js');
/** It takes two seconds, on a machine that does nothing else. */
const LINT_WITHIN_MS = 60_000;
/** Served for people and for hubs, and no operations of the REST interface. */
const UNDOCUMENTED = ['/', '/assets/*', '/docs', '/swagger', '/swagger/json', '/swagger/scalar.js', '/hubs/:hub'];

let company: CompanySources;
let server: TestServer;
let document: OpenApiDocument;
let operations: DocumentedOperation[];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openapi-'));
  company = await companySources();
  server = await startCompanyServer(company, { access: { secret: 'a secret of at least thirty-two bytes' } });
  document = await documentOf(server.url);
  operations = operationsOf(document);
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

/** They need no snapshot. */
const NEVER_UNREADY = ['/api/about', '/about', '/health', '/ws/status', '/api/notifications', '/notifications'];

/** Whose parameter may name something that is not there. */
const NOT_FOUND = ['/rows/jobs/{id}', '/outlets/{outlet}/jobs/{id}', '/outlets/{outlet}/sync'];

describe('the document', () => {
  test('tells of every route that is served, and of no other', () => {
    const app = createApp({
      routes: routesOfServer(server, company),
      access: createAccess({ secret: null, roles: [], issuer: null, audience: null }),
      origins: [],
      openApi: {},
      assets,
      about: DESCRIPTION,
      hubs: { names: [], connect: async () => undefined, negotiate: async () => new Response() },
      onError: () => {},
    });
    const served = app.routes
      .filter(
        ({ method, path }) =>
          ['GET', 'POST'].includes(method) && !path.startsWith('/hubs/') && !UNDOCUMENTED.includes(path),
      )
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(served.sort());
    expect(served.length).toBeGreaterThan(80);
  });

  test('tells of no other method than those', () => {
    expect([...new Set(operations.map(({ method }) => method))].sort()).toEqual(['GET', 'POST']);
  });

  test('gives each operation a name of its own', () => {
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('getClaimsByReason');
  });

  test('groups each operation under a tag that it explains, and each feature lists a route once', () => {
    const tags = new Set(document.tags.map(({ name }) => name));
    for (const { tags: own } of operations) expect(tags).toContain(own[0] ?? 'none');
    for (const { path, tags: own } of operations) {
      expect(`${path} ${own[0] === 'aliases'}`).toBe(`${path} ${`/api${path}` in document.paths}`);
    }
  });

  test('has JSON as the only content of an answer but exported files, and problem documents as that of an error', () => {
    for (const { method, path, replies } of operations) {
      for (const [status, { content = {} }] of replies) {
        const where = `${method} ${path} ${status}`;
        expect(`${where} ${Object.keys(content)}`).toBe(`${where} ${typesOf(status, path)}`);
      }
    }
  });

  test('has a schema and an example for every answer and every error', () => {
    const contents = operations.flatMap(({ replies }) =>
      replies.flatMap(([, { content = {} }]) => Object.values(content)),
    );
    expect(contents.length).toBeGreaterThan(operations.length);
    for (const { schema, example, examples = {} } of contents) {
      expect(Object.keys(schema).length).toBeGreaterThan(0);
      expect(example !== undefined || Object.keys(examples).length > 0).toBe(true);
    }
  });

  test('has every error that a route may answer', () => {
    for (const { method, path, replies, security, parameters = [] } of operations) {
      const expected = ['405', '500', ...NOT_FOUND.filter((each) => path.endsWith(each)).map(() => '404')];
      if (security.length > 0) expected.push('401', '403');
      if (parameters.length > 0) expected.push('400');
      if (method === 'POST') expected.push('400', '413', '415');
      if (!NEVER_UNREADY.includes(path) && !path.includes('/outlets/')) expected.push('503');
      const told = replies.map(([status]) => status).filter(isError);
      expect(`${path} ${told.sort()}`).toBe(`${path} ${[...new Set(expected)].sort()}`);
    }
  });

  test('asks for a token where the server does', () => {
    const open = operations.filter(({ security }) => security.length === 0).map(({ path }) => path);
    expect(open.sort()).toEqual(['/health', '/ready']);
  });

  test('of a server without access control makes the token optional', async () => {
    const unguarded = await startCompanyServer(company);
    const told = operationsOf(await documentOf(unguarded.url));
    await unguarded.stop();
    for (const { path, security } of told) {
      if (!['/health', '/ready'].includes(path)) expect(security).toContainEqual({});
    }
    expect(told.map(({ path }) => path)).toEqual(operations.map(({ path }) => path));
  });

  test('is what /swagger/json answers to a page as well', async () => {
    const response = await fetch(`${server.url}/swagger/json`, { headers: { origin: 'http://localhost:5173' } });
    expect(await response.json()).toEqual(document);
  });

  test('holds nothing in a schema that OpenAPI 3.0 has no word for', () => {
    const words = new Set<string>();
    for (const schema of Object.values(document.components.schemas)) collectWords(schema, words);
    for (const word of ['const', '$id', 'patternProperties', 'examples']) expect([...words]).not.toContain(word);
  });

  test('is the golden one', async () => {
    const text = `${JSON.stringify(document, null, 2)}\n`;
    if (process.env.UPDATE_GOLDEN === '1') await Bun.write(GOLDEN, text);
    expect(text).toBe(await Bun.file(GOLDEN).text());
  });
});

describe('Redocly', () => {
  const Report = Type.Object({
    totals: Type.Object({ errors: Type.Integer(), warnings: Type.Integer() }),
    problems: Type.Array(Type.Object({ ruleId: Type.String(), message: Type.String() })),
  });

  async function lint(linted: unknown): Promise<string[]> {
    const file = join(folder, 'openapi.json');
    await Bun.write(file, JSON.stringify(linted));
    const config = join(import.meta.dir, 'redocly.yaml');
    const linter = Bun.spawn([process.execPath, REDOCLY, 'lint', file, '--config', config, '--format', 'json'], {
      env: { ...process.env, REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', REDOCLY_TELEMETRY: 'off' },
      stdout: 'pipe',
      stderr: 'ignore',
      timeout: LINT_WITHIN_MS,
    });
    const report: unknown = JSON.parse(await linter.stdout.text());
    Value.Assert(Report, report);
    return report.problems.map(({ ruleId, message }) => `${ruleId}: ${message}`);
  }

  test(
    'finds nothing to object to',
    async () => {
      expect(await lint(document)).toEqual([]);
    },
    LINT_WITHIN_MS + 10_000,
  );

  test(
    'would find an example that does not fit its schema',
    async () => {
      const broken = structuredClone(document);
      const summary = broken.components.schemas.ClaimSummary;
      if (summary !== undefined) summary.required = ['NoSuchFigure'];
      expect((await lint(broken)).join()).toContain('NoSuchFigure');
    },
    LINT_WITHIN_MS + 10_000,
  );
});

function typesOf(status: string, path: string): string[] {
  if (status === '304') return [];
  if (isError(status)) return ['application/problem+json', 'application/json'];
  return ['application/json', ...(path.endsWith('/export') ? FILE_TYPES : [])];
}

const FILE_TYPES = [
  'text/csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.apache.parquet',
];

function isError(status: string): boolean {
  return Number(status) >= 400;
}

function collectWords(schema: unknown, words: Set<string>): void {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [word, value] of Object.entries(schema)) {
    if (word === 'example' || word === 'enum' || word === 'default') continue;
    if (word !== 'properties') {
      if (!Array.isArray(schema)) words.add(word);
      collectWords(value, words);
      continue;
    }
    for (const property of Object.values(value ?? {})) collectWords(property, words);
  }
}
