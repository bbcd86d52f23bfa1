import { type IsolationLevel, type Kysely, sql } from 'kysely';
import { ColumnCatalog } from '../catalog.ts';
import { numberIn } from './failures.ts';

/** What a database has and allows, as far as reading from it goes. */
export interface Abilities {
  readonly columns: ColumnCatalog;
  /** Of the transactions in which the figures are read. */
  readonly isolation: IsolationLevel;
}

interface ColumnRow {
  readonly tableName: string;
  readonly columnName: string;
}

/** @throws the driver's error when the database cannot be asked */
export async function readAbilities(database: Kysely<unknown>): Promise<Abilities> {
  const [columns, isolation] = [await readColumns(database), await findIsolation(database)];
  return { columns, isolation };
}

/** Of the login's own schema and of `dbo`, which are where a table's bare name leads. */
async function readColumns(database: Kysely<unknown>): Promise<ColumnCatalog> {
  const { rows } =
    await sql<ColumnRow>`select table_name as tableName, column_name as columnName from information_schema.columns where table_schema in (schema_name(), 'dbo')`.execute(
      database,
    );
  return new ColumnCatalog(rows.map(({ tableName, columnName }) => [tableName, columnName]));
}

/**
 * SNAPSHOT where the database allows it: all figures of a refresh are of one moment, and no lock is taken or waited for.
 * Elsewhere READ COMMITTED, with which each statement sees committed rows only; never READ UNCOMMITTED.
 */
export async function findIsolation(database: Kysely<unknown>): Promise<IsolationLevel> {
  try {
    const { rows } = await sql<{
      state: number;
    }>`select snapshot_isolation_state as state from sys.databases where name = db_name()`.execute(database);
    return Number(rows[0]?.state) === 1 ? 'snapshot' : 'read committed';
  } catch (error) {
    // Answered with an error: the view is not there, or may not be looked at.
    if (numberIn(error) !== undefined) return 'read committed';
    throw error;
  }
}
