import { describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { storage } from '../../../src/features/storage/index.ts';
import { loadFrom } from '../../support/replay-feature.ts';
import { emptyDatabase } from '../../support/sqlite-source.ts';
import { company, NOW } from './company.ts';

describe('the storage feature', () => {
  test('adds up by category and by day', async () => {
    const { data, unavailable } = await loadFrom(storage, company(), NOW);
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
    const { data, unavailable } = await loadFrom(storage, company(without), NOW);
    expect([...Value.Errors(storage.schema, data)]).toEqual([]);
    const days = data.growth.TrendData.filter(({ FilesAdded }) => FilesAdded > 0);
    expect(days.map(({ Date: day, FilesAdded }) => [day, FilesAdded])).toEqual([['2026-02-28', 1]]);
    expect(unavailable.map(({ figure }) => figure)).toEqual(['largestFiles.CriadoEm', 'largestFiles.ModificadoEm']);
  });

  test('of nothing is nothing', async () => {
    const { data } = await loadFrom(storage, emptyDatabase(), NOW);
    expect([...Value.Errors(storage.schema, data)]).toEqual([]);
    expect(data.stats).toMatchObject({ TotalBytes: 0, LargestCategory: null, SmallestCategory: null });
  });

  test('its hub sends the stats with the reason', async () => {
    const { data } = await loadFrom(storage, company(), NOW);
    expect(storage.hub.events.map((event) => [event.target, event.argument(data, 'Auto')])).toEqual([
      ['StorageStatsUpdate', { stats: data.stats, type: 'Auto' }],
    ]);
  });
});
