import { type Connection, createConnections } from '../../core/feeds/sql-server/connection.ts';
import { sourceErrorOf } from '../../core/feeds/sql-server/failures.ts';
import { findDatabase } from '../../core/feeds/sql-server/found-database.ts';
import type { SqlServerSettings } from '../../core/feeds/sql-server/settings.ts';
import { quotedName } from '../../core/feeds/sql-server/statements.ts';
import type { MirroredTable } from '../../core/mirror/catalog.ts';
import { SourceError } from '../../core/runtime/source-errors.ts';
import { broken, clockFinding, type Finding, ok, warning } from './finding.ts';
import { firstRow } from './first-row.ts';
import { checkChanges } from './sql-server-changes.ts';
import { describeConnectionFailure } from './sql-server-connect.ts';
import { checkWriting } from './sql-server-permissions.ts';
import { withoutBrackets } from './without-brackets.ts';

/** Limit for all statements together, ms. Each has its own limit too. */
const WITHIN_MS = 60_000;

/** Checks connection, permissions, version and settings. @param tables those that are mirrored */
export async function checkSqlServer(
  settings: SqlServerSettings,
  tables: readonly MirroredTable[],
): Promise<Finding[]> {
  const connections = createConnections(settings, Math.random);
  const findings: Finding[] = [];
  try {
    await connections.ask(async (connection) => {
      findings.length = 0;
      for await (const finding of examine(connection, settings, tables)) findings.push(finding);
    }, AbortSignal.timeout(WITHIN_MS));
    return findings;
  } catch (error) {
    const described = sourceErrorOf(error, settings);
    const words =
      described instanceof SourceError ? described.message : 'it could not be asked, for an unexpected reason';
    if (findings.length === 0) return [describeConnectionFailure(error, settings, words)];
    return [...findings, broken('SQL Server questions', words, 'run the doctor again; see the log of the server')];
  } finally {
    await connections.close();
  }
}

async function* examine(
  connection: Connection,
  settings: SqlServerSettings,
  tables: readonly MirroredTable[],
): AsyncGenerator<Finding> {
  const [version] = (await firstRow(connection, 'select @@version;')) ?? [];
  const text = typeof version === 'string' ? version : '';
  yield ok('SQL Server', `${settings.userName} may open ${settings.database}`);
  yield* encryption(settings);
  yield describeVersion(text);
  yield await clock(connection);
  yield await snapshotIsolation(connection, settings.database);
  const look = await findDatabase(connection, tables);
  yield await checkWriting(connection, look.tables, settings.userName);
  yield* await checkChanges(connection, look.tables, settings, text);
}

function* encryption({ encryption: kind, trustServerCertificate }: SqlServerSettings): Generator<Finding> {
  if (kind === false) {
    yield warning('SQL Server encryption', 'off: rows are sent unencrypted', 'set DB_ENCRYPT=true');
  } else if (trustServerCertificate) {
    const next = 'give DB_CA_FILE, and unset DB_TRUST_SERVER_CERTIFICATE';
    yield warning('SQL Server certificate', 'any is accepted', next);
  }
}

function describeVersion(version: string): Finding {
  const what = 'SQL Server version';
  const text = version.split('\n', 1)[0]?.trim() ?? '';
  if (text === '') return warning(what, 'could not be read', 'make sure that it is SQL Server 2016 or later');
  const year = Number(/Microsoft SQL Server (\d{4})/.exec(text)?.[1] ?? '2016');
  return year < 2016
    ? broken(what, text, 'SQL Server 2016 or later is needed (datediff_big): upgrade it, or read from a newer copy')
    : ok(what, text);
}

async function clock(connection: Connection): Promise<Finding> {
  const what = 'SQL Server clock';
  const from = Date.now();
  const [now] = (await firstRow(connection, 'select sysutcdatetime();')) ?? [];
  return now instanceof Date
    ? clockFinding(what, now.getTime(), { from, to: Date.now() })
    : warning(what, 'could not be read', 'synchronise both machines with the same time server (NTP)');
}

async function snapshotIsolation(connection: Connection, database: string): Promise<Finding> {
  const what = 'SQL Server snapshots';
  const next = `alter database ${withoutBrackets(quotedName(database))} set allow_snapshot_isolation on`;
  const statement = 'select snapshot_isolation_state from sys.databases where database_id = db_id();';
  const [state = null] = (await firstRow(connection, statement)) ?? [];
  if (state === null) return warning(what, 'whether they are allowed is unknown', next);
  return Number(state) === 1
    ? ok(what, 'all tables are read as of one moment')
    : warning(what, 'not allowed: rows are read as they are committed, statement by statement', next);
}
