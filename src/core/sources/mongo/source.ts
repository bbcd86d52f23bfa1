import type { Static, TSchema } from '@sinclair/typebox';
import type { Observable } from 'rxjs';
import type { ChangeDetection } from '../changes/change-detection.ts';
import type { SourceChange } from '../changes/source-change.ts';

/** One stage of an aggregation pipeline, as a MongoDB server takes it. */
export type Stage = Readonly<Record<string, unknown>>;

export interface DocumentReader {
  /** Whether a collection exists. */
  has(collection: string): boolean;
  /**
   * Runs an aggregation pipeline.
   *
   * @param schema what one result document looks like; checked, so that the static type is true
   * @throws SourceError when a result does not fit, or the database refuses or is out of reach
   */
  aggregate<Schema extends TSchema>(
    collection: string,
    pipeline: readonly Stage[],
    schema: Schema,
  ): Promise<Static<Schema>[]>;
}

/** A MongoDB database, or one that answers the same pipelines, that features read from. */
export interface DocumentSource {
  /** What a person sees in the banner and in `/ws/status`. */
  readonly description: string;
  /** Collections that moved. Completes when the source is closed; never errors. */
  readonly changes: Observable<SourceChange>;
  changeDetection(): ChangeDetection;
  /**
   * @throws SourceTimeoutError once `signal` is aborted
   * @throws SourceError when the database refuses or is out of reach
   */
  read<Result>(work: (reader: DocumentReader) => Promise<Result>, signal: AbortSignal): Promise<Result>;
  close(): Promise<void>;
}
