import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { differingFiles, manifestOf } from '../features/exports/some-files.ts';
import { companySources, startCompanyServer } from '../support/company-server.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import type { TestServer } from '../support/test-server.ts';
import { runProgram } from './run-program.ts';

const SECRET = 'a secret of at least thirty-two bytes';
const WITHIN_MS = 60_000;
/** A port that nothing listens on. */
const NOBODY = '9';
const folders = temporaryFolders();

let server: TestServer;
let closed: TestServer;
beforeAll(async () => {
  server = await startCompanyServer(await companySources());
  closed = await startCompanyServer(await companySources(), { access: { secret: SECRET } });
});
afterAll(() => Promise.all([server.stop(), closed.stop()]));

const run = (environment: Readonly<Record<string, string>>, ...options: readonly string[]) =>
  runProgram('export', { PORT: NOBODY, STATE_DIR: folders(), ...environment }, ...options);
const names = (output: string) =>
  output
    .trim()
    .split('\n')
    .map((path) => path.replace(/^.*\//, '').replace(/-seq.*\./, '.'));

describe('npm run export, from a running server', () => {
  test(
    'writes one file for each part, prints their paths and lists them',
    async () => {
      const out = folders();
      const { output, exitCode } = await run(
        {},
        'claims',
        'users',
        '--format',
        'csv',
        '--url',
        `${server.url}/`,
        '--out',
        out,
      );
      expect(exitCode).toBe(0);
      expect(names(output)).toEqual([
        'greg-bi-claims-figures.csv',
        'greg-bi-claims-active.csv',
        'greg-bi-claims-by-reason.csv',
        'greg-bi-claims-by-status.csv',
        'greg-bi-claims-trend.csv',
        'greg-bi-users-figures.csv',
        'greg-bi-users-list.csv',
      ]);
      const [first = ''] = output.split('\n');
      const served = await fetch(`${server.url}/api/claims/export?format=csv&part=figures`);
      expect(readFileSync(first, 'utf8')).toBe(await served.text());
      expect(manifestOf(out)[0]).toMatchObject({
        feature: 'claims',
        part: 'figures',
        format: 'csv',
        seq: Number(served.headers.get('snapshot-seq')),
        rows: Number(served.headers.get('row-count')),
        generatedAt: served.headers.get('snapshot-at'),
      });
      expect(differingFiles(out)).toEqual([]);
    },
    WITHIN_MS,
  );

  test(
    'that listens on PORT needs no address, and EXPORT_DIR says where to',
    async () => {
      const directory = folders();
      const environment = { PORT: new URL(server.url).port, EXPORT_DIR: directory };
      const { output, errors, exitCode } = await run(environment, 'storage', '--format', 'xlsx');
      expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: `Exporting from ${server.url}\n` });
      expect(names(output)).toEqual(['greg-bi-storage.xlsx']);
      expect(manifestOf(directory)).toHaveLength(1);
    },
    WITHIN_MS,
  );

  test(
    'with access control needs a token, from a file or the environment',
    async () => {
      const without = await run({}, 'users', '--format', 'json', '--url', closed.url, '--out', folders());
      expect(without.exitCode).toBe(1);
      expect(without.errors).toContain('(401)');
      expect(without.errors).toContain('give one with --token-file or EXPORT_TOKEN');
      const token = await new SignJWT({ role: 'Admin' })
        .setProtectedHeader({ alg: 'HS256' })
        .setExpirationTime('1h')
        .sign(new TextEncoder().encode(SECRET));
      const file = join(folders(), 'token');
      writeFileSync(file, `${token}\n`);
      const options = ['users', '--format', 'json', '--url', closed.url, '--out', folders()];
      const [fromFile, fromEnvironment] = await Promise.all([
        run({}, ...options, '--token-file', file),
        run({ EXPORT_TOKEN: token }, ...options),
      ]);
      for (const { exitCode, output, errors } of [fromFile, fromEnvironment]) {
        expect({ exitCode, names: names(output) }).toEqual({ exitCode: 0, names: ['greg-bi-users.json'] });
        expect(output + errors).not.toContain(token);
      }
    },
    WITHIN_MS,
  );
});

describe('npm run export, straight from the sources', () => {
  test(
    'writes the figures of the demo company',
    async () => {
      const directory = folders();
      const environment = { EXPORT_DIR: directory, DEMO_SCALE: '0.02', DEMO_RATE: '0' };
      const { output, errors, exitCode } = await run(environment, 'financial', '--format', 'json');
      expect(errors).toContain(`No server answers at http://127.0.0.1:${NOBODY}: reading the sources`);
      expect(exitCode).toBe(0);
      const { data } = JSON.parse(readFileSync(output.trim(), 'utf8'));
      expect(data.payments.TotalPayments).toBeGreaterThan(0);
      expect(data.revenueByDay).toHaveLength(90);
    },
    WITHIN_MS,
  );

  test(
    'says why a database cannot be read',
    async () => {
      const environment = {
        DB_SERVER: '127.0.0.1',
        DB_PORT: NOBODY,
        DB_NAME: 'x',
        DB_USER: 'x',
        DB_PASSWORD: 'secret',
      };
      const { errors, exitCode } = await run(environment, 'claims', '--format', 'json', '--out', folders());
      expect(exitCode).toBe(1);
      expect(errors).toContain('claims cannot be read: ');
      expect(errors).not.toContain('secret');
    },
    WITHIN_MS,
  );
});

describe('npm run export refuses', () => {
  test.each([
    [[], '--format must be one of csv, json, xlsx, parquet'],
    [['--format', 'pdf'], '--format must be one of'],
    [['sales', '--format', 'csv'], 'There is no feature sales; the features are claims, financial'],
    [['--format', 'csv', '--url', 'here'], '--url must be an address such as http://127.0.0.1:8000'],
    [['--format', 'csv', '--colour'], '--colour'],
  ])('the arguments %j with 2, and says what would be right', async (options, words) => {
    const { errors, exitCode } = await run({}, ...options);
    expect(exitCode).toBe(2);
    expect(errors).toContain(words);
    expect(errors).toContain('npm run export -- [features] --format');
  });

  test.each([
    [['claims', '--format', 'csv', '--part', 'none'], 'is none of figures, active'],
    [['claims', '--format', 'csv', '--token-file', '/no/such/file'], 'There is no file /no/such/file with a token'],
    [['claims', '--format', 'csv', '--out', '/dev/null/exports'], '/dev/null'],
  ])('%j with 1', async (options, words) => {
    const { errors, exitCode } = await run({ PORT: new URL(server.url).port }, '--out', folders(), ...options);
    expect(exitCode).toBe(1);
    expect(errors).toContain(words);
    expect(errors).not.toContain('    at ');
  });
});
