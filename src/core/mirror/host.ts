import type { SourceName, Table } from '../../company/table.ts';
import { tables as definitions } from '../../company/tables.ts';
import type { Instant } from '../figures/calendar.ts';
import type { Calendar } from '../figures/zone.ts';
import type { Feature } from '../runtime/define-feature.ts';
import { type EncodedContent, encodeContent } from '../runtime/encode-content.ts';
import { messageOf } from '../runtime/errors.ts';
import type { RawInput } from '../runtime/question.ts';
import { MissingFromSourceError, SourceError } from '../runtime/source-errors.ts';
import { type Catalog, mirroredTables, type TableColumns } from './catalog.ts';
import type { TableChecksum } from './checksum.ts';
import { MirrorDatabase } from './database.ts';
import type { MirrorSize } from './loaded-mirror.ts';
import { readImage, writeImage } from './mirror-image.ts';
import type { Applied, MirrorState, RawCell, RawRow } from './mirror-writer.ts';
import type { MirrorReader } from './reader.ts';
import { mirrorShape } from './store-tables.ts';

/** How often old rows are deleted, ms. */
const PRUNE_EVERY_MS = 60_000;

export interface MirrorHostOptions {
  readonly tables: readonly Table[];
  readonly features: readonly Feature[];
  readonly calendar: Calendar;
  /** The file that keeps a source's mirror; null: in memory. */
  readonly pathOf: (source: SourceName) => string | null;
  /** The file for an image of a source's mirror; null: none. */
  readonly imageOf: (source: SourceName) => string | null;
  /** Awaited between the steps of a long commit. */
  readonly pause: () => Promise<void>;
  /** Called if the file cannot be used; the mirror is then in memory. */
  readonly onUnusable: (source: SourceName, reason: string) => void;
}

/** Encoded figures, unless the caller already has them. */
export type FiguresReply =
  | { readonly unchanged: true }
  | { readonly unchanged: false; readonly encoded: EncodedContent };

type Mirrors = Readonly<Record<SourceName, MirrorDatabase>>;

export type MirrorHost = ReturnType<typeof createMirrorHost>;

/**
 * The mirrors of all sources, in the calling thread. The server runs it in a Worker, so that no query blocks the event loop.
 */
export function createMirrorHost(options: MirrorHostOptions) {
  const mirrors = { sql: openMirror('sql', options), documents: openMirror('documents', options) };
  return {
    ...writingMethods(mirrors, options),
    ...readingMethods(mirrors, options),
    close(): void {
      for (const mirror of Object.values(mirrors)) mirror.close();
    },
  };
}

function openMirror(source: SourceName, options: MirrorHostOptions): MirrorDatabase {
  const { tables, features, pathOf, onUnusable } = options;
  const own = features.filter((feature) => feature.source === source);
  const shape = mirrorShape(
    mirroredTables(source, tables, features),
    own.flatMap(({ objects }) => objects),
  );
  const path = pathOf(source);
  try {
    return new MirrorDatabase({ shape, path });
  } catch (error) {
    if (path === null) throw error;
    onUnusable(source, messageOf(error));
    return new MirrorDatabase({ shape, path: null });
  }
}

/** The methods of `MirrorWriter`. */
function writingMethods(mirrors: Mirrors, { imageOf, pause }: MirrorHostOptions) {
  return {
    state: (source: SourceName): MirrorState | null => mirrors[source].state(),
    begin: (source: SourceName, kind: 'load' | 'changes', catalog: Catalog): void =>
      mirrors[source].begin(kind, catalog),
    /** @param rows JSON of rows */
    rows(source: SourceName, table: string, rows: string): void {
      const parsed: RawRow[] = JSON.parse(rows);
      mirrors[source].rows(table, parsed);
    },
    deleted: (source: SourceName, table: string, keys: readonly RawCell[]): void =>
      mirrors[source].deleted(table, keys),
    whole: (source: SourceName, table: string): void => mirrors[source].whole(table),
    adopt(source: SourceName, name: string): MirrorState | null {
      const path = imageOf(source);
      const copy = path === null ? null : readImage(path, name);
      return copy === null ? null : mirrors[source].adopt(copy);
    },
    async commit(source: SourceName, position: string, image: string | null): Promise<Applied> {
      const applied = await mirrors[source].commit(position, pause);
      const path = image === null ? null : imageOf(source);
      const copy = path === null ? null : mirrors[source].copy();
      // Not awaited: a commit does not wait for the image.
      if (image !== null && path !== null && copy !== null) void writeImage(path, image, copy);
      return applied;
    },
    checksums: (source: SourceName): TableChecksum[] => mirrors[source].checksums(),
    rollback: (source: SourceName): void => mirrors[source].rollback(),
  };
}

function readingMethods(mirrors: Mirrors, { features, calendar }: MirrorHostOptions) {
  const prunedAt = new Map<SourceName, Instant>();

  const featureOf = (name: string): Feature => {
    const found = features.find((feature) => feature.name === name);
    if (found === undefined) throw new TypeError(`There is no feature ${name}`);
    return found;
  };
  /** @throws SourceError before the first load, MissingFromSourceError */
  const readerFor = ({ source, reads }: Feature, now: Instant): MirrorReader => {
    const mirror = mirrors[source];
    if (now - (prunedAt.get(source) ?? 0) >= PRUNE_EVERY_MS) {
      prunedAt.set(source, now);
      mirror.prune(now);
    }
    const [reader, state] = [mirror.reader(), mirror.state()];
    if (reader === null || state === null) throw new SourceError('Its source has not been loaded yet');
    requireColumns(reads, state.catalog);
    return reader;
  };

  return {
    /** @param knownHash hash of the content that the caller has */
    figures(name: string, now: Instant, knownHash: string | null): FiguresReply {
      const feature = featureOf(name);
      return mirrors[feature.source].reading(() => {
        const reader = readerFor(feature, now);
        const { data, unavailable } = feature.figures(reader, { now, calendar });
        const encoded = encodeContent({ data, unavailable, problems: reader.problems(feature.reads) });
        return encoded.hash === knownHash ? { unchanged: true } : { unchanged: false, encoded };
      });
    },
    /** @returns JSON */
    answer(name: string, path: string, input: RawInput, now: Instant): string {
      const feature = featureOf(name);
      const question = feature.questions.find((candidate) => candidate.path === path);
      if (question === undefined) throw new TypeError(`${name} has no question ${path}`);
      const prepared = question.prepare(input);
      return mirrors[feature.source].reading(() =>
        JSON.stringify(prepared.answer(readerFor(feature, now), { now, calendar })),
      );
    },
    size: (source: SourceName): MirrorSize => mirrors[source].size(),
  };
}

/**
 * Checks that a source has every required table and column that a feature reads.
 *
 * @throws MissingFromSourceError that names the missing columns, or the table if it is missing
 */
function requireColumns(reads: TableColumns, catalog: Catalog): void {
  const byName: Readonly<Record<string, Table>> = definitions;
  const missing = Object.entries(reads).flatMap(([name, columns]) => {
    const table = byName[name];
    const present = catalog.columns[name];
    const kind = table?.source === 'documents' ? 'collection' : 'table';
    if (present === undefined) return table?.optional === true ? [] : [`${kind} ${name}`];
    return columns
      .filter((column) => table?.columns[column]?.optional !== true && !present.includes(column))
      .map((column) => `column ${name}.${column}`);
  });
  if (missing.length > 0) throw new MissingFromSourceError(missing);
}
