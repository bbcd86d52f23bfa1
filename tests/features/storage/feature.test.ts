import { describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { storage } from '../../../src/features/storage/index.ts';
import { figuresOf, withRows } from '../figures-of.ts';
import { company, NOW } from './company.ts';

describe('the storage feature', () => {
  test('adds up by category and by day', async () => {
    const { data, unavailable } = await figuresOf(storage, company, NOW);
    expect([...Value.Errors(storage.schema, data)]).toEqual([]);
    expect(
      data.stats.CategoryBreakdown.map(({ FeatureCategoria, TotalBytes }) => [FeatureCategoria, TotalBytes]),
    ).toEqual([
      ['Videos', 4000],
      ['videos', 2000],
      ['Sem Categoria', 1],
    ]);
    expect(data.largestFiles.map(({ FileName }) => FileName)).toEqual(['B.png', 'a.mp4', 'b.mp4', 'c.txt']);
    expect(data.growth.Summary).toMatchObject({ Days: 30, TotalFilesAdded: 2 });
    expect(unavailable).toEqual([]);
  });

  test('without CriadoEm a file counts on the day of its first video', async () => {
    const without = new Set(['Files.CriadoEm', 'Files.ModificadoEm']);
    const { data, unavailable } = await figuresOf(storage, company, NOW, { without });
    expect([...Value.Errors(storage.schema, data)]).toEqual([]);
    const days = data.growth.TrendData.filter(({ FilesAdded }) => FilesAdded > 0);
    expect(days.map(({ Date: day, FilesAdded }) => [day, FilesAdded])).toEqual([['2026-02-28', 1]]);
    expect(unavailable.map(({ figure }) => figure)).toEqual(['largestFiles.CriadoEm', 'largestFiles.ModificadoEm']);
  });

  test('of nothing is nothing', async () => {
    const { data } = await figuresOf(storage, {}, NOW);
    expect([...Value.Errors(storage.schema, data)]).toEqual([]);
    expect(data.stats).toMatchObject({ TotalBytes: 0, LargestCategory: null, SmallestCategory: null });
  });

  test('a file whose first two videos came at the same instant counts once', async () => {
    const UploadDate = '2026-03-01T10:00:00.000Z';
    const Videos = [{ UploadDate }, { UploadDate }, { UploadDate: null }].map((video) => ({ ...video, FileId: 1 }));
    const without = new Set(['Files.CriadoEm']);
    const { data } = await figuresOf(storage, { Files: [{ TamanhoBytes: 1 }], Videos }, NOW, { without });
    expect(data.growth.Summary.TotalFilesAdded).toBe(1);
  });

  test('adds up sizes exactly, and says so where their sum cannot leave', async () => {
    const most = Number.MAX_SAFE_INTEGER;
    const totalOf = async (...sizes: number[]) =>
      (await figuresOf(storage, { Files: sizes.map((TamanhoBytes) => ({ TamanhoBytes })) }, NOW)).data.stats.TotalBytes;
    expect(await totalOf(most, -1, -most, 3)).toBe(2);
    expect(await totalOf(most, 1)).toBe(2 ** 53);
    await expect(totalOf(most, 2)).rejects.toThrow('more bytes than a JSON number holds exactly');
  });

  test('counts and lists files whose values cannot be read', async () => {
    const odd = { Id: 'x', NomeArquivo: {}, FeatureCategoria: [], TamanhoBytes: 1.5, CriadoEm: 'ontem' };
    const { data } = await figuresOf(storage, { Files: [odd] }, NOW);
    expect([...Value.Errors(storage.schema, data)]).toEqual([]);
    expect(data.stats).toMatchObject({ TotalFiles: 1, TotalBytes: 0, LargestCategory: 'Sem Categoria' });
    expect(data.growth.Summary.TotalFilesAdded).toBe(0);
    expect(data.largestFiles).toEqual([
      {
        ...{ Id: 0, FileName: '', FeatureCategoria: 'Sem Categoria' },
        ...{ TamanhoBytes: 0, SizeMB: 0, CriadoEm: null, ModificadoEm: null },
      },
    ]);
  });

  test.each([
    ['Videos', ['a.mp4', 'b.mp4']],
    [' Videos', ['a.mp4', 'b.mp4']],
    ['videos', ['B.png']],
    ['Sem Categoria', ['c.txt', 'd.txt']],
    ['  ', ['c.txt', 'd.txt']],
    ['Audio', []],
  ])('of category "%s" are %j', async (categoria, names) => {
    const rows = { Files: [...(company.Files ?? []), { NomeArquivo: 'd.txt', FeatureCategoria: 'Sem Categoria' }] };
    const question = storage.questions.find(({ path }) => path === 'by-category/{categoria}');
    const answer = await withRows(storage, rows, NOW, (reader, moment) =>
      question?.prepare({ params: { categoria }, query: {} }).answer(reader, moment),
    );
    expect(answer).toMatchObject({
      Category: categoria.trim() || 'Sem Categoria',
      TotalResults: names.length,
      Files: names.map((FileName) => ({ FileName })),
    });
  });

  test('its hub sends the stats with the reason', async () => {
    const { data } = await figuresOf(storage, company, NOW);
    expect(storage.hub.events.map((event) => [event.target, event.argument(data, 'Auto')])).toEqual([
      ['StorageStatsUpdate', { stats: data.stats, type: 'Auto' }],
    ]);
  });
});
