import type { CompanySpec } from './data/spec.ts';

/** The data served: a company in memory, or the files of a folder. */
export type DemoData =
  | {
      readonly kind: 'generated';
      readonly spec: CompanySpec;
      /** Folder that caches the generated tables for the next start; null to generate them each time. */
      readonly cacheDirectory: string | null;
    }
  | {
      readonly kind: 'folder';
      readonly directory: string;
      /** Whether we made it, so that old log lines may be dropped from it. */
      readonly isGenerated: boolean;
    };
