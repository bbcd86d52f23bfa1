import { type Static, Type } from '@sinclair/typebox';
import {
  Bytes,
  Count,
  DayText,
  Gigabytes,
  InstantText,
  Key,
  List,
  Megabytes,
  Nullable,
  Percentage,
  Text,
  WholeDays,
} from '../../core/runtime/schema.ts';

/** The category of files that have none. */
export const NO_CATEGORY = 'Sem Categoria';

const Category = (description: string) => Text(description, { en: 'Category', pt: 'Categoria' }, 'Videos');

const StorageCategory = Type.Object(
  {
    FeatureCategoria: Category(`Category without surrounding blanks; "${NO_CATEGORY}" when blank`),
    TotalFiles: Count('Files of the category', { en: 'Files', pt: 'Arquivos' }),
    TotalBytes: Bytes('Their size in bytes', { en: 'Size in bytes', pt: 'Tamanho em bytes' }),
    TotalGB: Gigabytes('Their size', { en: 'Size in GB', pt: 'Tamanho em GB' }),
    PercentageOfTotal: Percentage('Share of all bytes', { en: 'Share of the size', pt: 'Participação no tamanho' }),
    AvgFileSizeMB: Megabytes('Mean size of a file', { en: 'Average file size', pt: 'Tamanho médio por arquivo' }),
  },
  { $id: 'StorageCategory', description: 'Files of a category' },
);
export type StorageCategory = Static<typeof StorageCategory>;

export const StorageStats = Type.Object(
  {
    TotalFiles: Count('Files', { en: 'Files', pt: 'Arquivos' }),
    TotalBytes: Bytes('Size of all files in bytes', { en: 'Total size in bytes', pt: 'Tamanho total em bytes' }),
    TotalMB: Megabytes('Size of all files', { en: 'Total size in MB', pt: 'Tamanho total em MB' }),
    TotalGB: Gigabytes('Size of all files', { en: 'Total size in GB', pt: 'Tamanho total em GB' }),
    CategoryBreakdown: List(StorageCategory, 'Categories, most bytes first', {
      en: 'Files by category',
      pt: 'Arquivos por categoria',
    }),
    LargestCategory: Nullable(Type.String(), {
      description: 'Category with most bytes; null if none',
      examples: ['Videos'],
    }),
    SmallestCategory: Nullable(Type.String(), {
      description: 'Category with fewest bytes; null if none',
      examples: ['Imagens'],
    }),
  },
  { $id: 'StorageStats', description: 'Size of the files, by category' },
);
export type StorageStats = Static<typeof StorageStats>;

export const FileDetail = Type.Object(
  {
    Id: Key('Key of the file', { en: 'Id', pt: 'Código' }, 17),
    FileName: Text('Name of the file', { en: 'File', pt: 'Arquivo' }, 'aula-01.mp4'),
    FeatureCategoria: Category(`Category without surrounding blanks; "${NO_CATEGORY}" when blank`),
    TamanhoBytes: Bytes('Size in bytes', { en: 'Size in bytes', pt: 'Tamanho em bytes' }),
    SizeMB: Megabytes('Size', { en: 'Size in MB', pt: 'Tamanho em MB' }),
    CriadoEm: Nullable(
      InstantText('When the file was created; null when unknown', { en: 'Created at', pt: 'Criado em' }),
    ),
    ModificadoEm: Nullable(
      InstantText('When the file was last modified; null when unknown', { en: 'Modified at', pt: 'Modificado em' }),
    ),
  },
  { $id: 'FileDetail', description: 'A file' },
);
export type FileDetail = Static<typeof FileDetail>;

const StorageGrowthDay = Type.Object(
  {
    Date: DayText('Calendar day', { en: 'Day', pt: 'Dia' }),
    FilesAdded: Count('Files added on the day', { en: 'Files added', pt: 'Arquivos adicionados' }),
    GBAdded: Gigabytes('Their size', { en: 'Size added', pt: 'Tamanho adicionado' }),
  },
  { $id: 'StorageGrowthDay', description: 'Files added on a day' },
);

const StorageGrowthSummary = Type.Object(
  {
    Days: WholeDays(
      'How many days, with today',
      { en: 'Period measured', pt: 'Período medido' },
      { minimum: 1, examples: [30] },
    ),
    TotalGBAdded: Gigabytes('Size of the files added', {
      en: 'Size added, last 30 days',
      pt: 'Tamanho adicionado, últimos 30 dias',
    }),
    TotalFilesAdded: Count('Files added', {
      en: 'Files added, last 30 days',
      pt: 'Arquivos adicionados, últimos 30 dias',
    }),
    AvgGBPerDay: Gigabytes('Mean size added a day', {
      en: 'Average size added a day',
      pt: 'Tamanho médio adicionado por dia',
    }),
  },
  { $id: 'StorageGrowthSummary', description: 'Files added over all days' },
);

export const StorageGrowthTrend = Type.Object(
  {
    TrendData: List(StorageGrowthDay, 'Calendar days, oldest first', {
      en: 'Files added by day',
      pt: 'Arquivos adicionados por dia',
    }),
    Summary: StorageGrowthSummary,
  },
  { $id: 'StorageGrowthTrend', description: 'Files added by day' },
);
export type StorageGrowthTrend = Static<typeof StorageGrowthTrend>;

export const LargestFiles = Type.Object(
  {
    TotalResults: Count('Files in the answer'),
    Files: Type.Array(FileDetail, { description: 'Largest first' }),
  },
  { $id: 'LargestFiles', description: 'The largest files' },
);
export type LargestFiles = Static<typeof LargestFiles>;

export const FilesByCategory = Type.Object(
  {
    Category: Category('The category asked for'),
    TotalResults: Count('Files in the answer'),
    Files: Type.Array(FileDetail, { description: 'Largest first' }),
  },
  { $id: 'FilesByCategory', description: 'The largest files of a category' },
);
export type FilesByCategory = Static<typeof FilesByCategory>;

export const StorageData = Type.Object(
  {
    stats: StorageStats,
    largestFiles: List(FileDetail, 'The 20 largest', { en: 'Largest files', pt: 'Maiores arquivos' }),
    growth: StorageGrowthTrend,
  },
  { $id: 'StorageData', description: 'Every figure of the feature' },
);
export type StorageData = Static<typeof StorageData>;
