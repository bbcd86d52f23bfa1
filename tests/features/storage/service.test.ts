import { describe, expect, test } from 'bun:test';
import type { Span } from '../../../src/core/figures/span.ts';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import type { CategoryGroup, FileRow, StorageRepository } from '../../../src/features/storage/repository.ts';
import { storageQuestions } from '../../../src/features/storage/routes.ts';
import { createStorageService } from '../../../src/features/storage/service.ts';

const NOW = Date.UTC(2026, 2, 15, 12);
const moment = { now: NOW, calendar: createCalendar('UTC') };
const MB = 1024 ** 2;
const GB = 1024 ** 3;

const category = (FeatureCategoria: string, count: number, bytes: number): CategoryGroup => ({
  FeatureCategoria,
  count,
  bytes: BigInt(bytes),
});

const file: FileRow = {
  Id: 1,
  NomeArquivo: 'a.mp4',
  FeatureCategoria: 'Videos',
  TamanhoBytes: 1.5 * MB,
  CriadoEm: NOW,
  ModificadoEm: null,
};

function repositoryOf(rows: Partial<StorageRepository>): StorageRepository {
  return {
    knowsCreation: true,
    knowsModification: true,
    categories: () => [],
    largest: () => [],
    largestOf: () => [],
    createdIn: () => [],
    firstUploadedIn: () => [],
    ...rows,
  };
}

const serviceOf = (rows: Partial<StorageRepository>) => createStorageService(repositoryOf(rows));

describe('categories', () => {
  const statsOf = (groups: CategoryGroup[]) => serviceOf({ categories: () => groups }).snapshot(moment).data.stats;

  test('keep their letter case, and have a name when blank', () => {
    const stats = statsOf([
      category('Videos', 3, 2 * GB),
      category('videos', 1, GB / 2),
      category('', 1, MB),
      category('Sem Categoria', 1, MB),
    ]);
    expect(stats).toEqual({
      TotalFiles: 6,
      TotalBytes: 2.5 * GB + 2 * MB,
      TotalMB: 2562,
      TotalGB: 2.5,
      CategoryBreakdown: [
        {
          FeatureCategoria: 'Videos',
          TotalFiles: 3,
          TotalBytes: 2 * GB,
          TotalGB: 2,
          PercentageOfTotal: 79.94,
          AvgFileSizeMB: 682.67,
        },
        {
          FeatureCategoria: 'videos',
          TotalFiles: 1,
          TotalBytes: GB / 2,
          TotalGB: 0.5,
          PercentageOfTotal: 19.98,
          AvgFileSizeMB: 512,
        },
        {
          FeatureCategoria: 'Sem Categoria',
          TotalFiles: 2,
          TotalBytes: 2 * MB,
          TotalGB: 0,
          PercentageOfTotal: 0.08,
          AvgFileSizeMB: 1,
        },
      ],
      LargestCategory: 'Videos',
      SmallestCategory: 'Sem Categoria',
    });
  });

  test('ties are broken by name at both ends', () => {
    const stats = statsOf([category('c', 1, 5), category('b', 1, 5), category('a', 1, 5)]);
    expect(stats.CategoryBreakdown.map(({ FeatureCategoria }) => FeatureCategoria)).toEqual(['a', 'b', 'c']);
    expect(stats.LargestCategory).toBe('a');
    expect(stats.SmallestCategory).toBe('a');
  });

  test('over nothing the figures are 0 and null', () => {
    const stats = statsOf([]);
    expect(stats).toMatchObject({ TotalFiles: 0, TotalGB: 0, CategoryBreakdown: [], LargestCategory: null });
    expect(stats.SmallestCategory).toBeNull();
    expect(statsOf([category('empty', 2, 0)]).CategoryBreakdown[0]?.PercentageOfTotal).toBe(0);
  });
});

