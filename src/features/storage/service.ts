import { type Instant, isoInstantOrNull, lastDays, startOfDay } from '../../core/figures/calendar.ts';
import { compareText } from '../../core/figures/ordering.ts';
import { percentage, roundRatio } from '../../core/figures/rounding.ts';
import type { Content, Unavailable } from '../../core/runtime/snapshot.ts';
import type { CategoryGroup, FileRow, StorageDay, StorageRepository } from './repository.ts';
import {
  type FileDetail,
  type FilesByCategory,
  type LargestFiles,
  NO_CATEGORY,
  type StorageCategory,
  type StorageData,
  type StorageGrowthTrend,
  type StorageStats,
} from './schemas.ts';

const MEGABYTE = 1024 ** 2;
const GIGABYTE = 1024 ** 3;

/** How many files, and over how many days, unless asked otherwise. */
export const LISTED_FILES = 20;
export const GROWTH_DAYS = 30;

export interface StorageService {
  /** Every figure of the feature, as of `now`. */
  snapshot(now: Instant): Promise<Content<StorageData>>;
  largestFiles(limit: number): Promise<LargestFiles>;
  /** The largest files of a category; "Sem Categoria" stands for those without one. */
  filesOf(category: string, limit: number): Promise<FilesByCategory>;
  /** Files added on each of the last `days` calendar days with today. */
  growth(now: Instant, days: number): Promise<StorageGrowthTrend>;
}

export function createStorageService(repository: StorageRepository): StorageService {
  const largest = async (limit: number) => (await repository.largest(limit)).map(describe);
  const growth = async (now: Instant, days: number) => {
    const from = startOfDay(now, days - 1);
    // The upload of a file's first video stands in for a missing `CriadoEm`.
    const added = await (repository.knowsCreation ? repository.daysOfFiles(from) : repository.daysOfVideos(from));
    return growthOf(added, now, days);
  };
  return {
    growth,

    async snapshot(now) {
      return {
        data: {
          stats: measure(await repository.categories()),
          largestFiles: await largest(LISTED_FILES),
          growth: await growth(now, GROWTH_DAYS),
        },
        unavailable: unavailableOf(repository),
      };
    },

    async largestFiles(limit) {
      const files = await largest(limit);
      return { TotalResults: files.length, Files: files };
    },

    async filesOf(category, limit) {
      const name = categoryName(category);
      const spellings = (await repository.spellings()).filter((raw) => categoryName(raw) === name);
      const files = spellings.length === 0 ? [] : await repository.largestOf(spellings, limit);
      return { Category: name, TotalResults: files.length, Files: files.map(describe) };
    },
  };
}

function unavailableOf({ knowsCreation, knowsModification }: StorageRepository): Unavailable[] {
  const unavailable: Unavailable[] = [];
  if (!knowsCreation) unavailable.push({ figure: 'largestFiles.CriadoEm', column: 'Files.CriadoEm' });
  if (!knowsModification) unavailable.push({ figure: 'largestFiles.ModificadoEm', column: 'Files.ModificadoEm' });
  return unavailable;
}

function categoryName(raw: string): string {
  return raw.trim() || NO_CATEGORY;
}

function measure(groups: readonly CategoryGroup[]): StorageStats {
  const files = groups.reduce((total, { count }) => total + count, 0);
  const bytes = groups.reduce((total, group) => total + group.bytes, 0);
  const categories = breakDown(groups, bytes);
  const fewestFirst = categories.toSorted(
    (left, right) => left.TotalBytes - right.TotalBytes || compareText(left.FeatureCategoria, right.FeatureCategoria),
  );
  return {
    TotalFiles: files,
    TotalBytes: bytes,
    TotalMB: roundRatio(bytes, MEGABYTE),
    TotalGB: roundRatio(bytes, GIGABYTE),
    CategoryBreakdown: categories,
    LargestCategory: categories[0]?.FeatureCategoria ?? null,
    SmallestCategory: fewestFirst[0]?.FeatureCategoria ?? null,
  };
}

/** Categories that differ only in surrounding blanks are one; letter case is kept. Most bytes first, ties by name. */
function breakDown(groups: readonly CategoryGroup[], allBytes: number): StorageCategory[] {
  const totals = new Map<string, { count: number; bytes: number }>();
  for (const { FeatureCategoria, count, bytes } of groups) {
    const name = categoryName(FeatureCategoria);
    const total = totals.get(name) ?? { count: 0, bytes: 0 };
    totals.set(name, { count: total.count + count, bytes: total.bytes + bytes });
  }
  return [...totals]
    .sort(([leftName, left], [rightName, right]) => right.bytes - left.bytes || compareText(leftName, rightName))
    .map(([name, { count, bytes }]) => ({
      FeatureCategoria: name,
      TotalFiles: count,
      TotalBytes: bytes,
      TotalGB: roundRatio(bytes, GIGABYTE),
      PercentageOfTotal: percentage(bytes, allBytes),
      AvgFileSizeMB: roundRatio(bytes, count * MEGABYTE),
    }));
}

function describe(row: FileRow): FileDetail {
  return {
    Id: row.Id,
    FileName: row.NomeArquivo,
    FeatureCategoria: categoryName(row.FeatureCategoria),
    TamanhoBytes: row.TamanhoBytes,
    SizeMB: roundRatio(row.TamanhoBytes, MEGABYTE),
    CriadoEm: isoInstantOrNull(row.created ?? null),
    ModificadoEm: isoInstantOrNull(row.modified ?? null),
  };
}

function growthOf(added: readonly StorageDay[], now: Instant, days: number): StorageGrowthTrend {
  const byDay = new Map(added.map((day) => [day.day, day]));
  const trend = lastDays(now, days).map((date) => ({
    date,
    count: byDay.get(date)?.count ?? 0,
    bytes: byDay.get(date)?.bytes ?? 0,
  }));
  const bytes = trend.reduce((total, day) => total + day.bytes, 0);
  return {
    TrendData: trend.map((day) => ({
      Date: day.date,
      FilesAdded: day.count,
      GBAdded: roundRatio(day.bytes, GIGABYTE),
    })),
    Summary: {
      Days: days,
      TotalGBAdded: roundRatio(bytes, GIGABYTE),
      TotalFilesAdded: trend.reduce((total, { count }) => total + count, 0),
      AvgGBPerDay: roundRatio(bytes, days * GIGABYTE),
    },
  };
}
