import type { Instant } from '../../core/figures/calendar.ts';
import { roundRatio } from '../../core/figures/rounding.ts';
import type { Content } from '../../core/runtime/snapshot.ts';
import { AVAILABLE_STATUS, ERROR_STATUS, PROCESSING_STATUS } from './enums.ts';
import type { ContentRepository, CourseRow, VideoGroup } from './repository.ts';
import type { ContentData, ContentSummary, Course } from './schemas.ts';

const MINUTE_MS = 60_000;
const byName = new Intl.Collator('pt-BR');

export interface ContentService {
  /** Every figure of the feature; none of them moves with the clock. */
  snapshot(now: Instant): Promise<Content<ContentData>>;
}

export function createContentService(repository: ContentRepository): ContentService {
  return {
    async snapshot() {
      const courses = await repository.courses();
      const videos = await repository.videos();
      const list = listCourses(courses, videos);
      return {
        data: { summary: summarize(list, videos), list },
        // An available video stands in for a missing `IsActive`.
        unavailable: [],
      };
    },
  };
}

function summarize(courses: readonly Course[], videos: readonly VideoGroup[]): ContentSummary {
  const all = countOf(videos);
  return {
    TotalCourses: courses.length,
    ActiveCourses: courses.filter(({ IsActive }) => IsActive).length,
    TotalVideosLib: all,
    AvgVideosPerCourse: roundRatio(all, courses.length, 1),
    VideosAvailable: countOf(videos, AVAILABLE_STATUS),
    VideosProcessing: countOf(videos, PROCESSING_STATUS),
    VideosError: countOf(videos, ERROR_STATUS),
    TotalMinutes: roundRatio(
      videos.reduce((total, { duration }) => total + duration, 0),
      MINUTE_MS,
    ),
  };
}

function listCourses(courses: readonly CourseRow[], videos: readonly VideoGroup[]): Course[] {
  const byCourse = Map.groupBy(videos, ({ CourseId }) => CourseId);
  return courses
    .toSorted((left, right) => byName.compare(left.Name, right.Name) || left.Id - right.Id)
    .map(({ Id, Name, isActive }) => {
      const own = byCourse.get(Id) ?? [];
      return {
        Id: String(Id),
        Name,
        IsActive: isActive === undefined ? countOf(own, AVAILABLE_STATUS) > 0 : isActive === 1,
        TotalVideos: countOf(own),
      };
    });
}

function countOf(videos: readonly VideoGroup[], status?: number): number {
  return videos
    .filter(({ Status }) => status === undefined || Status === status)
    .reduce((total, { count }) => total + count, 0);
}
