import type { Database } from 'bun:sqlite';
import { expect } from 'bun:test';
import type { SqlReader } from '../../src/core/sources/sql/source.ts';
import { type AskedQuery, type Replay, replay } from './replay.ts';
import { layOut } from './replay-sql.ts';

/** One question to a repository, on a small fixed database. */
export interface GoldenCase {
  readonly title: string;
  readonly database: Database;
  readonly ask: (reader: SqlReader) => Promise<unknown>;
  /** Optional columns that this database lacks, as `Table.Column`: no query may name them. */
  readonly without?: ReadonlySet<string>;
}

/**
 * Asks each question in both languages and compares queries, parameters and rows with the committed golden file.
 * `UPDATE_GOLDEN=1` rewrites the file; its difference is then what there is to review.
 */
export async function expectGolden(file: string, cases: readonly GoldenCase[]): Promise<void> {
  const sections: string[] = [];
  for (const { title, database, ask, without } of cases) {
    const asked = await replay(database, ask);
    expect(asked.sqlServer.length).toBe(asked.sqlite.length);
    expect(asked.sqlServerResult).toEqual(asked.sqliteResult);
    for (const query of asked.sqlServer) expectTransactSql(query);
    for (const query of [...asked.sqlite, ...asked.sqlServer]) expectAbsent(query, without ?? new Set());
    sections.push(`-- ==== ${title} ====\n${describeReplay(asked)}`);
  }
  const text = `${sections.join('\n\n')}\n`;
  if (process.env.UPDATE_GOLDEN === '1') await Bun.write(file, text);
  expect(text).toBe(await Bun.file(file).text());
}

/** What T-SQL would refuse, as far as the text tells. */
function expectTransactSql({ sql }: AskedQuery): void {
  expect(sql).toMatch(/^(select|with) /);
  expect(sql).not.toMatch(/\blimit\b/i);
  for (const line of layOut(sql).split('\n')) {
    // A grouped expression that holds a parameter is not the selected one to SQL Server.
    if (line.trimStart().startsWith('group by')) expect(line).not.toContain('@');
  }
}

function expectAbsent({ sql }: AskedQuery, without: ReadonlySet<string>): void {
  for (const path of without) expect(sql).not.toContain(`"${path.split('.')[1]}"`);
}

function describeReplay({ sqlite, sqlServer }: Replay): string {
  return sqlite
    .map((query, index) => {
      const translated = sqlServer[index];
      return [
        '-- SQLite',
        describeQuery(query),
        '-- T-SQL',
        translated === undefined ? '-- not asked' : describeQuery(translated),
        describeRows(query),
      ].join('\n');
    })
    .join('\n\n');
}

function describeQuery({ sql, parameters }: AskedQuery): string {
  const listed = parameters.map((value) =>
    value instanceof Date ? `datetime ${value.toJSON()}` : JSON.stringify(value),
  );
  return [`${layOut(sql)};`, ...listed.map((value, index) => `--   @${index + 1} = ${value}`)].join('\n');
}

function describeRows({ sql, rows }: AskedQuery): string {
  const lines = rows.map((row) => `--   ${JSON.stringify(row)}`);
  // The order of rows that nobody ordered is SQLite's own business.
  const listed = sql.includes(' order by ') ? lines : lines.toSorted();
  return [`-- rows: ${rows.length}`, ...listed].join('\n');
}
