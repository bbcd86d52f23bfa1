import { type Static, Type } from '@sinclair/typebox';
import { Count, DayText, Nullable, Percentage } from '../../core/runtime/schema.ts';

/** The category of files that have none. */
export const NO_CATEGORY = 'Sem Categoria';

const Bytes = (description: string) => Type.Integer({ description, minimum: 0, examples: [734003200] });
const Megabytes = (description: string) =>
  Type.Number({ description: `${description}, in units of 1024² bytes`, minimum: 0, examples: [700] });
const Gigabytes = (description: string) =>
  Type.Number({ description: `${description}, in units of 1024³ bytes`, minimum: 0, examples: [0.68] });
const Category = (description: string) => Type.String({ description, examples: ['Videos'] });
const OptionalInstant = (description: string) =>
  Nullable(Type.String({ format: 'date-time' }), { description, examples: ['2026-03-01T12:00:00.000Z'] });

const StorageCategory = Type.Object(
  {
    FeatureCategoria: Category(`Category without surrounding blanks; "${NO_CATEGORY}" when blank`),
    TotalFiles: Count('Files of the category'),
    TotalBytes: Bytes('Their size in bytes'),
    TotalGB: Gigabytes('Their size'),
    PercentageOfTotal: Percentage('Share of all bytes'),
    AvgFileSizeMB: Megabytes('Mean size of a file'),
  },
  { $id: 'StorageCategory', description: 'Files of a category' },
);
export type StorageCategory = Static<typeof StorageCategory>;

export const StorageStats = Type.Object(
  {
    TotalFiles: Count('Files'),
    TotalBytes: Bytes('Size of all files in bytes'),
    TotalMB: Megabytes('Size of all files'),
    TotalGB: Gigabytes('Size of all files'),
    CategoryBreakdown: Type.Array(StorageCategory, { description: 'Categories, most bytes first' }),
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
    Id: Type.Integer({ description: 'Key of the file', examples: [17] }),
    FileName: Type.String({ description: 'Name of the file', examples: ['aula-01.mp4'] }),
    FeatureCategoria: Category(`Category without surrounding blanks; "${NO_CATEGORY}" when blank`),
    TamanhoBytes: Bytes('Size in bytes'),
    SizeMB: Megabytes('Size'),
    CriadoEm: OptionalInstant('When the file was created; null when unknown'),
    ModificadoEm: OptionalInstant('When the file was last modified; null when unknown'),
  },
  { $id: 'FileDetail', description: 'A file' },
);
export type FileDetail = Static<typeof FileDetail>;

const StorageGrowthDay = Type.Object(
  {
    Date: DayText('Calendar day'),
    FilesAdded: Count('Files added on the day'),
    GBAdded: Gigabytes('Their size'),
  },
  { $id: 'StorageGrowthDay', description: 'Files added on a day' },
);

const StorageGrowthSummary = Type.Object(
  {
    Days: Type.Integer({ description: 'How many days, with today', minimum: 1, examples: [30] }),
    TotalGBAdded: Gigabytes('Size of the files added'),
    TotalFilesAdded: Count('Files added'),
    AvgGBPerDay: Gigabytes('Mean size added a day'),
  },
  { $id: 'StorageGrowthSummary', description: 'Files added over all days' },
);

export const StorageGrowthTrend = Type.Object(
  {
    TrendData: Type.Array(StorageGrowthDay, { description: 'Calendar days, oldest first' }),
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
    largestFiles: Type.Array(FileDetail, { description: 'The 20 largest' }),
    growth: StorageGrowthTrend,
  },
  { $id: 'StorageData', description: 'Every figure of the feature' },
);
export type StorageData = Static<typeof StorageData>;
