import type { Database } from 'bun:sqlite';
import { DAY_MS, type Instant } from '../figures/calendar.ts';
import type { Calendar } from '../figures/zone.ts';
import { MINUTE_MS } from './steps.ts';

/** Older points are thinned to one per hour, by whole days. */
export const MINUTES_KEPT_DAYS = 7;
/** Older points are thinned to one per day, by whole days. */
export const HOURS_KEPT_DAYS = 90;

export interface HistorySize {
  /** Of the file, without its write-ahead log. */
  readonly bytes: number;
  /** The minute of the oldest point; null before the first. */
  readonly oldest: Instant | null;
}

/**
 * Thins old points: of an hour (in UTC) or a day (of the calendar) only the last point stays, at its own minute. An hour or
 * a day without points stays without. Running it again changes nothing.
 */
export function thin(database: Database, calendar: Calendar, now: Instant): void {
  const minutesFrom = startOfDay(calendar, now - MINUTES_KEPT_DAYS * DAY_MS);
  const hoursFrom = startOfDay(calendar, now - HOURS_KEPT_DAYS * DAY_MS);
  database
    .transaction(() => {
      for (const series of seriesIds(database)) {
        database.query(THIN_TO_HOURS).run(series, minutesFrom);
        thinToDays(database, calendar, series, hoursFrom);
      }
    })
    .immediate();
  release(database);
}

const THIN_TO_HOURS = `
  delete from Points where series = ?1 and at < ?2 and exists (
    select 1 from Points as later
    where later.series = ?1 and later.at > Points.at and later.at < (Points.at / 60 + 1) * 60)`;

function thinToDays(database: Database, calendar: Calendar, series: number, before: number): void {
  const rows = database
    .query<{ at: number }, [number, number]>('select at from Points where series = ? and at < ? order by at')
    .all(series, before);
  const days = rows.map(({ at }) => calendar.dayOf(at * MINUTE_MS));
  const remove = database.query('delete from Points where series = ? and at = ?');
  for (const [index, { at }] of rows.entries()) {
    if (days[index] === days[index + 1]) remove.run(series, at);
  }
}

/** Drops the oldest days until the database is within a size. */
export function dropOldestDays(database: Database, calendar: Calendar, maximumBytes: number): void {
  while (bytesOf(database) > maximumBytes) {
    const oldest = oldestOf(database);
    if (oldest === null) return;
    const [day] = calendar.lastDays(oldest, 1);
    const before = (day?.before ?? oldest + MINUTE_MS) / MINUTE_MS;
    database
      .transaction(() => {
        for (const series of seriesIds(database)) {
          database.query('delete from Points where series = ? and at < ?').run(series, before);
        }
      })
      .immediate();
    release(database);
  }
}

/** The minute of the oldest point; null if there is none. */
export function oldestOf(database: Database): Instant | null {
  const oldest = database.query<{ at: number | null }, [number]>('select min(at) as at from Points where series = ?');
  const minutes = seriesIds(database).flatMap((series) => oldest.get(series)?.at ?? []);
  return minutes.length === 0 ? null : Math.min(...minutes) * MINUTE_MS;
}

/** The minute of the newest point before the minute of an instant; null if there is none. */
export function newestBefore(database: Database, instant: Instant): Instant | null {
  const newest = database.query<{ at: number | null }, [number, number]>(
    'select max(at) as at from Points where series = ? and at < ?',
  );
  const minute = Math.floor(instant / MINUTE_MS);
  const minutes = seriesIds(database).flatMap((series) => newest.get(series, minute)?.at ?? []);
  return minutes.length === 0 ? null : Math.max(...minutes) * MINUTE_MS;
}

/** Size of the file without its write-ahead log. */
export function bytesOf(database: Database): number {
  const row = database
    .query<{ bytes: number }, []>('select page_count * page_size as bytes from pragma_page_count, pragma_page_size')
    .get();
  return row?.bytes ?? 0;
}

/** Gives free pages back to the file system. */
function release(database: Database): void {
  database.query('pragma incremental_vacuum').all();
}

function seriesIds(database: Database): number[] {
  return database
    .query<{ id: number }, []>('select id from Series')
    .all()
    .map(({ id }) => id);
}

/** In minutes since 1970. */
function startOfDay(calendar: Calendar, instant: Instant): number {
  const [day] = calendar.lastDays(instant, 1);
  return Math.floor((day?.from ?? instant) / MINUTE_MS);
}
