import { type Fraction, fraction, percentage, rounded, sum, zero } from '../../oracle/exact.ts';
import type { Answer, Company, FileRow } from '../../oracle/rows.ts';
import { byText, dateOf, grouped, isoOrNull, lastDates, sorted } from '../../oracle/rules.ts';
import { defaultZone } from '../../oracle/zones.ts';

const mega = 1024n ** 2n;
const giga = 1024n ** 3n;

/** The contract's section 3, "storage". */
export function storageOracle(company: Company, now: number, timeZone: string = defaultZone): Answer {
  const columns = (['Files.CriadoEm', 'Files.ModificadoEm'] as const).filter((column) => company.missing.has(column));
  return {
    data: {
      stats: stats(company),
      largestFiles: largestFiles(company, 20),
      growth: growthTrend(company, now, 30, timeZone),
    },
    unavailable: columns.map((column) => ({ figure: column.replace('Files.', 'largestFiles.'), column })),
  };
}

function stats(company: Company) {
  const total = bytesOf(company.Files);
  const categories = sorted(
    grouped(company.Files, categoryOf),
    ([, left], [, right]) => bytesOf(right) - bytesOf(left),
    ([left], [right]) => byText(left, right),
  );
  const fewest = Math.min(...categories.map(([, files]) => bytesOf(files)));
  const smallest = categories.filter(([, files]) => bytesOf(files) === fewest).map(([name]) => name);
  return {
    TotalFiles: company.Files.length,
    TotalBytes: total,
    TotalMB: rounded(fraction(total, mega)),
    TotalGB: rounded(fraction(total, giga)),
    CategoryBreakdown: categories.map(([FeatureCategoria, files]) => ({
      FeatureCategoria,
      TotalFiles: files.length,
      TotalBytes: bytesOf(files),
      TotalGB: rounded(fraction(bytesOf(files), giga)),
      PercentageOfTotal: percentage(bytesOf(files), total),
      AvgFileSizeMB: rounded(fraction(bytesOf(files), BigInt(files.length) * mega)),
    })),
    LargestCategory: categories[0]?.[0] ?? null,
    SmallestCategory: smallest.sort(byText)[0] ?? null,
  };
}

/** `storage/largest-files?limit=`, and the list of the snapshot. */
function largestFiles(company: Company, limit: number) {
  return bySize(company.Files).slice(0, limit).map(detail(company));
}

export function largestFilesAnswer(company: Company, limit: number) {
  const Files = largestFiles(company, limit);
  return { TotalResults: Files.length, Files };
}

/** `storage/by-category/{categoria}?limit=` */
export function filesOfCategory(company: Company, categoria: string, limit: number) {
  const Category = categoria.trim() === '' ? 'Sem Categoria' : categoria.trim();
  const files = company.Files.filter((file) => categoryOf(file) === Category);
  const Files = bySize(files).slice(0, limit).map(detail(company));
  return { Category, TotalResults: Files.length, Files };
}

/** `storage/growth-trend?days=`, and the growth of the snapshot. */
export function growthTrend(company: Company, now: number, days: number, timeZone: string = defaultZone) {
  const dated = company.Files.flatMap((file) => {
    const instant = company.missing.has('Files.CriadoEm') ? firstUpload(company, file) : file.CriadoEm;
    const date = dateOf(instant, timeZone);
    return date === null ? [] : [{ date, gigabytes: fraction(file.TamanhoBytes, giga) }];
  });
  const dates = lastDates(now, days, timeZone);
  const added = dated.filter(({ date }) => dates.includes(date));
  const gigabytes = (some: readonly { readonly gigabytes: Fraction }[]) => sum(some.map((file) => file.gigabytes));
  const total = added.length === 0 ? zero : gigabytes(added);
  return {
    TrendData: dates.map((today) => {
      const some = added.filter(({ date }) => date === today);
      return { Date: today, FilesAdded: some.length, GBAdded: rounded(gigabytes(some)) };
    }),
    Summary: {
      Days: days,
      TotalGBAdded: rounded(total),
      TotalFilesAdded: added.length,
      AvgGBPerDay: rounded({ over: total.over, under: total.under * BigInt(days) }),
    },
  };
}

/** Without the column, a file counts once, on the day of its first video. */
function firstUpload(company: Company, { Id }: FileRow): number | null {
  const uploads = company.Videos.flatMap(({ FileId, UploadDate }) => (FileId === Id ? (UploadDate ?? []) : []));
  return uploads.length === 0 ? null : Math.min(...uploads);
}

function bySize(files: readonly FileRow[]): FileRow[] {
  return sorted(
    files,
    (left, right) => right.TamanhoBytes - left.TamanhoBytes,
    (left, right) => byText(left.NomeArquivo, right.NomeArquivo),
    (left, right) => left.Id - right.Id,
  );
}

function detail({ missing }: Company) {
  return (file: FileRow) => ({
    Id: file.Id,
    FileName: file.NomeArquivo,
    FeatureCategoria: categoryOf(file),
    TamanhoBytes: file.TamanhoBytes,
    SizeMB: rounded(fraction(file.TamanhoBytes, mega)),
    CriadoEm: missing.has('Files.CriadoEm') ? null : isoOrNull(file.CriadoEm),
    ModificadoEm: missing.has('Files.ModificadoEm') ? null : isoOrNull(file.ModificadoEm),
  });
}

function categoryOf({ FeatureCategoria }: FileRow): string {
  return FeatureCategoria.trim() === '' ? 'Sem Categoria' : FeatureCategoria.trim();
}

function bytesOf(files: readonly FileRow[]): number {
  return files.reduce((total, { TamanhoBytes }) => total + TamanhoBytes, 0);
}
