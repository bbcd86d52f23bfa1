import { sql } from 'kysely';
import { type Rows, tables } from '../../company/tables.ts';
import type { Instant } from '../../core/figures/calendar.ts';
import type { Span } from '../../core/figures/span.ts';
import type { TableColumns } from '../../core/mirror/catalog.ts';
import { quotient, type RowExpressions, relationOf, remainder } from '../../core/mirror/expression.ts';
import { type MirrorObject, mirrorIndex } from '../../core/mirror/mirror-object.ts';
import type { MirrorReader } from '../../core/mirror/reader.ts';
import { hourlyRollup, part, rollup } from '../../core/mirror/rollup.ts';
import { NO_CATEGORY } from './schemas.ts';

export const storageReads: TableColumns = {
  Files: ['Id', 'NomeArquivo', 'FeatureCategoria', 'TamanhoBytes', 'CriadoEm', 'ModificadoEm'],
  Videos: ['Id', 'FileId', 'UploadDate'],
};

const MEGABYTE = 1024 ** 2;

/** Whole megabytes and the remaining bytes are summed apart: a sum of bytes could exceed 2^53 and be rounded. */
const sizes = ({ column }: RowExpressions<Rows['Files']>) => ({
  megabytes: quotient(column('TamanhoBytes'), MEGABYTE),
  bytes: remainder(column('TamanhoBytes'), MEGABYTE),
});

const filesByCategory = rollup(
  'FilesByCategory',
  part(relationOf(tables.Files), (file) => ({
    by: { FeatureCategoria: file.column('FeatureCategoria') },
    sums: sizes(file),
  })),
);

const filesByHour = hourlyRollup('FilesByHour', tables.Files, 'CriadoEm', (file) => ({ sums: sizes(file) }));

/** The name of a file's category. Queries must use exactly this expression, or SQLite does not use the index. */
const CATEGORY = `case "FeatureCategoria" when '' then '${NO_CATEGORY}' else "FeatureCategoria" end`;
const LARGEST_FIRST = '"TamanhoBytes" desc, "NomeArquivo", "Id"';

export const storageObjects: readonly MirrorObject[] = [
  filesByCategory,
  filesByHour,
  mirrorIndex('FilesLargest', 'Files', LARGEST_FIRST),
  mirrorIndex('FilesLargestByCategory', 'Files', `(${CATEGORY}), ${LARGEST_FIRST}`),
  // Without `CriadoEm` a file counts at its first video: one index finds the videos of a window, one a file's first.
  mirrorIndex('VideosByUpload', 'Videos', '"UploadDate"'),
  mirrorIndex('VideosByFile', 'Videos', '"FileId", "UploadDate"'),
];

/** Files, and what their sizes add up to. */
interface FileTotals {
  readonly count: number;
  readonly bytes: bigint;
}

export interface CategoryGroup extends FileTotals {
  /** '' for files without one. */
  readonly FeatureCategoria: string;
}

export interface FileRow {
  readonly Id: number;
  readonly NomeArquivo: string;
  readonly FeatureCategoria: string;
  readonly TamanhoBytes: number;
  readonly CriadoEm: Instant | null;
  readonly ModificadoEm: Instant | null;
}

/** Files of one of several spans. */
export interface StorageSpan extends FileTotals {
  /** Index of the span. */
  readonly span: number;
}

export interface StorageRepository {
  /** Whether `Files.CriadoEm` exists. */
  readonly knowsCreation: boolean;
  /** Whether `Files.ModificadoEm` exists. */
  readonly knowsModification: boolean;
  categories(): CategoryGroup[];
  /** Largest first, ties by name. */
  largest(count: number): FileRow[];
  /** The largest of one category, by its listed name. */
  largestOf(category: string, count: number): FileRow[];
  /** A row for each span in which files were created. */
  createdIn(spans: readonly Span[]): StorageSpan[];
  /** A row for each span in which the first video of files was uploaded. */
  firstUploadedIn(spans: readonly Span[]): StorageSpan[];
}

/** Queries only: rules and the clock belong to the service. */
export function createStorageRepository(reader: MirrorReader): StorageRepository {
  const largestFirst = () =>
    reader
      .tables()
      .selectFrom('Files')
      .select(['Id', 'NomeArquivo', 'FeatureCategoria', 'TamanhoBytes', 'CriadoEm', 'ModificadoEm'])
      .orderBy('TamanhoBytes', 'desc')
      .orderBy('NomeArquivo')
      .orderBy('Id');

  return {
    knowsCreation: reader.has('Files', 'CriadoEm'),
    knowsModification: reader.has('Files', 'ModificadoEm'),
    categories: () => reader.rows(filesByCategory).map(added),
    largest: (count) => reader.all(largestFirst().limit(count)),
    largestOf: (category, count) =>
      reader.all(largestFirst().where(sql.raw<string>(CATEGORY), '=', category).limit(count)),
    createdIn: (spans) => reader.totals(filesByHour, spans).map(added),
    firstUploadedIn: (spans) => reader.all(firstUploads(reader, spans)).map(added),
  };
}

/** Reads only the videos of the spans, and keeps each that is the first of its file. */
function firstUploads(reader: MirrorReader, spans: readonly Span[]) {
  const list = JSON.stringify(spans.map(({ from, before }, span) => ({ span, from, before })));
  const within = sql<{ span: number; from: Instant; before: Instant }>`(
    select value ->> 'span' as "span", value ->> 'from' as "from", value ->> 'before' as "before" from json_each(${list}))`;
  return reader
    .tables()
    .selectFrom(within.as('spans'))
    .crossJoin('Videos')
    .innerJoin('Files', 'Files.Id', 'Videos.FileId')
    .whereRef('Videos.UploadDate', '>=', 'spans.from')
    .whereRef('Videos.UploadDate', '<', 'spans.before')
    .where(({ eb, selectFrom }) =>
      eb(
        'Videos.Id',
        '=',
        selectFrom('Videos as first')
          .whereRef('first.FileId', '=', 'Videos.FileId')
          .where('first.UploadDate', 'is not', null)
          .orderBy('first.UploadDate')
          .orderBy('first.Id')
          .limit(1)
          .select('first.Id'),
      ),
    )
    .groupBy('spans.span')
    .select(({ fn }) => [
      'spans.span',
      fn.countAll<number>().as('count'),
      fn.sum<number>(sql`"TamanhoBytes" / ${sql.lit(MEGABYTE)}`).as('megabytes'),
      fn.sum<number>(sql`"TamanhoBytes" % ${sql.lit(MEGABYTE)}`).as('bytes'),
    ]);
}

function added<Row extends { readonly megabytes: number; readonly bytes: number }>({ megabytes, bytes, ...row }: Row) {
  return { ...row, bytes: BigInt(megabytes) * BigInt(MEGABYTE) + BigInt(bytes) };
}
