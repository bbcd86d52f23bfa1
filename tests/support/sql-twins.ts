import type { Database } from 'bun:sqlite';
import type { SqlReader, SqlSource } from '../../src/core/sources/sql/source.ts';
import { type AskedQuery, bindable, replay } from './replay.ts';

/** A statement in T-SQL and its twin: the same query, compiled for SQLite. */
export interface Twins {
  /** A source over a real connection, whose every read is first compiled in both languages. */
  over(source: SqlSource): SqlSource;
  /** What SQLite answers to the twin of a statement; undefined where it has none. */
  answer(sql: string, parameters: readonly unknown[]): TwinAnswer | undefined;
}

export interface TwinAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * Lets an endpoint that speaks SQL Server's protocol answer from SQLite, without a translator between the two: before
 * a read goes to the source, the same code is run on SQLite and compiled to T-SQL, so that each statement which is then
 * sent is known by its text and parameters.
 */
export function createTwins(database: Database): Twins {
  const twins = new Map<string, AskedQuery>();

  const register = async (work: (reader: SqlReader) => Promise<unknown>) => {
    // Work that is refused, for a table that is missing, asks nothing; the source refuses it as well.
    const asked = await replay(database, work).catch(() => undefined);
    for (const [index, query] of (asked?.sqlServer ?? []).entries()) {
      const twin = asked?.sqlite[index];
      if (twin !== undefined) twins.set(keyOf(query.sql, query.parameters), twin);
    }
  };

  return {
    over: (source) => ({
      ...source,
      async read(work, signal) {
        await register(work);
        return source.read(work, signal);
      },
    }),
    answer(sql, parameters) {
      const twin = twins.get(keyOf(sql, parameters));
      if (twin === undefined) return undefined;
      const statement = database.query<unknown, ReturnType<typeof bindable>[]>(twin.sql);
      const rows = statement.values(...twin.parameters.map(bindable));
      return { columns: statement.columnNames, rows };
    },
  };
}

/** Dates come back from a connection as dates, whole numbers as numbers or bigints: their JSON is the same. */
function keyOf(sql: string, parameters: readonly unknown[]): string {
  return `${sql}\n${JSON.stringify(parameters.map((value) => (typeof value === 'bigint' ? Number(value) : value)))}`;
}
