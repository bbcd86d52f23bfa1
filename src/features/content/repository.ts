import { sqlTables } from '../../core/sources/sources.ts';
import type { SqlReader } from '../../core/sources/sql/source.ts';

export const contentTables = sqlTables({
  Courses: ['Id', 'Name'],
  Videos: ['Id', 'Duration', 'Status', 'CourseId'],
});

export interface CourseRow {
  Id: number;
  Name: string;
  /** 1 or 0; absent without the column. */
  isActive?: number;
}

/** Videos that share a course and a status. */
export interface VideoGroup {
  CourseId: number;
  Status: number;
  count: number;
  /** Sum of durations in milliseconds. */
  duration: number;
}

export interface ContentRepository {
  courses(): Promise<CourseRow[]>;
  videos(): Promise<VideoGroup[]>;
}

/** Queries only: no rule and no clock of its own. */
export function createContentRepository({ database, dialect, columns }: SqlReader): ContentRepository {
  const knowsActivity = columns.has('Courses', 'IsActive');

  return {
    courses: () =>
      database
        .selectFrom('Courses')
        .select(['Id', 'Name'])
        .$if(knowsActivity, (courses) => courses.select(({ ref }) => dialect.flag(ref('IsActive')).as('isActive')))
        .orderBy('Id')
        .execute(),

    videos: () =>
      database
        .selectFrom('Videos')
        .groupBy(['CourseId', 'Status'])
        .select(({ fn, ref }) => [
          'CourseId',
          'Status',
          fn.countAll<number>().as('count'),
          fn.sum<number>(dialect.duration(ref('Duration'))).as('duration'),
        ])
        .execute(),
  };
}
