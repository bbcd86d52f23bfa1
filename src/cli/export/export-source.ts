import type { Feature } from '../../core/runtime/define-feature.ts';
import type { FileToWrite } from '../../features/exports/export-folder.ts';
import type { Format } from '../../features/exports/format.ts';

/** What a person wants to have exported. */
export interface ExportRequest {
  readonly features: readonly Feature[];
  readonly format: Format;
  /** Null for every part. */
  readonly part: string | null;
}

/** An exported file that is not written yet. */
export interface ExportedFile {
  readonly file: FileToWrite;
  readonly bytes: Uint8Array;
}

/** Where exported files come from. */
export interface ExportSource {
  files(request: ExportRequest): AsyncIterable<ExportedFile>;
  close(): Promise<void>;
}

/** Something could not be exported; the message says why, for people. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}
