import { sql } from 'kysely';
import type { SqlDialect } from '../dialect.ts';

/**
 * T-SQL for SQL Server 2016 and later.
 *
 * `datediff_big` counts the boundaries crossed, so that a difference in milliseconds is the difference of the two
 * instants with their finer digits cut off: the same as in JavaScript. `count` and `sum` of ones stay `int`; whatever
 * may grow beyond is cast to `bigint` before it is summed.
 */
export const sqlServerDialect: SqlDialect = {
  engine: 'sqlserver',
  cents: (money) => sql`cast(round(${money} * 100, 0) as bigint)`,
  instant: (column) => sql`datediff_big(millisecond, '1970-01-01', ${column})`,
  at: (instant) => sql`${new Date(instant)}`,
  day: (column) => sql`convert(char(10), ${column}, 23)`,
  month: (column) => sql`convert(char(7), ${column}, 126)`,
  elapsed: (from, to) => sql`datediff_big(millisecond, ${from}, ${to})`,
  wholeDays: (from, now) =>
    sql`case when ${from} > ${new Date(now)} then 0 else datediff_big(millisecond, ${from}, ${new Date(now)}) / 86400000 end`,
  duration: (column) => sql`datediff_big(millisecond, '00:00:00', ${column})`,
  flag: (column) => sql`cast(${column} as int)`,
  exactText: (column) => sql`${column} collate Latin1_General_BIN2`,
  // Two columns of different collations cannot be compared; that of the database is the one that keys have.
  keyText: (text) => sql`${text} collate database_default`,
  firstRows: (query, count) => query.top(count),
};
