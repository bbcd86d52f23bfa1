/**
 * What goes wrong at a source, told apart by type and never by the text of a driver's message.
 */
export class SourceError extends Error {
  override readonly name: string = 'SourceError';
}

/** A table, column or collection that a feature cannot do without is not there. */
export class MissingFromSourceError extends SourceError {
  override readonly name = 'MissingFromSourceError';

  /** @param missing what is missing, named as the source would: `Claims.Status`, `support_tickets` */
  constructor(readonly missing: readonly string[]) {
    super(`The source has no ${missing.join(', ')}, and this feature needs it`);
  }
}

/** The source did not answer in time, or the caller no longer waits. */
export class SourceTimeoutError extends SourceError {
  override readonly name = 'SourceTimeoutError';
}

/** The source is there and refused this one query: a deadlock victim, a permission that is missing on one table. */
export class QueryRefusedError extends SourceError {
  override readonly name = 'QueryRefusedError';
}

/** Nobody said where the source is. */
export class NotConfiguredError extends SourceError {
  override readonly name = 'NotConfiguredError';
}
