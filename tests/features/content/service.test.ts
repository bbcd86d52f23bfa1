import { describe, expect, test } from 'bun:test';
import type { CourseRow, VideoGroup } from '../../../src/features/content/repository.ts';
import { createContentService } from '../../../src/features/content/service.ts';

const videos = (CourseId: number, Status: number, count: number, duration = 0): VideoGroup => ({
  CourseId,
  Status,
  count,
  duration,
});

async function figures(courses: CourseRow[], groups: VideoGroup[]) {
  const service = createContentService({ courses: async () => courses, videos: async () => groups });
  const { data, unavailable } = await service.snapshot(0);
  expect(unavailable).toEqual([]);
  return data;
}

describe('content', () => {
  test('counts videos by status; those of an unknown course or status count in the totals', async () => {
    const { summary, list } = await figures(
      [{ Id: 1, Name: 'A', isActive: 1 }],
      [videos(1, 0, 1, 60_000), videos(1, 1, 2, 300), videos(1, 2, 4), videos(1, 5, 8), videos(9, 1, 16)],
    );
    expect(summary).toEqual({
      TotalCourses: 1,
      ActiveCourses: 1,
      TotalVideosLib: 31,
      AvgVideosPerCourse: 31,
      VideosAvailable: 18,
      VideosProcessing: 1,
      VideosError: 4,
      TotalMinutes: 1.01,
    });
    expect(list).toEqual([{ Id: '1', Name: 'A', IsActive: true, TotalVideos: 15 }]);
  });

  test('the mean has one decimal, half away from zero', async () => {
    const courses = Array.from({ length: 20 }, (_, index) => ({ Id: index, Name: 'A', isActive: 0 }));
    expect((await figures(courses, [videos(1, 1, 1)])).summary.AvgVideosPerCourse).toBe(0.1);
    expect((await figures([], [videos(1, 1, 1)])).summary.AvgVideosPerCourse).toBe(0);
  });

  test('a course is active by its column, whatever its videos are', async () => {
    const courses = [
      { Id: 1, Name: 'A', isActive: 0 },
      { Id: 2, Name: 'B', isActive: 1 },
    ];
    const { summary, list } = await figures(courses, [videos(1, 1, 3)]);
    expect(list.map(({ IsActive }) => IsActive)).toEqual([false, true]);
    expect(summary.ActiveCourses).toBe(1);
  });

  test('without the column an available video makes it active', async () => {
    const courses = [
      { Id: 1, Name: 'A' },
      { Id: 2, Name: 'B' },
      { Id: 3, Name: 'C' },
    ];
    const { summary, list } = await figures(courses, [videos(1, 1, 1), videos(2, 0, 9)]);
    expect(list.map(({ IsActive }) => IsActive)).toEqual([true, false, false]);
    expect(summary.ActiveCourses).toBe(1);
  });

  test('courses are listed as a Brazilian reader expects, ties by id', async () => {
    const names = ['Zoologia', 'biologia', 'Álgebra', 'abacate', 'Biologia', 'álgebra', 'Biologia'];
    const { list } = await figures(
      names.map((Name, index) => ({ Id: index + 1, Name, isActive: 1 })),
      [],
    );
    expect(list.map(({ Id, Name }) => `${Name} ${Id}`)).toEqual([
      'abacate 4',
      'álgebra 6',
      'Álgebra 3',
      'biologia 2',
      'Biologia 5',
      'Biologia 7',
      'Zoologia 1',
    ]);
  });
});
