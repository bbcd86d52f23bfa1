import { describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { content } from '../../../src/features/content/index.ts';
import { figuresOf } from '../figures-of.ts';
import { company, NOW } from './company.ts';

describe('the content feature', () => {
  test('counts courses, videos and minutes', async () => {
    const { data } = await figuresOf(content, company, NOW);
    expect([...Value.Errors(content.schema, data)]).toEqual([]);
    expect(data.summary).toMatchObject({ TotalVideosLib: 4, AvgVideosPerCourse: 2, TotalMinutes: 1510.03 });
    expect(data.list).toEqual([
      { Id: '1', Name: 'Álgebra', IsActive: true, TotalVideos: 2 },
      { Id: '2', Name: 'Biologia', IsActive: false, TotalVideos: 1 },
    ]);
  });

  test('without IsActive an available video stands in, and nothing is unavailable', async () => {
    const without = new Set(['Courses.IsActive']);
    const { data, unavailable } = await figuresOf(content, company, NOW, { without });
    expect(data.list.map(({ IsActive }) => IsActive)).toEqual([true, false]);
    expect(unavailable).toEqual([]);
  });

  test('of nothing is nothing', async () => {
    const { data } = await figuresOf(content, {}, NOW);
    expect([...Value.Errors(content.schema, data)]).toEqual([]);
    expect(data).toMatchObject({ list: [], summary: { AvgVideosPerCourse: 0, TotalMinutes: 0 } });
  });

  test('adds up durations to the last digit', async () => {
    // 999 × 0.0000007 s are 0.0006993 s, which is what 0.2993007 s lack to 0.3 s, half of the last digit.
    const videos = Array.from({ length: 999 }, () => ({ Duration: '00:00:00.0000007' }));
    const totalWith = async (Duration: string) =>
      (await figuresOf(content, { Videos: [...videos, { Duration }] }, NOW)).data.summary.TotalMinutes;
    expect(await totalWith('00:00:00.2993007')).toBe(0.01);
    expect(await totalWith('00:00:00.2993006')).toBe(0);
  });

  test('counts videos and courses whose values cannot be read', async () => {
    const Courses = [{ Id: 'x', Name: {}, IsActive: 'sim' }];
    const Videos = [{ Id: 1.5, CourseId: 'x', Status: '1.0', Duration: '1:22:33' }, { CourseId: null }];
    const { data } = await figuresOf(content, { Courses, Videos }, NOW);
    expect([...Value.Errors(content.schema, data)]).toEqual([]);
    expect(data.summary).toMatchObject({ TotalCourses: 1, TotalVideosLib: 2, VideosProcessing: 0, TotalMinutes: 0 });
    expect(data.list).toEqual([{ Id: '0', Name: '', IsActive: false, TotalVideos: 0 }]);
  });

  test('its hub sends the summary with the reason', async () => {
    const { data } = await figuresOf(content, company, NOW);
    expect(content.hub.events.map((event) => [event.target, event.argument(data, 'Initial')])).toEqual([
      ['ContentMetricsUpdate', { summary: data.summary, type: 'Initial' }],
    ]);
  });
});
