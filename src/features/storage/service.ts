import { isoInstantOrNull } from '../../core/figures/calendar.ts';
import { compareText } from '../../core/figures/ordering.ts';
import { percentage, roundRatio } from '../../core/figures/rounding.ts';
import type { AsOf } from '../../core/figures/zone.ts';
import { isPlaceholderKey } from '../../core/mirror/door.ts';
import type { Figures } from '../../core/runtime/define-feature.ts';
import type { Unavailable } from '../../core/runtime/snapshot.ts';
import type { CategoryGroup, FileRow, StorageRepository } from './repository.ts';
import { NO_CATEGORY, type StorageData } from './schemas.ts';

const MEGABYTE = 1024 ** 2;
const GIGABYTE = 1024 ** 3;

/** Defaults: how many files are listed, and over how many days growth is measured. */
export const LISTED_FILES = 20;
export const GROWTH_DAYS = 30;

/** Its methods throw a RangeError if a sum of sizes exceeds what a JSON number holds exactly (2^53). */
export function createStorageService(repository: StorageRepository) {
  const largest = (limit: number) => repository.largest(limit).map(describe);
  /** Files added on each of the last `days` calendar days with today. */
  const growth = (asOf: AsOf, days: number) => growthOf(repository, asOf, days);
  return {
    growth,

    snapshot: (asOf: AsOf): Figures<StorageData> => ({
      data: {
        stats: measure(repository.categories()),
        largestFiles: largest(LISTED_FILES),
        growth: growth(asOf, GROWTH_DAYS),
      },
      unavailable: unavailableOf(repository),
    }),

    largestFiles(limit: number) {
      const files = largest(limit);
      return { TotalResults: files.length, Files: files };
    },

    /** The largest files of a category; "Sem Categoria" is that of files without one. */
    filesOf(category: string, limit: number) {
      const name = categoryName(category.trim());
      const files = repository.largestOf(name, limit).map(describe);
      return { Category: name, TotalResults: files.length, Files: files };
    },
  };
}

function unavailableOf({ knowsCreation, knowsModification }: StorageRepository): Unavailable[] {
  const unavailable: Unavailable[] = [];
  if (!knowsCreation) unavailable.push({ figure: 'largestFiles.CriadoEm', column: 'Files.CriadoEm' });
  if (!knowsModification) unavailable.push({ figure: 'largestFiles.ModificadoEm', column: 'Files.ModificadoEm' });
  return unavailable;
}

function categoryName(category: string): string {
  return category || NO_CATEGORY;
}

function measure(groups: readonly CategoryGroup[]): StorageData['stats'] {
  const categories = mergeCategories(groups);
  const files = categories.reduce((total, { count }) => total + count, 0);
  const bytes = categories.reduce((total, category) => total + category.bytes, 0n);
  const breakdown = categories.map(({ name, ...category }) => ({
    FeatureCategoria: name,
    TotalFiles: category.count,
    TotalBytes: exactNumber(category.bytes),
    TotalGB: roundRatio(category.bytes, GIGABYTE),
    PercentageOfTotal: percentage(category.bytes, bytes),
    AvgFileSizeMB: roundRatio(category.bytes, category.count * MEGABYTE),
  }));
  return {
    TotalFiles: files,
    TotalBytes: exactNumber(bytes),
    TotalMB: roundRatio(bytes, MEGABYTE),
    TotalGB: roundRatio(bytes, GIGABYTE),
    CategoryBreakdown: breakdown,
    LargestCategory: categories[0]?.name ?? null,
    SmallestCategory: smallestOf(categories)?.name ?? null,
  };
}

interface Category {
  readonly name: string;
  readonly count: number;
  readonly bytes: bigint;
}

/** Merges files without a category with those of a category called "Sem Categoria". Letter case is kept; most bytes first. */
function mergeCategories(groups: readonly CategoryGroup[]): Category[] {
  const categories = new Map<string, Category>();
  for (const { FeatureCategoria, count, bytes } of groups) {
    const name = categoryName(FeatureCategoria);
    const before = categories.get(name) ?? { count: 0, bytes: 0n };
    categories.set(name, { name, count: before.count + count, bytes: before.bytes + bytes });
  }
  return [...categories.values()].sort(
    (left, right) => compareBytes(right, left) || compareText(left.name, right.name),
  );
}

/** Ties by name ascending. */
function smallestOf(categories: readonly Category[]): Category | undefined {
  return categories.toSorted((left, right) => compareBytes(left, right) || compareText(left.name, right.name))[0];
}

function compareBytes(left: Category, right: Category): number {
  return left.bytes < right.bytes ? -1 : left.bytes > right.bytes ? 1 : 0;
}

/** @throws RangeError if a JSON number cannot hold the whole number exactly */
function exactNumber(bytes: bigint): number {
  const number = Number(bytes);
  if (BigInt(number) === bytes) return number;
  throw new RangeError('The sizes of the files add up to more bytes than a JSON number holds exactly (2^53)');
}

function describe(row: FileRow): StorageData['largestFiles'][number] {
  return {
    Id: isPlaceholderKey(row.Id) ? 0 : row.Id,
    FileName: row.NomeArquivo,
    FeatureCategoria: categoryName(row.FeatureCategoria),
    TamanhoBytes: row.TamanhoBytes,
    SizeMB: roundRatio(row.TamanhoBytes, MEGABYTE),
    CriadoEm: isoInstantOrNull(row.CriadoEm),
    ModificadoEm: isoInstantOrNull(row.ModificadoEm),
  };
}

function growthOf(repository: StorageRepository, { now, calendar }: AsOf, count: number): StorageData['growth'] {
  const days = calendar.lastDays(now, count);
  // Without `CriadoEm` a file counts on the day of its first video's upload.
  const added = repository.knowsCreation ? repository.createdIn(days) : repository.firstUploadedIn(days);
  const bySpan = new Map(added.map((day) => [day.span, day]));
  const bytes = added.reduce((total, day) => total + day.bytes, 0n);
  return {
    TrendData: days.map(({ name }, span) => ({
      Date: name,
      FilesAdded: bySpan.get(span)?.count ?? 0,
      GBAdded: roundRatio(bySpan.get(span)?.bytes ?? 0n, GIGABYTE),
    })),
    Summary: {
      Days: count,
      TotalGBAdded: roundRatio(bytes, GIGABYTE),
      TotalFilesAdded: added.reduce((total, day) => total + day.count, 0),
      AvgGBPerDay: roundRatio(bytes, count * GIGABYTE),
    },
  };
}
