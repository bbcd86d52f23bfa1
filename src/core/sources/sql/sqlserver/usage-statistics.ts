import { type Kysely, sql } from 'kysely';

/** How often each table was written to since the server started, by its name. */
export type WriteCounts = ReadonlyMap<string, string>;

interface UsageRow {
  readonly name: string;
  readonly writes: number;
  readonly lastWrite: Date | null;
}

/**
 * Reads the writes that the server counts (`sys.dm_db_index_usage_stats`). It takes VIEW SERVER STATE, since SQL Server
 * 2022 VIEW SERVER PERFORMANCE STATE, on Azure SQL Database VIEW DATABASE STATE.
 *
 * @throws the driver's error where the login may not look
 */
export async function readWriteCounts(database: Kysely<unknown>, tables: readonly string[]): Promise<WriteCounts> {
  const ids = tables.map((table) => sql`object_id(${sql.lit(table)})`);
  const { rows } =
    await sql<UsageRow>`select object_name(object_id) as name, sum(user_updates) as writes, max(last_user_update) as lastWrite from sys.dm_db_index_usage_stats where database_id = db_id() and object_id in (${sql.join(ids)}) group by object_id`.execute(
      database,
    );
  return new Map(rows.map(({ name, writes, lastWrite }) => [name, `${writes} ${lastWrite?.getTime() ?? ''}`]));
}

/** Tables of which the two tell different things; a table that one of them lacks was never written to by then. */
export function writtenBetween(before: WriteCounts, after: WriteCounts): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name));
}
