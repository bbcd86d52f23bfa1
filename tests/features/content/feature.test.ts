import { describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { content } from '../../../src/features/content/index.ts';
import { loadFrom } from '../../support/replay-feature.ts';
import { emptyDatabase } from '../../support/sqlite-source.ts';
import { company, NOW } from './company.ts';

describe('the content feature', () => {
  test('counts courses, videos and minutes', async () => {
    const { data } = await loadFrom(content, company(), NOW);
    expect([...Value.Errors(content.schema, data)]).toEqual([]);
    expect(data.summary).toMatchObject({ TotalVideosLib: 4, AvgVideosPerCourse: 2, TotalMinutes: 1510.03 });
    expect(data.list).toEqual([
      { Id: '1', Name: 'Álgebra', IsActive: true, TotalVideos: 2 },
      { Id: '2', Name: 'Biologia', IsActive: false, TotalVideos: 1 },
    ]);
  });

  test('without IsActive an available video stands in, and nothing is unavailable', async () => {
    const { data, unavailable } = await loadFrom(content, company(new Set(['Courses.IsActive'])), NOW);
    expect(data.list.map(({ IsActive }) => IsActive)).toEqual([true, false]);
    expect(unavailable).toEqual([]);
  });

  test('of nothing is nothing', async () => {
    const { data } = await loadFrom(content, emptyDatabase(), NOW);
    expect([...Value.Errors(content.schema, data)]).toEqual([]);
    expect(data).toMatchObject({ list: [], summary: { AvgVideosPerCourse: 0, TotalMinutes: 0 } });
  });

  test('its hub sends the summary with the reason', async () => {
    const { data } = await loadFrom(content, company(), NOW);
    expect(content.hub.events.map((event) => [event.target, event.argument(data, 'Initial')])).toEqual([
      ['ContentMetricsUpdate', { summary: data.summary, type: 'Initial' }],
    ]);
  });
});
