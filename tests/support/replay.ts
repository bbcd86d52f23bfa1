import type { Database } from 'bun:sqlite';
import {
  type CompiledQuery,
  type Driver,
  Kysely,
  MssqlAdapter,
  MssqlIntrospector,
  MssqlQueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { ColumnCatalog } from '../../src/core/sources/sql/catalog.ts';
import type { SqlReader } from '../../src/core/sources/sql/source.ts';
import { sqliteDialect } from '../../src/core/sources/sql/sqlite/dialect.ts';
import { sqlServerDialect } from '../../src/core/sources/sql/sqlserver/dialect.ts';
import type { Tables } from '../../src/core/sources/sql/tables.ts';
import { columnsIn } from './sqlite-columns.ts';

/** A query as it reached an engine, and what it answered. */
export interface AskedQuery {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly rows: readonly unknown[];
}

/** The same question in both languages, in the order in which they were asked. */
export interface Replay {
  readonly sqlite: readonly AskedQuery[];
  readonly sqlServer: readonly AskedQuery[];
  readonly sqliteResult: unknown;
  readonly sqlServerResult: unknown;
}

/**
 * Runs repository code on SQLite and records its queries, then runs it again with the T-SQL dialect and compiler, where
 * the nth query is answered with the nth recorded rows. Code that looks at one answer before it asks the next thus goes
 * the same way on both, and every query it can ask is seen in both languages though no SQL Server runs.
 */
export async function replay(database: Database, work: (reader: SqlReader) => Promise<unknown>): Promise<Replay> {
  const columns = new ColumnCatalog(columnsIn(database));
  const sqlite: AskedQuery[] = [];
  const sqlServer: AskedQuery[] = [];
  const recording = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => driverOf((query) => recordRows(database, query), sqlite),
      createIntrospector: (kysely) => new SqliteIntrospector(kysely),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
  const replaying = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new MssqlAdapter(),
      createDriver: () => driverOf(() => rowsAt(sqlite, sqlServer.length), sqlServer),
      createIntrospector: (kysely) => new MssqlIntrospector(kysely),
      createQueryCompiler: () => new MssqlQueryCompiler(),
    },
  });
  const sqliteResult = await work({ database: recording, dialect: sqliteDialect, columns });
  const sqlServerResult = await work({ database: replaying, dialect: sqlServerDialect, columns });
  return { sqlite, sqlServer, sqliteResult, sqlServerResult };
}

function driverOf(answer: (query: CompiledQuery) => readonly unknown[], log: AskedQuery[]): Driver {
  return {
    init: async () => {},
    acquireConnection: async () => ({
      async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
        const rows = answer(query);
        log.push({ sql: query.sql, parameters: query.parameters, rows });
        // The row type is what Kysely derived from the query and the tables; no driver can prove it.
        return { rows: rows as Row[] };
      },
      streamQuery: () => {
        throw new Error('No repository streams');
      },
    }),
    beginTransaction: async () => {},
    commitTransaction: async () => {},
    rollbackTransaction: async () => {},
    releaseConnection: async () => {},
    destroy: async () => {},
  };
}

function recordRows(database: Database, { sql, parameters }: CompiledQuery): unknown[] {
  return database.query<unknown, (string | number | null)[]>(sql).all(...parameters.map(bindable));
}

function rowsAt(recorded: readonly AskedQuery[], index: number): readonly unknown[] {
  const query = recorded[index];
  if (query === undefined) throw new Error('SQL Server is asked more queries than SQLite was');
  return query.rows;
}

/** @throws TypeError for what SQLite has no type for */
export function bindable(value: unknown): string | number | null {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw new TypeError(`SQLite cannot bind a value of type ${typeof value}`);
}
