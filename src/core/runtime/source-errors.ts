/** An error of a source, with a text for people. Code checks its class, never the text of a driver's message. */
export class SourceError extends Error {
  override readonly name: string = 'SourceError';
}

/** A table, column or collection that a feature needs is missing. */
export class MissingFromSourceError extends SourceError {
  override readonly name = 'MissingFromSourceError';

  /** @param missing names as in the source: `Claims.Status`, `support_tickets` */
  constructor(readonly missing: readonly string[]) {
    super(`The source has no ${missing.join(', ')}, and this feature needs it`);
  }
}

/** The source did not answer in time, or the caller gave up. */
export class SourceTimeoutError extends SourceError {
  override readonly name = 'SourceTimeoutError';
}

/** The source refused this one query: a deadlock victim, or a missing permission on one table. */
export class QueryRefusedError extends SourceError {
  override readonly name = 'QueryRefusedError';
}

/** The source is not configured. */
export class NotConfiguredError extends SourceError {
  override readonly name = 'NotConfiguredError';
}
