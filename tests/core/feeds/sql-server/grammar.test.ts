import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { BUILD_WITHIN_MS, dotnetMissing } from '../../../support/dotnet/sdk.ts';
import { type Reading, readTSql } from '../../../support/dotnet/tsql-grammar.ts';
import { companyRow, emptyCompany, insertRow } from '../../../support/sql-company.ts';
import { type SqlServerEndpoint, serveSqlServer } from '../../../support/sql-server-endpoint.ts';
import { unless } from '../../../support/unless.ts';
import { follow } from './follower.ts';

/** What the grammar must notice: one that takes everything would prove nothing. */
const REFUSED = ['select * form Payments', 'select * from Payments limit 3'];

/** Kinds of statement, by Microsoft's names, that change nothing in a database. */
const HARMLESS = new Set([
  'SelectStatement',
  'PredicateSetStatement',
  'SetTextSizeStatement',
  'SetTransactionIsolationLevelStatement',
  'BeginTransactionStatement',
  'CommitTransactionStatement',
  'DeclareVariableStatement',
  'IfStatement',
]);

describe.skipIf(dotnetMissing !== null)(unless(dotnetMissing, "every statement, by Microsoft's grammar"), () => {
  let server: SqlServerEndpoint;
  let sent: string[];
  let readings: Reading[][];

  beforeAll(async () => {
    server = await serveEveryWay();
    const isOurs = (sql: string) =>
      !/^\s*set (ansi|arith|concat|cursor|datefirst|implicit|language|lock|quoted)/i.test(sql);
    sent = [...new Set(server.endpoint.statements.map(({ sql }) => sql).filter(isOurs))];
    readings = await readTSql([...sent, ...REFUSED]);
  }, BUILD_WITHIN_MS);

  afterAll(() => server.close());

  test('is valid from SQL Server 2016 on, and changes nothing', () => {
    expect(sent.length).toBeGreaterThan(10);
    for (const [index, sql] of sent.entries()) {
      for (const { errors, statements } of readings[index] ?? []) {
        expect({ sql, errors }).toEqual({ sql, errors: [] });
        expect(statements.filter((kind) => !HARMLESS.has(kind))).toEqual([]);
      }
    }
  });

  test('would be refused if it were wrong', () => {
    for (const reading of readings.slice(sent.length).flat()) expect(reading.errors).not.toEqual([]);
    expect(readings).toHaveLength(sent.length + REFUSED.length);
  });
});

/** Makes the feed send each of its statements once. */
async function serveEveryWay(): Promise<SqlServerEndpoint> {
  const database = emptyCompany();
  insertRow(database, 'Claims', companyRow('Claims', 1));
  const server = await serveSqlServer(database);
  for (const abilities of [
    { snapshot: true, changeTracking: 'on' },
    { snapshot: false, changeTracking: 'on' },
    { changeTracking: 'partly' },
    { usageStatistics: 'denied' },
  ] as const) {
    Object.assign(server.abilities, abilities);
    const follower = await follow(server.source());
    server.write('update Claims set Status = Status + 1');
    await follower.poll();
    server.changes.truncate('Files');
    await follower.poll(true);
    await follower.session.compare(AbortSignal.timeout(60_000));
    await follower.close();
  }
  return server;
}
