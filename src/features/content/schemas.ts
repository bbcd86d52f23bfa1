import { type Static, Type } from '@sinclair/typebox';
import { Count } from '../../core/runtime/schema.ts';

export const ContentSummary = Type.Object(
  {
    TotalCourses: Count('Courses'),
    ActiveCourses: Count('Courses that are active, or have an available video where that is not known'),
    TotalVideosLib: Count('Videos of every status'),
    AvgVideosPerCourse: Type.Number({
      description: 'Videos ÷ courses, to 1 decimal; 0 without a course',
      minimum: 0,
      examples: [12.5],
    }),
    VideosAvailable: Count('Videos that can be watched'),
    VideosProcessing: Count('Videos that are being processed'),
    VideosError: Count('Videos that could not be processed'),
    TotalMinutes: Type.Number({ description: 'Minutes of all videos', minimum: 0, examples: [4210.75] }),
  },
  { $id: 'ContentSummary', description: 'Key figures of courses and videos' },
);
export type ContentSummary = Static<typeof ContentSummary>;

export const Course = Type.Object(
  {
    Id: Type.String({ description: 'Key of the course', examples: ['7'] }),
    Name: Type.String({ description: 'Name of the course', examples: ['Introdução à Programação'] }),
    IsActive: Type.Boolean({
      description: 'Whether it is active, or has an available video where that is not known',
      examples: [true],
    }),
    TotalVideos: Count('Videos of the course, of every status'),
  },
  { $id: 'Course', description: 'A course' },
);
export type Course = Static<typeof Course>;

export const ContentData = Type.Object(
  { summary: ContentSummary, list: Type.Array(Course, { description: 'All courses, by name' }) },
  { $id: 'ContentData', description: 'Every figure of the feature' },
);
export type ContentData = Static<typeof ContentData>;
