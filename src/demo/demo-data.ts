import type { CompanySpec } from './data/spec.ts';

/** What is served: a company in memory, or the files of a folder. */
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
