import type { Connection } from '../../core/feeds/sql-server/connection.ts';
import type { KeyedTable } from '../../core/feeds/sql-server/found-table.ts';
import { textLiteral } from '../../core/feeds/sql-server/statements.ts';
import { answerOf } from './answer-of.ts';
import { type Finding, ok, warning } from './finding.ts';
import { plainPath } from './plain-path.ts';

const WHAT = 'SQL Server permissions';
const WRITING = ['INSERT', 'UPDATE', 'DELETE', 'ALTER'] as const;
const OWN_LOGIN = 'make a login that may only read with db/login.sql, and set DB_USER and DB_PASSWORD to it';

/** Whether the login may write what it reads, which is never needed. Of a table that it may not see, nothing can be found out. */
export async function lookAtWriting(
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
  const answers = (await answerOf(connection, `select ${values.join(', ')};`)) ?? [];
  const found = asked.map(({ table, permission }, index) => ({ path: table.path, permission, may: answers[index] }));
  const allowed = found.filter(({ may }) => Number(may ?? 0) === 1);
  if (allowed.length > 0) {
    const each = [...Map.groupBy(allowed, ({ path }) => path)];
    const words = each.map(
      ([path, some]) => `${some.map(({ permission }) => permission).join(', ')} on ${plainPath(path)}`,
    );
    return warning(WHAT, `${userName} may ${words.join('; ')}, which is never needed`, OWN_LOGIN);
  }
  const unanswered = found.filter(({ may }) => may === null || may === undefined);
  if (unanswered.length > 0) return unknown(userName, [...new Set(unanswered.map(({ path }) => plainPath(path)))]);
  return ok(WHAT, `${userName} may read, and write nothing of what is read`);
}

/** `sysadmin` or `db_owner`, which rights on single tables do not always tell of; null of neither. */
async function roleOf(connection: Connection): Promise<string | null> {
  const [sysadmin, owner] =
    (await answerOf(connection, "select is_srvrolemember(N'sysadmin'), is_rolemember(N'db_owner');")) ?? [];
  if (Number(sysadmin ?? 0) === 1) return 'sysadmin';
  return Number(owner ?? 0) === 1 ? 'db_owner' : null;
}

function unknown(userName: string, paths: readonly string[]): Finding {
  const where = paths.length === 0 ? 'anything' : paths.join(', ');
  return warning(
    WHAT,
    `whether ${userName} may write ${where} could not be found out: the server does not say`,
    'compare what was granted to it with db/login.sql, which grants reading alone',
  );
}
