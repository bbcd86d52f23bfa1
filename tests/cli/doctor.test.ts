import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { clockFinding, describeFindings, Finding, ok, warning } from '../../src/cli/doctor/finding.ts';
import { emptyDatabase } from '../support/company-database.ts';
import { insertCompany } from '../support/company-rows.ts';
import { startMongoEndpoint } from '../support/mongo-endpoint/endpoint.ts';
import { type SqlServerEndpoint, serveSqlServer } from '../support/sql-server-endpoint.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { runProgram } from './run-program.ts';

const WITHIN_MS = 30_000;
const SECRET = 'hunter2-of-the-database';

const run = (environment: Record<string, string>, ...options: string[]) =>
  runProgram('doctor', environment, ...options);

async function findingsOf(environment: Record<string, string>) {
  const { output, exitCode } = await run(environment, '--json');
  const findings: unknown = JSON.parse(output);
  Value.Assert(Type.Array(Finding), findings);
  return { findings, exitCode, verdicts: new Map(findings.map(({ what, verdict }) => [what, verdict])), output };
}

describe('the doctor', () => {
  test(
    'finds nothing broken where nothing is configured',
    async () => {
      const { verdicts, exitCode } = await findingsOf({});
      expect(exitCode).toBe(0);
      for (const what of ['SQL Server', 'MongoDB', 'Redis', 'Rows.com', 'Notion']) {
        expect(verdicts.get(what)).toBe('not configured');
      }
    },
    WITHIN_MS,
  );

  test(
    'tells of everything that cannot be reached, shows no secret, and exits with 1',
    async () => {
      const environment = {
        ...{ DB_SERVER: '127.0.0.1', DB_PORT: '1', DB_NAME: 'Greg', DB_USER: 'greg_bi', DB_PASSWORD: SECRET },
        ...{ MONGO_CONNECTION_STRING: `mongodb://u:${SECRET}@127.0.0.1:1/`, MONGO_CONNECT_TIMEOUT_MS: '500' },
        ...{ REDIS_URL: `redis://:${SECRET}@127.0.0.1:1`, JWT_SECRET: SECRET },
        ...{ ROWS_API_KEY: SECRET, ROWS_SPREADSHEET_ID: 's', ROWS_API_URL: 'http://127.0.0.1:1' },
        ...{ NOTION_TOKEN: SECRET, NOTION_PAGE_ID: '0'.repeat(32), NOTION_API_URL: 'http://127.0.0.1:1' },
      };
      const { verdicts, exitCode, output } = await findingsOf(environment);
      expect(exitCode).toBe(1);
      for (const what of ['SQL Server', 'MongoDB', 'Redis', 'Rows.com', 'Notion']) {
        expect(verdicts.get(what)).toBe('broken');
      }
      expect(verdicts.get('secret')).toBe('warning');
      expect(output).not.toContain(SECRET);
    },
    WITHIN_MS,
  );

  test(
    'reads a feature as the server would',
    async () => {
      const mongo = await startMongoEndpoint({ collections: { support_tickets: [] }, replicaSet: null });
      const { verdicts, findings, exitCode } = await findingsOf({ MONGO_CONNECTION_STRING: mongo.url });
      await mongo.close();
      expect(exitCode).toBe(0);
      expect(verdicts.get('feature support')).toBe('ok');
      expect(verdicts.has('feature claims')).toBe(false);
      expect(findings).toContainEqual({
        ...{ what: 'changes of documents', verdict: 'warning', found: 'interval' },
        next: expect.stringContaining('--replSet'),
      });
    },
    WITHIN_MS,
  );

  test(
    'of a collection that is not there, says where it is looked for',
    async () => {
      const mongo = await startMongoEndpoint({ collections: {} });
      const { findings, exitCode } = await findingsOf({ MONGO_CONNECTION_STRING: mongo.url });
      await mongo.close();
      expect(exitCode).toBe(1);
      expect(findings).toContainEqual({
        what: 'feature support',
        verdict: 'broken',
        found: expect.stringContaining('no collection support_tickets'),
        next: expect.stringContaining('MONGO_DATABASE'),
      });
    },
    WITHIN_MS,
  );

  test(
    'tells what makes no sense in the configuration',
    async () => {
      const { output, exitCode } = await run({ PORT: 'x', DB_SERVER: 'db' });
      expect(exitCode).toBe(1);
      expect(output).toMatch(/^configuration {2}broken {10}PORT: read "x"/);
      expect(output).toContain('DB_PASSWORD: is not set');
    },
    WITHIN_MS,
  );
});

