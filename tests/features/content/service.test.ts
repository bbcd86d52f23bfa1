import { describe, expect, test } from 'bun:test';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import type { CourseRow, VideoGroup } from '../../../src/features/content/repository.ts';
import { createContentService } from '../../../src/features/content/service.ts';

const SECOND = 10_000_000;
const moment = { now: 0, calendar: createCalendar('UTC') };

/** @param duration in units of 100 ns */
const videos = (CourseId: number | null, Status: number | null, count: number, duration = 0): VideoGroup => ({
  CourseId,
  Status,
  count,
  seconds: Math.floor(duration / SECOND),
  ticks: duration % SECOND,
});

function figures(courses: CourseRow[], groups: VideoGroup[], knowsActivity = true) {
  const service = createContentService({ knowsActivity, courses: () => courses, videos: () => groups });
  const { data, unavailable } = service.snapshot(moment);
  expect(unavailable).toEqual([]);
  return data;
}

describe('content', () => {
  test('counts videos by status; those of an unknown course or status count in the totals', () => {
    const { summary, list } = figures(
      [{ Id: 1, Name: 'A', IsActive: 1 }],
      [videos(1, 0, 1, 60 * SECOND), videos(1, 1, 2, 0.3 * SECOND), videos(1, 2, 4), videos(1, 5, 8), videos(9, 1, 16)],
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

  test('a video without a status or a course counts in the totals alone', () => {
    const { summary, list } = figures([{ Id: 1, Name: 'A', IsActive: 1 }], [videos(null, 0, 1), videos(1, null, 2)]);
    expect(summary).toMatchObject({ TotalVideosLib: 3, VideosProcessing: 1, VideosAvailable: 0, VideosError: 0 });
    expect(list[0]?.TotalVideos).toBe(2);
  });

  test('durations are added up beyond what a number holds', () => {
    const groups = [videos(1, 1, 1, 9 * 10 ** 15 + 1), videos(2, 1, 1, 9 * 10 ** 15 + 6)];
    // 18,000,000,000,000,007 units are 30,000,000.0000000117 minutes.
    expect(figures([], groups).summary.TotalMinutes).toBe(30_000_000);
    expect(figures([], [...groups, videos(3, 1, 1, 2_999_993)]).summary.TotalMinutes).toBe(30_000_000.01);
  });

  test('the mean has one decimal, half away from zero', () => {
    const courses = Array.from({ length: 20 }, (_, index) => ({ Id: index, Name: 'A', IsActive: 0 }));
    expect(figures(courses, [videos(1, 1, 1)]).summary.AvgVideosPerCourse).toBe(0.1);
    expect(figures([], [videos(1, 1, 1)]).summary.AvgVideosPerCourse).toBe(0);
  });

  test('a course is active by its column, whatever its videos are', () => {
    const courses = [
      { Id: 1, Name: 'A', IsActive: 0 },
      { Id: 2, Name: 'B', IsActive: 1 },
    ];
    const { summary, list } = figures(courses, [videos(1, 1, 3)]);
    expect(list.map(({ IsActive }) => IsActive)).toEqual([false, true]);
    expect(summary.ActiveCourses).toBe(1);
  });

  test('without the column an available video makes it active', () => {
    const courses = [
      { Id: 1, Name: 'A', IsActive: 0 },
      { Id: 2, Name: 'B', IsActive: 0 },
      { Id: 3, Name: 'C', IsActive: 0 },
    ];
    const { summary, list } = figures(courses, [videos(1, 1, 1), videos(2, 0, 9)], false);
    expect(list.map(({ IsActive }) => IsActive)).toEqual([true, false, false]);
    expect(summary.ActiveCourses).toBe(1);
  });

  test('courses are listed as a Brazilian reader expects, ties by id', () => {
    const names = ['Zoologia', 'biologia', 'Álgebra', 'abacate', 'Biologia', 'álgebra', 'Biologia'];
    const { list } = figures(
      names.map((Name, index) => ({ Id: index + 1, Name, IsActive: 1 })),
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
