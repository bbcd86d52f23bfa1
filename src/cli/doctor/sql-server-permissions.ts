import type { Connection } from '../../core/feeds/sql-server/connection.ts';
import type { KeyedTable } from '../../core/feeds/sql-server/found-table.ts';
import { textLiteral } from '../../core/feeds/sql-server/statements.ts';
import { type Finding, ok, warning } from './finding.ts';
import { firstRow } from './first-row.ts';
import { withoutBrackets } from './without-brackets.ts';

const WHAT = 'SQL Server permissions';
const WRITING = ['INSERT', 'UPDATE', 'DELETE', 'ALTER'] as const;
const OWN_LOGIN = 'make a login that may only read with db/login.sql, and set DB_USER and DB_PASSWORD to it';

/** Checks whether the login may write the tables, which is never needed. A table that it may not see stays unknown. */
export async function checkWriting(
  connection: Connection,
  tables: readonly KeyedTable[],
  userName: string,
): Promise<Finding> {
  const role = await roleOf(connection);
  if (role !== null) return warning(WHAT, `${userName} is ${role}, which may change everything`, OWN_LOGIN);
  const asked = tables.flatMap((table) => WRITING.map((permission) => ({ table, permission })));
  if (asked.length === 0) return unknown(userName, []);
  const values = asked.map(
    ({ table, permission }) => `has_perms_by_name(${textLiteral(table.path)}, N'OBJECT', N'${permission}')`,
  );
  const answers = (await firstRow(connection, `select ${values.join(', ')};`)) ?? [];
  const found = asked.map(({ table, permission }, index) => ({ path: table.path, permission, may: answers[index] }));
  const allowed = found.filter(({ may }) => Number(may ?? 0) === 1);
  if (allowed.length > 0) {
    const each = [...Map.groupBy(allowed, ({ path }) => path)];
    const words = each.map(
      ([path, some]) => `${some.map(({ permission }) => permission).join(', ')} on ${withoutBrackets(path)}`,
    );
    return warning(WHAT, `${userName} may ${words.join('; ')}, which is never needed`, OWN_LOGIN);
  }
  const unanswered = found.filter(({ may }) => may === null || may === undefined);
  if (unanswered.length > 0)
    return unknown(userName, [...new Set(unanswered.map(({ path }) => withoutBrackets(path)))]);
  return ok(WHAT, `${userName} may read the tables and not write them`);
}

/** `sysadmin` or `db_owner`, which permissions on single tables do not always show; null without either. */
async function roleOf(connection: Connection): Promise<string | null> {
  const [sysadmin, owner] =
    (await firstRow(connection, "select is_srvrolemember(N'sysadmin'), is_rolemember(N'db_owner');")) ?? [];
  if (Number(sysadmin ?? 0) === 1) return 'sysadmin';
  return Number(owner ?? 0) === 1 ? 'db_owner' : null;
}

function unknown(userName: string, paths: readonly string[]): Finding {
  const where = paths.length === 0 ? 'anything' : paths.join(', ');
  return warning(
    WHAT,
    `whether ${userName} may write ${where} is unknown: the server does not say`,
    'compare its permissions with db/login.sql, which grants only reading',
  );
}
