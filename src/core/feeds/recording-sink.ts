import type { MirrorWriter, RawRow } from '../mirror/mirror-writer.ts';
import { SourceError } from '../runtime/source-errors.ts';
import type { SignsOfLife } from './deadline.ts';
import type { ChangeSink } from './feed-source.ts';

export interface RecordingOptions {
  readonly mirror: MirrorWriter;
  /** Awaited before the first piece. */
  readonly begin: () => Promise<void>;
  readonly signs: SignsOfLife;
  /** Called with the number of rows or keys of each piece. */
  readonly onRows: (rows: number) => void;
}

/** A sink that writes to the mirror. */
export interface RecordingSink extends ChangeSink {
  /** Refuses later pieces, which would otherwise mix with those of the next read. */
  close(): void;
}

export function recordingSink({ mirror, begin, signs, onRows }: RecordingOptions): RecordingSink {
  let isOpen = true;
  let begun: Promise<void> | undefined;
  const expectOpen = () => {
    if (!isOpen) throw new SourceError('The reading was given up');
  };
  const record = async (rows: number, work: () => Promise<void>) => {
    expectOpen();
    await signs.aside(async () => {
      begun ??= begin();
      await begun;
      expectOpen();
      await work();
    });
    onRows(rows);
  };
  return {
    rows: (table, rows: readonly RawRow[]) => record(rows.length, () => mirror.rows(table, rows)),
    deleted: (table, keys) => record(keys.length, () => mirror.deleted(table, keys)),
    whole: (table) => record(0, () => mirror.whole(table)),
    close() {
      isOpen = false;
    },
  };
}