describe('a SQL Server', () => {
  const DB_CA_FILE = join(import.meta.dir, '../support/tds/test-certificate.pem');
  const environmentOf = ({ endpoint }: SqlServerEndpoint) => ({
    ...{
      DB_SERVER: 'localhost',
      DB_PORT: String(endpoint.port),
      DB_NAME: 'Greg',
      DB_USER: 'greg_bi',
      DB_PASSWORD: SECRET,
    },
    DB_CA_FILE,
  });

  test(
    'of which the login may not read a table: the grant is written out, and with it everything is in order',
    async () => {
      const server = await serveSqlServer(emptyDatabase());
      server.abilities.revoked.add('Claims');
      const before = await findingsOf(environmentOf(server));
      expect(before.exitCode).toBe(1);
      expect(before.findings).toContainEqual({
        ...{ what: 'feature claims', verdict: 'broken', found: 'no table Claims that this login may see' },
        next: 'grant select on dbo.Claims to greg_bi (db/login.sql does); if it does not exist, db/schema.sql creates it',
      });
      expect(before.verdicts.get('feature users')).toBe('ok');
      server.abilities.revoked.clear();
      const after = await findingsOf(environmentOf(server));
      await server.close();
      expect(after.exitCode).toBe(0);
      expect(after.verdicts.get('feature claims')).toBe('ok');
    },
    WITHIN_MS,
  );

  test(
    'of which the login may not read a column that is needed',
    async () => {
      const server = await serveSqlServer(emptyDatabase());
      server.abilities.revoked.add('Claims.DataCreated');
      const { findings } = await findingsOf(environmentOf(server));
      await server.close();
      expect(findings).toContainEqual({
        ...{ what: 'feature claims', verdict: 'broken', found: 'no column Claims.DataCreated that this login may see' },
        next: expect.stringContaining('grant select on dbo.Claims to greg_bi'),
      });
    },
    WITHIN_MS,
  );

  test.each([
    ['that is not there', '/no/such/file.pem'],
    ['that is a folder', '/tmp'],
    ['that holds no certificate', import.meta.path],
  ])(
    'with a DB_CA_FILE %s',
    async (_, path) => {
      const environment = { DB_SERVER: 'localhost', DB_NAME: 'Greg', DB_USER: 'greg_bi', DB_PASSWORD: SECRET };
      const { findings, exitCode, output } = await findingsOf({ ...environment, DB_CA_FILE: path });
      expect(exitCode).toBe(1);
      expect(findings).toContainEqual({
        ...{ what: 'configuration', verdict: 'broken', next: expect.any(String) },
        found: expect.stringContaining(`DB_CA_FILE: read "${path}"`),
      });
      expect(output).not.toContain(SECRET);
    },
    WITHIN_MS,
  );
});

describe('a folder of data', () => {
  const folder = temporaryFolders();

  test(
    'is read as the server would, and each invalid value is reported with an example',
    async () => {
      const DEMO_DIR = folder();
      const database = emptyDatabase();
      insertCompany(database, Date.now());
      database.run(`update Payments set Amount = 'a lot' where Id = (select min(Id) from Payments)`);
      await Bun.write(join(DEMO_DIR, 'greg.sqlite'), database.serialize());
      await Bun.write(join(DEMO_DIR, 'support_tickets.jsonl'), '');
      const { findings, exitCode } = await findingsOf({ DEMO_DIR });
      expect(exitCode).toBe(0);
      expect(findings).toContainEqual({
        ...{
          what: 'data Payments.Amount',
          verdict: 'warning',
          next: expect.stringContaining('correct it at the source'),
        },
        found: expect.stringMatching(/^1 row holds a value that the column does not allow, such as the one with key /),
      });
    },
    WITHIN_MS,
  );

  test(
    'without what a feature needs, says where to put it',
    async () => {
      const DEMO_DIR = folder();
      await Bun.write(join(DEMO_DIR, 'support_tickets.jsonl'), '');
      const { findings, exitCode } = await findingsOf({ DEMO_DIR });
      expect(exitCode).toBe(1);
      expect(findings).toContainEqual({
        ...{ what: 'feature users', verdict: 'broken', next: expect.stringContaining('greg.sqlite in DEMO_DIR') },
        found: expect.stringContaining('no table AspNetUsers'),
      });
    },
    WITHIN_MS,
  );

  test(
    'with an unreadable file is reported with the file',
    async () => {
      const DEMO_DIR = folder();
      await Bun.write(join(DEMO_DIR, 'support_tickets.jsonl'), '{"_id": 1}\nnonsense\n');
      const { output, exitCode } = await findingsOf({ DEMO_DIR });
      expect(exitCode).toBe(1);
      expect(output).toContain('support_tickets.jsonl');
    },
    WITHIN_MS,
  );
});

test('clocks may differ by two seconds, and by the time that asking takes', () => {
  expect(clockFinding('clock', 3_000, { from: 0, to: 2_000 })).toMatchObject({ verdict: 'ok' });
  expect(clockFinding('clock', -3_000, { from: 0, to: 10 })).toMatchObject({
    verdict: 'warning',
    found: expect.stringContaining('behind'),
  });
});

test('the table has a line each, and what to do below it', () => {
  expect(describeFindings([ok('one', 'good'), warning('second', 'so so', 'do this')])).toBe(
    [
      'one     ok              good',
      'second  warning         so so',
      '                        → do this',
      '',
      '1 ok, 1 warnings, 0 broken\n',
    ].join('\n'),
  );
});
