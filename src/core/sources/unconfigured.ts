import { NEVER, type Observable } from 'rxjs';
import type { ChangeDetection } from './changes/change-detection.ts';
import { NotConfiguredError } from './source-errors.ts';

/** What stands in the place of a source that nobody configured; it is a SqlSource and a DocumentSource. */
export interface UnconfiguredSource {
  readonly description: string;
  readonly changes: Observable<never>;
  changeDetection(): ChangeDetection;
  /** @throws NotConfiguredError always */
  read(): Promise<never>;
  close(): Promise<void>;
}

/**
 * The features that would read from it have no figures and say why; nobody waits for them.
 *
 * @param advice what to set
 */
export function unconfiguredSource(advice: string): UnconfiguredSource {
  return {
    description: `not configured: ${advice}`,
    changes: NEVER,
    changeDetection: () => ({ mode: 'none', reason: advice }),
    read: () => Promise.reject(new NotConfiguredError(`Its database is not configured: ${advice}`)),
    close: () => Promise.resolve(),
  };
}