describe('files', () => {
  test('tell their trimmed category, their size and their instants', () => {
    expect(serviceOf({ largest: () => [file] }).largestFiles(20)).toEqual({
      TotalResults: 1,
      Files: [
        {
          Id: 1,
          FileName: 'a.mp4',
          FeatureCategoria: 'Videos',
          TamanhoBytes: 1.5 * MB,
          SizeMB: 1.5,
          CriadoEm: '2026-03-15T12:00:00.000Z',
          ModificadoEm: null,
        },
      ],
    });
  });

  test('of a category are asked for by the name that it is listed under', () => {
    const asked: unknown[] = [];
    const service = serviceOf({
      largestOf: (...question) => {
        asked.push(question);
        return [file];
      },
    });
    expect(service.filesOf(' Videos', 7)).toMatchObject({ Category: 'Videos', TotalResults: 1 });
    expect(service.filesOf('  ', 8)).toMatchObject({ Category: 'Sem Categoria', TotalResults: 1 });
    expect(asked).toEqual([
      ['Videos', 7],
      ['Sem Categoria', 8],
    ]);
  });
});

describe('growth', () => {
  test('lists every calendar day with today and rounds the mean once', () => {
    const asked: (readonly Span[])[] = [];
    const service = serviceOf({
      createdIn: (spans) => {
        asked.push(spans);
        return [
          { span: 2, count: 2, bytes: BigInt(GB) },
          { span: 0, count: 1, bytes: BigInt(GB / 8) },
        ];
      },
    });
    expect(service.growth(moment, 3)).toEqual({
      TrendData: [
        { Date: '2026-03-13', FilesAdded: 1, GBAdded: 0.13 },
        { Date: '2026-03-14', FilesAdded: 0, GBAdded: 0 },
        { Date: '2026-03-15', FilesAdded: 2, GBAdded: 1 },
      ],
      Summary: { Days: 3, TotalGBAdded: 1.13, TotalFilesAdded: 3, AvgGBPerDay: 0.38 },
    });
    expect(asked.map((spans) => spans.map(({ from }) => from))).toEqual([
      [Date.UTC(2026, 2, 13), Date.UTC(2026, 2, 14), Date.UTC(2026, 2, 15)],
    ]);
  });

  test('without CriadoEm the first upload stands in', () => {
    const service = serviceOf({
      knowsCreation: false,
      createdIn: () => {
        throw new Error('asked');
      },
      firstUploadedIn: () => [{ span: 29, count: 1, bytes: BigInt(GB) }],
    });
    const { data, unavailable } = service.snapshot(moment);
    expect(data.growth.Summary).toEqual({ Days: 30, TotalGBAdded: 1, TotalFilesAdded: 1, AvgGBPerDay: 0.03 });
    expect(unavailable).toEqual([{ figure: 'largestFiles.CriadoEm', column: 'Files.CriadoEm' }]);
  });

  test('without ModificadoEm only that is unavailable', () => {
    expect(serviceOf({ knowsModification: false }).snapshot(moment).unavailable).toEqual([
      { figure: 'largestFiles.ModificadoEm', column: 'Files.ModificadoEm' },
    ]);
  });
});

describe('questions', () => {
  const prepare = (path: string, query: Record<string, string>) =>
    storageQuestions.find((question) => question.path === path)?.prepare({ params: { categoria: 'Videos' }, query });

  test.each([
    ['largest-files', 'limit', '1', '100', '101'],
    ['by-category/{categoria}', 'limit', '1', '500', '501'],
    ['growth-trend', 'days', '1', '365', '366'],
  ])('%s takes %s from %s to %s', (path, field, least, most, tooMuch) => {
    expect(prepare(path, { [field]: least })?.key).toContain(`"${field}":${least}`);
    expect(prepare(path, { [field]: most })?.key).toContain(`"${field}":${most}`);
    expect(() => prepare(path, { [field]: '0' })).toThrow(field);
    expect(() => prepare(path, { [field]: tooMuch })).toThrow(field);
  });

  test('say what they take when nothing is said', () => {
    expect(prepare('largest-files', {})?.key).toContain('"limit":20');
    expect(prepare('by-category/{categoria}', {})?.key).toContain('"limit":50');
    expect(prepare('growth-trend', {})?.key).toContain('"days":30');
  });
});
