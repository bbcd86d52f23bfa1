import { fraction, rounded, sum } from '../../oracle/exact.ts';
import type { Answer, Company, CourseRow } from '../../oracle/rows.ts';
import { sorted } from '../../oracle/rules.ts';

const available = 1;
/** In units of 100 ns. */
const minute = 600_000_000;
const byName = new Intl.Collator('pt-BR');

/** The contract's section 3, "content". */
export function contentOracle(company: Company): Answer {
  const { Courses: courses, Videos: videos } = company;
  const withStatus = (code: number) => videos.filter(({ Status }) => Status === code).length;
  const isActive = (course: CourseRow) =>
    company.missing.has('Courses.IsActive')
      ? videos.some(({ CourseId, Status }) => CourseId === course.Id && Status === available)
      : course.IsActive;

  return {
    data: {
      summary: {
        TotalCourses: courses.length,
        ActiveCourses: courses.filter(isActive).length,
        TotalVideosLib: videos.length,
        AvgVideosPerCourse: courses.length === 0 ? 0 : rounded(fraction(videos.length, courses.length), 1),
        VideosAvailable: withStatus(available),
        VideosProcessing: withStatus(0),
        VideosError: withStatus(2),
        TotalMinutes: rounded(sum(videos.map(({ Duration }) => fraction(Duration, minute)))),
      },
      list: sorted(
        courses,
        (left, right) => byName.compare(left.Name, right.Name),
        (left, right) => left.Id - right.Id,
      ).map((course) => ({
        Id: String(course.Id),
        Name: course.Name,
        IsActive: isActive(course),
        TotalVideos: videos.filter(({ CourseId }) => CourseId === course.Id).length,
      })),
    },
    unavailable: [],
  };
}
