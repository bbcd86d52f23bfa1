import type { CompanySpec } from './data/spec.ts';

/** What a Worker is to serve; the first message that it gets. */
export type DemoData =
  | {
      readonly kind: 'generated';
      readonly spec: CompanySpec;
      /** Folder that keeps what is costly to make for the next start; null: it is made each time. */
      readonly keptIn: string | null;
    }
  | {
      readonly kind: 'folder';
      readonly directory: string;
      /** Whether we made it, so that old log lines may be dropped from it. */
      readonly isGenerated: boolean;
    };

/** The words of an error: all that is handed to the event loop of what went wrong in a Worker. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
