import { tables } from '../../company/tables.ts';
import type { TableColumns } from '../../core/mirror/catalog.ts';
import { TICKS_A_SECOND } from '../../core/mirror/door-times.ts';
import { quotient, relationOf, remainder } from '../../core/mirror/expression.ts';
import type { MirrorObject } from '../../core/mirror/mirror-object.ts';
import type { MirrorReader } from '../../core/mirror/reader.ts';
import { part, rollup } from '../../core/mirror/rollup.ts';

export const contentReads: TableColumns = {
  Courses: ['Id', 'Name', 'IsActive'],
  Videos: ['Id', 'Duration', 'Status', 'CourseId'],
};

const videosByCourse = rollup(
  'VideosByCourse',
  part(relationOf(tables.Videos), ({ column }) => ({
    by: { CourseId: column('CourseId'), Status: column('Status') },
    sums: {
      seconds: quotient(column('Duration'), TICKS_A_SECOND),
      ticks: remainder(column('Duration'), TICKS_A_SECOND),
    },
  })),
);

export const contentObjects: readonly MirrorObject[] = [videosByCourse];

export interface CourseRow {
  readonly Id: number;
  readonly Name: string;
  /** 1 or 0; 0 without the column. */
  readonly IsActive: number;
}

/** Videos that share a course and a status. */
export interface VideoGroup {
  readonly CourseId: number | null;
  readonly Status: number | null;
  readonly count: number;
  /** Sum of the whole seconds of their durations. */
  readonly seconds: number;
  /** Sum of the remainders, in units of 100 ns. */
  readonly ticks: number;
}

export interface ContentRepository {
  /** Whether `Courses.IsActive` exists. */
  readonly knowsActivity: boolean;
  courses(): CourseRow[];
  videos(): VideoGroup[];
}

/** Queries only: rules and the clock belong to the service. */
export function createContentRepository(reader: MirrorReader): ContentRepository {
  return {
    knowsActivity: reader.has('Courses', 'IsActive'),
    courses: () => reader.all(reader.tables().selectFrom('Courses').select(['Id', 'Name', 'IsActive'])),
    videos: () => reader.rows(videosByCourse),
  };
}
