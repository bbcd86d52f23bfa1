import { VIDEO_STATUSES } from '../../company/codes.ts';
import { roundRatio } from '../../core/figures/rounding.ts';
import { isPlaceholderKey } from '../../core/mirror/door.ts';
import { TICKS_A_SECOND } from '../../core/mirror/door-times.ts';
import type { FeatureService } from '../../core/runtime/define-feature.ts';
import type { ContentRepository, CourseRow, VideoGroup } from './repository.ts';
import type { ContentData } from './schemas.ts';

const SECONDS_A_MINUTE = 60;
const byName = new Intl.Collator('pt-BR');

type VideoStatus = (typeof VIDEO_STATUSES)[number];

export function createContentService(repository: ContentRepository): FeatureService<ContentData> {
  return {
    snapshot() {
      const videos = repository.videos();
      const list = listCourses(repository.courses(), videos, repository.knowsActivity);
      return {
        data: { summary: summarize(list, videos), list },
        // Without `IsActive` an available video makes a course active.
        unavailable: [],
      };
    },
  };
}

function summarize(courses: Readonly<ContentData['list']>, videos: readonly VideoGroup[]): ContentData['summary'] {
  const all = countOf(videos);
  return {
    TotalCourses: courses.length,
    ActiveCourses: courses.filter(({ IsActive }) => IsActive).length,
    TotalVideosLib: all,
    AvgVideosPerCourse: roundRatio(all, courses.length, 1),
    VideosAvailable: countOf(videos, 'Available'),
    VideosProcessing: countOf(videos, 'Processing'),
    VideosError: countOf(videos, 'Error'),
    TotalMinutes: roundRatio(ticksOf(videos), TICKS_A_SECOND * SECONDS_A_MINUTE),
  };
}

/** Sum of durations in units of 100 ns. */
function ticksOf(videos: readonly VideoGroup[]): bigint {
  const seconds = videos.reduce((total, group) => total + group.seconds, 0);
  const ticks = videos.reduce((total, group) => total + group.ticks, 0);
  return BigInt(seconds) * BigInt(TICKS_A_SECOND) + BigInt(ticks);
}

function listCourses(
  courses: readonly CourseRow[],
  videos: readonly VideoGroup[],
  knowsActivity: boolean,
): ContentData['list'] {
  const byCourse = Map.groupBy(videos, ({ CourseId }) => CourseId);
  return courses
    .toSorted((left, right) => byName.compare(left.Name, right.Name) || left.Id - right.Id)
    .map(({ Id, Name, IsActive }) => {
      const own = byCourse.get(Id) ?? [];
      return {
        Id: String(isPlaceholderKey(Id) ? 0 : Id),
        Name,
        IsActive: knowsActivity ? IsActive === 1 : countOf(own, 'Available') > 0,
        TotalVideos: countOf(own),
      };
    });
}

function countOf(videos: readonly VideoGroup[], wanted?: VideoStatus): number {
  return videos
    .filter(({ Status }) => wanted === undefined || (Status !== null && VIDEO_STATUSES[Status] === wanted))
    .reduce((total, { count }) => total + count, 0);
}
