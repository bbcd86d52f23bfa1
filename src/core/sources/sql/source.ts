import type { Kysely } from 'kysely';
import type { Observable } from 'rxjs';
import type { ChangeDetection } from '../changes/change-detection.ts';
import type { SourceChange } from '../changes/source-change.ts';
import type { ColumnCatalog } from './catalog.ts';
import type { SqlDialect } from './dialect.ts';
import type { Tables } from './tables.ts';

/** One consistent view of the database. Only SELECT can be written with it. */
export interface SqlReader {
  readonly database: Pick<Kysely<Tables>, 'selectFrom' | 'with' | 'fn'>;
  readonly dialect: SqlDialect;
  readonly columns: ColumnCatalog;
}

/** A SQL database that features read from. */
export interface SqlSource {
  /** What a person sees in the banner and in `/ws/status`. */
  readonly description: string;
  /** Tables that moved. Completes when the source is closed; never errors: a failing source is a state, not an end. */
  readonly changes: Observable<SourceChange>;
  changeDetection(): ChangeDetection;
  /**
   * Runs `work` inside one read transaction.
   *
   * @throws SourceTimeoutError once `signal` is aborted; what the database answers later is dropped
   * @throws SourceError when the database refuses or is out of reach
   */
  read<Result>(work: (reader: SqlReader) => Promise<Result>, signal: AbortSignal): Promise<Result>;
  close(): Promise<void>;
}
