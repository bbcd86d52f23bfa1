import { sql } from 'kysely';
import { isoInstant } from '../../../figures/calendar.ts';
import type { SqlDialect } from '../dialect.ts';

/**
 * SQLite keeps an instant as the text `YYYY-MM-DDTHH:MM:SS.sssZ`, which sorts as time does, and money as a number.
 *
 * Julian days are doubles with a resolution of about 40 µs in this century: rounded to milliseconds they are exact.
 */
export const sqliteDialect: SqlDialect = {
  engine: 'sqlite',
  cents: (money) => sql`cast(round(${money} * 100) as integer)`,
  instant: (column) => sql`cast(round((julianday(${column}) - 2440587.5) * 86400000.0) as integer)`,
  at: (instant) => sql`${isoInstant(instant)}`,
  day: (column) => sql`substr(${column}, 1, 10)`,
  month: (column) => sql`substr(${column}, 1, 7)`,
  elapsed: (from, to) => sql`cast(round((julianday(${to}) - julianday(${from})) * 86400000.0) as integer)`,
  wholeDays: (from, now) =>
    sql`max(0, cast(round((julianday(${isoInstant(now)}) - julianday(${from})) * 86400000.0) as integer) / 86400000)`,
  duration: (column) =>
    sql`((cast(substr(${column}, 1, 2) as integer) * 60 + cast(substr(${column}, 4, 2) as integer)) * 60000 + cast(round(cast(substr(${column}, 7) as real) * 1000) as integer))`,
  flag: (column) => sql`cast(${column} as integer)`,
  exactText: (column) => sql`${column} collate binary`,
  keyText: (text) => sql`${text}`,
  firstRows: (query, count) => query.limit(count),
};
