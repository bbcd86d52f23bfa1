import { Kysely } from 'kysely';
import { Subject, takeUntil } from 'rxjs';
import type { Clock } from '../../../runtime/clock.ts';
import type { ChangeDetection } from '../../changes/change-detection.ts';
import { pollChanges } from '../../changes/poll-changes.ts';
import { withSignal } from '../../with-signal.ts';
import { mssqlPoolDialect } from '../mssql-dialect/dialect.ts';
import type { SqlReader, SqlSource } from '../source.ts';
import type { Tables } from '../tables.ts';
import { type Abilities, readAbilities } from './abilities.ts';
import { describeServer } from './connection-string.ts';
import { findChangePoll } from './detect-changes.ts';
import { sqlServerDialect } from './dialect.ts';
import { sourceErrorOf } from './failures.ts';
import { createPool } from './pool.ts';
import type { SqlServerSettings } from './settings.ts';

export interface SqlServerSourceOptions {
  readonly settings: SqlServerSettings;
  /** Tables whose changes matter. */
  readonly tables: readonly string[];
  readonly clock: Clock;
  /** From 0 to 1, for the jitter of back-off. */
  readonly random: () => number;
  /** Told how changes are noticed, when that is found out and when it changes. */
  readonly onDetection: (detection: ChangeDetection) => void;
}

/** A better way to notice changes may have been switched on meanwhile, ms. */
const IMPROVE_AFTER_MS = 600_000;

/**
 * A SQL Server database as a source of features.
 *
 * Nothing is connected until something is asked, and a server that is away is no error of the start: each read fails
 * until it is back. What the database has is looked up before the first read, and again after a read that failed, so
 * that a table that was altered or a database that was restored is noticed.
 */
export function createSqlServerSource(options: SqlServerSourceOptions): SqlSource {
  const { settings, tables, clock, random, onDetection } = options;
  const pool = createPool(settings);
  const databaseWith = <Schema>(signal?: AbortSignal) =>
    new Kysely<Schema>({
      dialect: mssqlPoolDialect({ pool: pool.connected, ...(signal === undefined ? {} : { signal }) }),
    });
  const closed = new Subject<void>();
  const polled = pollChanges({
    find: () => findChangePoll({ database: databaseWith(), tables, changeIntervalMs: settings.changeIntervalMs }),
    clock,
    random,
    improveAfterMs: IMPROVE_AFTER_MS,
    onDetection,
  });
  let known: Promise<Abilities> | undefined;

  const read = async <Result>(work: (reader: SqlReader) => Promise<Result>, signal: AbortSignal): Promise<Result> => {
    await polled.begun();
    known ??= readAbilities(databaseWith());
    const current = known;
    try {
      const { columns, isolation } = await current;
      signal.throwIfAborted();
      return await databaseWith<Tables>(signal)
        .transaction()
        .setIsolationLevel(isolation)
        .execute((database) => work({ database, dialect: sqlServerDialect, columns }));
    } catch (error) {
      if (known === current) known = undefined;
      throw sourceErrorOf(error, settings);
    }
  };

  return {
    description: `SQL Server ${describeServer(settings)}`,
    changes: polled.changes.pipe(takeUntil(closed)),
    changeDetection: polled.detection,
    read: (work, signal) => withSignal(read(work, signal), signal),
    async close() {
      closed.next();
      closed.complete();
      await pool.close();
    },
  };
}
