import type { NotNull } from 'kysely';
import type { Instant } from '../../core/figures/calendar.ts';
import { sqlTables } from '../../core/sources/sources.ts';
import type { SqlReader } from '../../core/sources/sql/source.ts';

export const storageTables = sqlTables({
  Files: ['Id', 'NomeArquivo', 'FeatureCategoria', 'TamanhoBytes'],
  Videos: ['FileId', 'UploadDate'],
});

/** Files that share a spelling of the category. */
export interface CategoryGroup {
  FeatureCategoria: string;
  count: number;
  bytes: number;
}

export interface FileRow {
  Id: number;
  NomeArquivo: string;
  FeatureCategoria: string;
  TamanhoBytes: number;
  /** Absent without the column. */
  created?: Instant | null;
  /** Absent without the column. */
  modified?: Instant | null;
}

export interface StorageDay {
  day: string;
  count: number;
  bytes: number;
}

export interface StorageRepository {
  /** Whether `Files.CriadoEm` exists. */
  readonly knowsCreation: boolean;
  /** Whether `Files.ModificadoEm` exists. */
  readonly knowsModification: boolean;
  categories(): Promise<CategoryGroup[]>;
  /** Every spelling that stands in `Files.FeatureCategoria`. */
  spellings(): Promise<string[]>;
  /** Largest first, ties by name. */
  largest(count: number): Promise<FileRow[]>;
  /** The same of the given spellings of a category. */
  largestOf(categories: readonly string[], count: number): Promise<FileRow[]>;
  /** Files by the day they were created on, from an instant on. */
  daysOfFiles(from: Instant): Promise<StorageDay[]>;
  /** Video files by the day their first video was uploaded on, from an instant on. */
  daysOfVideos(from: Instant): Promise<StorageDay[]>;
}

/** Queries only: no rule and no clock of its own. */
export function createStorageRepository({ database, dialect, columns }: SqlReader): StorageRepository {
  const knowsCreation = columns.has('Files', 'CriadoEm');
  const knowsModification = columns.has('Files', 'ModificadoEm');

  const largestFirst = () =>
    database
      .selectFrom('Files')
      .select(['Id', 'NomeArquivo', 'FeatureCategoria', 'TamanhoBytes'])
      .$if(knowsCreation, (files) => files.select(({ ref }) => dialect.instant(ref('CriadoEm')).as('created')))
      .$if(knowsModification, (files) => files.select(({ ref }) => dialect.instant(ref('ModificadoEm')).as('modified')))
      .orderBy('TamanhoBytes', 'desc')
      .orderBy(({ ref }) => dialect.exactText(ref('NomeArquivo')))
      .orderBy('Id');

  return {
    knowsCreation,
    knowsModification,

    categories: () =>
      database
        .selectFrom('Files')
        .groupBy(({ ref }) => dialect.exactText(ref('FeatureCategoria')))
        .select(({ fn, ref }) => [
          dialect.exactText(ref('FeatureCategoria')).as('FeatureCategoria'),
          fn.countAll<number>().as('count'),
          fn.sum<number>('TamanhoBytes').as('bytes'),
        ])
        .execute(),

    async spellings() {
      const rows = await database
        .selectFrom('Files')
        .distinct()
        .select(({ ref }) => dialect.exactText(ref('FeatureCategoria')).as('FeatureCategoria'))
        .execute();
      return rows.map(({ FeatureCategoria }) => FeatureCategoria);
    },

    largest: (count) => dialect.firstRows(largestFirst(), count).execute(),

    largestOf(categories, count) {
      const ofCategories = largestFirst().where(({ eb, ref }) =>
        eb(dialect.exactText(ref('FeatureCategoria')), 'in', categories),
      );
      return dialect.firstRows(ofCategories, count).execute();
    },

    daysOfFiles: (from) =>
      database
        .selectFrom('Files')
        .where('CriadoEm', '>=', dialect.at(from))
        .groupBy(({ ref }) => dialect.day(ref('CriadoEm')))
        .select(({ fn, ref }) => [
          dialect.day(ref('CriadoEm')).as('day'),
          fn.countAll<number>().as('count'),
          fn.sum<number>('TamanhoBytes').as('bytes'),
        ])
        .$narrowType<{ day: NotNull }>()
        .execute(),

    daysOfVideos: (from) =>
      database
        .with('firstVideos', (query) =>
          query
            .selectFrom('Videos')
            .groupBy('FileId')
            .select(({ fn }) => ['FileId', fn.min('UploadDate').as('uploaded')]),
        )
        .selectFrom('Files')
        .innerJoin('firstVideos', 'firstVideos.FileId', 'Files.Id')
        .where('firstVideos.uploaded', '>=', dialect.at(from))
        .groupBy(({ ref }) => dialect.day(ref('firstVideos.uploaded')))
        .select(({ fn, ref }) => [
          dialect.day(ref('firstVideos.uploaded')).as('day'),
          fn.countAll<number>().as('count'),
          fn.sum<number>('Files.TamanhoBytes').as('bytes'),
        ])
        .execute(),
  };
}
