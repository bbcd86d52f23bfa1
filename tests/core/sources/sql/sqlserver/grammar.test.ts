import { beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { Glob } from 'bun';
import { BUILD_WITHIN_MS, dotnetMissing } from '../../../../support/dotnet/sdk.ts';
import { type Reading, readTSql } from '../../../../support/dotnet/tsql-grammar.ts';
import { unless } from '../../../../support/unless.ts';

const FEATURES = join(import.meta.dir, '../../../../features');
const VERSIONS = ['2016', '2017', '2019', '2022', '2025'];

/** What the grammar must notice: one that takes everything would tell nothing of ours. */
const REFUSED = ['select * form Payments', 'select * from Payments limit 3', 'select "Id" from "Payments" group by;'];
const NO_READING = [
  ['delete from Payments', 'DeleteStatement'],
  ['select * into Copy from Payments', 'SelectIntoStatement'],
  ['set transaction isolation level read uncommitted', 'SetTransactionIsolationLevelStatement'],
] as const;

describe.skipIf(dotnetMissing !== null)(unless(dotnetMissing, "every T-SQL statement, by Microsoft's grammar"), () => {
  let statements: Statement[];
  let readings: Reading[][];

  beforeAll(async () => {
    statements = await goldenStatements();
    readings = await readTSql([...statements.map(({ sql }) => sql), ...REFUSED, ...NO_READING.map(([sql]) => sql)]);
  }, BUILD_WITHIN_MS);

  test('is one of every query of every feature that reads SQL', () => {
    expect(new Set(statements.map(({ feature }) => feature)).size).toBe(6);
    expect(statements.length).toBeGreaterThan(25);
  });

  test('is valid from SQL Server 2016 on, and a SELECT that changes nothing', () => {
    for (const [index, { title }] of statements.entries()) {
      const expected = VERSIONS.map((version) => ({ version, statements: ['SelectStatement'], errors: [] }));
      expect({ title, readings: readings[index] }).toEqual({ title, readings: expected });
    }
  });

  test('would be refused if it were wrong', () => {
    const refused = readings.slice(statements.length, statements.length + REFUSED.length);
    for (const reading of refused.flat()) expect(reading.errors).not.toEqual([]);
    expect(refused).toHaveLength(REFUSED.length);
  });

  test('would be noticed if it were no SELECT', () => {
    const kinds = readings.slice(-NO_READING.length).map((each) => each.flatMap((reading) => reading.statements));
    expect(kinds).toEqual(NO_READING.map(([, kind]) => VERSIONS.map(() => kind)));
  });
});

interface Statement {
  readonly feature: string;
  /** The file and the query, for whoever reads a failure. */
  readonly title: string;
  readonly sql: string;
}

/** The T-SQL that is kept beside the expected rows of each query. */
async function goldenStatements(): Promise<Statement[]> {
  const files = await Array.fromAsync(new Glob('*/queries.golden.sql').scan(FEATURES));
  const found = files.sort().map(async (file) => {
    const text = await Bun.file(join(FEATURES, file)).text();
    const queries = [...text.matchAll(/^-- ==== (.+) ====$([\s\S]*?)(?=^-- ==== |(?![\s\S]))/gm)];
    return queries.flatMap(([, query = '', body = '']) => {
      const title = `${file}: ${query}`;
      return tSqlOf(body).map((sql) => ({ feature: file.split('/', 1)[0] ?? '', title, sql }));
    });
  });
  return (await Promise.all(found)).flat();
}

function tSqlOf(body: string): string[] {
  return body
    .split(/^-- T-SQL$/m)
    .slice(1)
    .map((part) => part.split(/^-- (?:rows|SQLite)/m, 1)[0] ?? '');
}
