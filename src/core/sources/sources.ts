import type { DocumentReader, DocumentSource } from './mongo/source.ts';
import { MissingFromSourceError } from './source-errors.ts';
import type { TableRequirement } from './sql/catalog.ts';
import type { SqlReader, SqlSource } from './sql/source.ts';

/** Every source that a feature may be bound to. */
export interface Sources {
  readonly sql: SqlSource;
  readonly documents: DocumentSource;
}

/** How a feature is tied to its source: what it reads, what it watches, what it cannot do without. */
export interface SourceBinding<Reader> {
  readonly source: keyof Sources;
  /** Tables or collections whose changes wake the feature. */
  readonly watches: readonly string[];
  /**
   * Reads from the bound source, after checking that what is required is there.
   *
   * @throws MissingFromSourceError, SourceTimeoutError, SourceError
   */
  read<Result>(sources: Sources, work: (reader: Reader) => Promise<Result>, signal: AbortSignal): Promise<Result>;
}

/** @param required columns without which the feature cannot work, by table */
export function sqlTables(required: TableRequirement): SourceBinding<SqlReader> {
  return {
    source: 'sql',
    watches: Object.keys(required),
    read: (sources, work, signal) =>
      sources.sql.read((reader) => {
        reader.columns.require(required);
        return work(reader);
      }, signal),
  };
}

/**
 * @param required collections without which the feature cannot work
 * @param optional collections that are watched too, and may be absent
 */
export function collections(required: readonly string[], optional: readonly string[]): SourceBinding<DocumentReader> {
  return {
    source: 'documents',
    watches: [...required, ...optional],
    read: (sources, work, signal) =>
      sources.documents.read((reader) => {
        const missing = required.filter((name) => !reader.has(name));
        if (missing.length > 0) throw new MissingFromSourceError(missing.map((name) => `collection ${name}`));
        return work(reader);
      }, signal),
  };
}
