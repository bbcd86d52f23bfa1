import { type Kysely, sql } from 'kysely';
import type { SourceChange } from '../../changes/source-change.ts';
import { numberIn } from './failures.ts';

/** Where a source stands in the history of changes, and which tables it can ask about. */
export interface TrackedTables {
  readonly tables: readonly string[];
  readonly version: number;
}

/** Change Tracking tells nothing of these tables, or nothing at all. */
export interface NotTracked {
  readonly untracked: readonly string[] | 'all';
}

interface VersionRow {
  readonly version: number | null;
}

interface TableRow {
  readonly name: string;
  readonly id: number | null;
  readonly version: number | null;
}

/**
 * Looks at what Change Tracking tells of the tables that are there (learn.microsoft.com, "About Change Tracking").
 *
 * @throws the driver's error where the login may not look, or the server does not know Change Tracking
 */
export async function findTracking(
  database: Kysely<unknown>,
  tables: readonly string[],
): Promise<TrackedTables | NotTracked> {
  const version = await currentVersion(database);
  if (version === null) return { untracked: 'all' };
  const rows = await sql<TableRow>`${sql.join(tables.map(describeTable), sql` union all `)}`.execute(database);
  const present = rows.rows.filter(({ id }) => id !== null);
  const untracked = present.filter((row) => row.version === null).map(({ name }) => name);
  if (present.length === 0 || untracked.length > 0) return { untracked };
  const tracked = { tables: present.map(({ name }) => name), version };
  // The permission to see the changes of a table shows only when they are asked for.
  await changedSince(database, tracked);
  return tracked;
}

/**
 * The tables that changed since a version, and the version that this holds for; null when nothing did, which one cheap
 * statement tells.
 *
 * A version that is too old, a table that was truncated and a database that was restored are changes like others. A
 * table that is gone or no longer tracked is an error of the driver: another way has to be found.
 */
export async function trackedChange(
  database: Kysely<unknown>,
  tracked: TrackedTables,
): Promise<{ readonly change: SourceChange; readonly version: number } | null> {
  const version = await currentVersion(database);
  if (version === tracked.version) return null;
  // Versions only grow, so that this is another database, or an earlier state of it.
  if (version === null || version < tracked.version) return { change: { names: 'all' }, version: version ?? 0 };
  const names = await changedSince(database, tracked);
  return { change: { names: new Set(names) }, version };
}

/** Whether an error says that the login may not do something (229, 230, 297, 300, 371, 916). */
export function isPermissionError(error: unknown): boolean {
  return [229, 230, 297, 300, 371, 916].includes(numberIn(error) ?? 0);
}

async function currentVersion(database: Kysely<unknown>): Promise<number | null> {
  const { rows } = await sql<VersionRow>`select change_tracking_current_version() as version`.execute(database);
  return rows[0]?.version ?? null;
}

function describeTable(table: string) {
  const id = sql`object_id(${sql.lit(table)})`;
  return sql`select ${sql.lit(table)} as name, ${id} as id, change_tracking_min_valid_version(${id}) as version`;
}

async function changedSince(database: Kysely<unknown>, { tables, version }: TrackedTables): Promise<string[]> {
  const since = sql.lit(version);
  const asked = tables.map(
    (table) =>
      sql`select ${sql.lit(table)} as name where change_tracking_min_valid_version(object_id(${sql.lit(table)})) > ${since} or exists (select * from changetable(changes ${sql.table(table)}, ${since}) as moved)`,
  );
  const { rows } = await sql<{ name: string }>`${sql.join(asked, sql` union all `)}`.execute(database);
  return rows.map(({ name }) => name);
}
