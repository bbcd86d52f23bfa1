import type { SourceName } from '../../company/table.ts';
import type { Config } from '../../config/config.ts';
import { databaseNameOf } from '../../core/feeds/mongo/settings.ts';
import { quotedName } from '../../core/feeds/sql-server/statements.ts';
import { failureOf } from '../../core/runtime/failure.ts';
import { MissingFromSourceError } from '../../core/runtime/source-errors.ts';
import { broken, type Finding } from './finding.ts';
import { withoutBrackets } from './without-brackets.ts';

/** Why a feature cannot be read from a database that can be reached. Servers hide tables that the login may not read. */
export function describeMissing(
  what: string,
  error: unknown,
  source: SourceName,
  databases: Config['databases'],
): Finding {
  if (!(error instanceof MissingFromSourceError)) {
    const { reason } = failureOf(error, () => {});
    return broken(
      what,
      reason,
      'fix what the lines of the database above report; if they are all ok, see the log of the database',
    );
  }
  const missing = error.missing.join(', ');
  const { sqlServer, mongo } = databases;
  if (source === 'documents') {
    if (mongo === null) return broken(what, `no ${missing}`, 'put its file into DEMO_DIR: see docs/demo.md');
    const name = databaseNameOf(mongo);
    return broken(
      what,
      `no ${missing} in the database ${name} that this user may see`,
      `set MONGO_DATABASE to the back end's database; if it is set already: ${grantRead(name)}`,
    );
  }
  if (sqlServer === null) return broken(what, `no ${missing}`, 'put it into greg.sqlite in DEMO_DIR: see docs/demo.md');
  const user = withoutBrackets(quotedName(sqlServer.userName));
  const grants = tablesIn(error.missing).map((table) => `grant select on dbo.${table} to ${user}`);
  return broken(
    what,
    `no ${missing} that this login may see`,
    `${grants.join('; ')} (db/login.sql does); if it does not exist, db/schema.sql creates it`,
  );
}

/** The user's name is part of the connection string, so it is not shown. */
export function grantRead(database: string): string {
  return `db.getSiblingDB("${database}").grantRolesToUser("<user>", [{ role: "read", db: "${database}" }])`;
}

/** `table Claims`, `column Claims.Status` */
function tablesIn(missing: readonly string[]): string[] {
  return [...new Set(missing.flatMap((each) => /^\w+ (\w+)/.exec(each)?.[1] ?? []))];
}
