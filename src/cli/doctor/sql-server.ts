import type { ConnectionPool } from 'mssql';
import { sourceErrorOf } from '../../core/feeds/sql-server/failures.ts';
import { withPool } from '../../core/feeds/sql-server/pool.ts';
import { quotedName } from '../../core/feeds/sql-server/quoted-name.ts';
import type { SqlServerSettings } from '../../core/feeds/sql-server/settings.ts';
import { broken, clockFinding, type Finding, ok, warning } from './finding.ts';

/** Reachable, who may what, which version, which settings. */
export async function lookAtSqlServer(settings: SqlServerSettings): Promise<Finding[]> {
  try {
    return await withPool(settings, async (pool) => [
      ok('SQL Server', `${settings.userName} may open ${settings.database}`),
      ...(settings.trustServerCertificate
        ? [warning('SQL Server certificate', 'any is taken', 'give DB_CA_FILE, and unset DB_TRUST_SERVER_CERTIFICATE')]
        : []),
      await version(pool),
      await clock(pool),
      await snapshotIsolation(pool, settings.database),
      await writePermission(pool),
    ]);
  } catch (error) {
    const told = sourceErrorOf(error, settings);
    const found = told instanceof Error ? told.message : String(told);
    return [broken('SQL Server', found, 'check DB_SERVER, DB_PORT, DB_NAME, DB_USER and DB_PASSWORD')];
  }
}

async function firstRow<Row>(pool: ConnectionPool, statement: string): Promise<Row | undefined> {
  const { recordset } = await pool.request().query<Row>(statement);
  return recordset[0];
}

async function version(pool: ConnectionPool): Promise<Finding> {
  const row = await firstRow<{ text: string }>(pool, 'select @@version as text');
  const text = row?.text.split('\n', 1)[0]?.trim() ?? 'unknown';
  const year = Number(/Microsoft SQL Server (\d{4})/.exec(text)?.[1] ?? '2016');
  return year < 2016
    ? broken('SQL Server version', text, 'SQL Server 2016 or later is needed (datediff_big)')
    : ok('SQL Server version', text);
}

async function clock(pool: ConnectionPool): Promise<Finding> {
  const from = Date.now();
  const row = await firstRow<{ now: Date }>(pool, 'select sysutcdatetime() as now');
  return clockFinding('SQL Server clock', row?.now.getTime() ?? 0, { from, to: Date.now() });
}

async function snapshotIsolation(pool: ConnectionPool, database: string): Promise<Finding> {
  const what = 'SQL Server snapshots';
  const next = `alter database ${quotedName(database)} set allow_snapshot_isolation on`;
  const row = await firstRow<{ state: number }>(
    pool,
    'select snapshot_isolation_state as state from sys.databases where database_id = db_id()',
  ).catch(() => undefined);
  return Number(row?.state) === 1
    ? ok(what, 'what is read together is of one moment')
    : warning(what, 'not allowed: rows are read as they are committed, statement by statement', next);
}

/** Not every server knows the function; then nothing is said. */
async function writePermission(pool: ConnectionPool): Promise<Finding> {
  const what = 'SQL Server permissions';
  const row = await firstRow<{ may: number | null }>(
    pool,
    "select has_perms_by_name('Payments', 'OBJECT', 'INSERT') as may",
  ).catch(() => undefined);
  return Number(row?.may) === 1
    ? warning(what, 'the login may write, which is never needed', 'use the login of db/login.sql')
    : ok(what, 'the login may not write');
}
