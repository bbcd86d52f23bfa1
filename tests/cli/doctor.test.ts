import { describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { clockFinding, describeFindings, Finding, ok, warning } from '../../src/cli/doctor/finding.ts';
import { lookAtNotion, lookAtRows } from '../../src/cli/doctor/services.ts';
import { lookAtSqlServer } from '../../src/cli/doctor/sql-server.ts';
import { emptyDatabase } from '../support/company-database.ts';
import { startMongoEndpoint } from '../support/mongo-endpoint/endpoint.ts';
import { serveSqlServer } from '../support/sql-server-endpoint.ts';
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
        ...{ NOTION_TOKEN: SECRET, NOTION_API_URL: 'http://127.0.0.1:1' },
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

test('a SQL Server is asked for its version, clock, isolation and what the login may', async () => {
  const server = await serveSqlServer(emptyDatabase(), {
    interfere({ sql }) {
      const answer = (name: string, type: 'nvarchar' | 'datetime2' | 'int', value: unknown) => ({
        columns: [{ name, type }],
        rows: [[value]],
      });
      if (sql.includes('@@version')) return answer('text', 'nvarchar', 'Microsoft SQL Server 2022 (RTM)\nmore');
      if (sql.includes('sysutcdatetime')) return answer('now', 'datetime2', new Date(Date.now() + 60_000));
      if (sql.includes('snapshot_isolation_state')) return answer('state', 'int', 1);
      return sql.includes('has_perms_by_name') ? answer('may', 'int', 1) : undefined;
    },
  });
  const findings = await lookAtSqlServer(server.settings());
  await server.close();
  expect(findings.map(({ what, verdict }) => `${what}: ${verdict}`)).toEqual([
    'SQL Server: ok',
    'SQL Server version: ok',
    'SQL Server clock: warning',
    'SQL Server snapshots: ok',
    'SQL Server permissions: warning',
  ]);
  expect(findings[2]?.found).toContain('ahead');
});

test('Rows.com and Notion are asked with their keys', async () => {
  const api = Bun.serve({
    port: 0,
    fetch: ({ url, headers }) => {
      const isKnown = headers.get('authorization') === 'Bearer good' && /(spreadsheets\/s|users\/me)$/.test(url);
      return new Response(null, { status: isKnown ? 200 : 401 });
    },
  });
  const url = api.url.origin;
  expect(await lookAtRows({ key: 'good', spreadsheet: 's', url })).toMatchObject({ verdict: 'ok' });
  expect(await lookAtRows({ key: 'bad', spreadsheet: 's', url })).toMatchObject({
    verdict: 'broken',
    found: 'answers 401',
  });
  expect(await lookAtRows({ key: 'good', spreadsheet: null, url })).toMatchObject({ verdict: 'broken' });
  expect(await lookAtNotion({ token: 'good', url })).toMatchObject({ verdict: 'ok' });
  await api.stop();
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
