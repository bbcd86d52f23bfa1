import { beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { sqlTables } from '../../src/company/tables.ts';
import { BUILD_WITHIN_MS, dotnetMissing } from '../support/dotnet/sdk.ts';
import { type Reading, readTSql } from '../support/dotnet/tsql-grammar.ts';
import { unless } from '../support/unless.ts';

const SCRIPTS = ['schema', 'login', 'change-tracking'] as const;
/** Statements of a script that stand by themselves; all others are in an IF, so that running it again changes nothing. */
const REPEATABLE = ['IfStatement', 'PredicateSetStatement', 'GrantStatement'];
const TABLES = sqlTables.map(({ name }) => name).sort();

const read = (name: string) => Bun.file(join(import.meta.dir, `../../db/${name}.sql`)).text();

describe('db/schema.sql', () => {
  test('has the tables and columns that are read, and no other', async () => {
    const created = [...(await read('schema')).matchAll(/create table dbo\.(\w+) \(\n([\s\S]*?)\n {2}\);/g)];
    const columns = created.map(([, table = '', body = '']) => [table, columnsOf(body)] as const);
    const expected = sqlTables.map((table) => [table.name, Object.keys(table.columns)] as const);
    expect(columns).toEqual(expected);
  });

  test('makes nothing but tables and their indexes', async () => {
    const made = (await read('schema')).match(/^\s*create \w+/gm)?.map((statement) => statement.trim());
    expect([...new Set(made)].sort()).toEqual(['create index', 'create table']);
    expect(made).toHaveLength(sqlTables.length + sqlTables.flatMap(({ indexes }) => indexes).length);
  });
});

describe('db/login.sql', () => {
  test('gives what is needed of every table, and nothing else', async () => {
    const grants = [...(await read('login')).matchAll(/\bgrant (.+) on dbo\.(\w+) to (\w+);/g)];
    expect(grants.map(([, , table = '']) => table).sort()).toEqual(TABLES);
    for (const [, permissions, , who] of grants) {
      expect({ permissions, who }).toEqual({ permissions: 'select, view change tracking', who: 'greg_bi' });
    }
    expect((await read('login')).match(/^\s*grant\b/gm)).toHaveLength(TABLES.length);
  });
});

describe('db/change-tracking.sql', () => {
  test('is for every table', async () => {
    const tables = [...(await read('change-tracking')).matchAll(/alter table dbo\.(\w+) enable change_tracking;/g)];
    expect(tables.map(([, table = '']) => table).sort()).toEqual(TABLES);
  });
});

describe.skipIf(dotnetMissing !== null)(unless(dotnetMissing, "the scripts, by Microsoft's grammar"), () => {
  let readings: Reading[][];

  beforeAll(async () => {
    readings = await readTSql(await Promise.all(SCRIPTS.map(read)));
  }, BUILD_WITHIN_MS);

  test.each(SCRIPTS.map((name, index) => [name, index] as const))('%s is valid, and may be run again', (_, index) => {
    const versions = readings[index] ?? [];
    expect(versions).toHaveLength(5);
    for (const { errors, statements } of versions) {
      expect(errors).toEqual([]);
      expect(statements.length).toBeGreaterThan(TABLES.length);
      expect(statements.filter((kind) => !REPEATABLE.includes(kind))).toEqual([]);
    }
  });
});

function columnsOf(body: string): string[] {
  const names = body.split('\n').map((line) => line.trim().split(' ', 1)[0] ?? '');
  return names.filter((name) => name !== 'constraint');
}
