import { Kysely } from 'kysely';
import { endWith, filter, from, ignoreElements, map, merge, pairwise, share, switchMap, takeUntil, timer } from 'rxjs';
import { told } from '../../changes/change-detection.ts';
import type { SourceChange } from '../../changes/source-change.ts';
import { withSignal } from '../../with-signal.ts';
import { ColumnCatalog } from '../catalog.ts';
import type { SqlSource } from '../source.ts';
import type { Tables } from '../tables.ts';
import { sqliteDialect } from './dialect.ts';
import { sqliteWorkerDialect } from './kysely-dialect.ts';
import type { WriteStatement } from './messages.ts';
import type { SqliteWorker } from './worker-client.ts';

/** How often another process's writes to the file are asked for. */
const VERSION_INTERVAL_MS = 1_000;

/** A SQLite database in a Worker, as a source of features; it can be written to, so that a demo company can live. */
export interface SqliteSource extends SqlSource {
  /** All statements or none, in one transaction; whoever watches the tables is told. */
  write(statements: readonly WriteStatement[]): Promise<void>;
}

export function createSqliteSource(worker: SqliteWorker): SqliteSource {
  const database = new Kysely<Tables>({ dialect: sqliteWorkerDialect(worker) });
  const closed = worker.writes.pipe(ignoreElements(), endWith(undefined));
  const writtenElsewhere = timer(0, VERSION_INTERVAL_MS).pipe(
    switchMap(() => from(worker.version().catch(() => undefined))),
    filter((version) => version !== undefined),
    pairwise(),
    filter(([before, after]) => before !== after),
    map((): SourceChange => ({ names: 'all' })),
  );
  return {
    description: worker.description,
    changes: merge(worker.writes, writtenElsewhere).pipe(takeUntil(closed), share()),
    changeDetection: told,
    read: (work, signal) =>
      withSignal(
        database.transaction().execute(async (transaction) => {
          signal.throwIfAborted();
          // The file may be any person's own, and its tables may be altered at any time: looked at anew at each read.
          const columns = new ColumnCatalog(await worker.columns());
          // Aborted, it gives up its turn as soon as the query under way has ended, whatever the work still waits for.
          return withSignal(work({ database: transaction, dialect: sqliteDialect, columns }), signal);
        }),
        signal,
      ),
    write: (statements) => database.connection().execute(() => worker.write(statements)),
    close: async () => {
      await database.destroy();
      await worker.close();
    },
  };
}
