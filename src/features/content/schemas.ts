import { type Static, Type } from '@sinclair/typebox';
import { Count, Flag, List, MeanCount, Minutes, Text } from '../../core/runtime/schema.ts';

export const ContentSummary = Type.Object(
  {
    TotalCourses: Count('Courses', { en: 'Courses', pt: 'Cursos', good: 'up' }),
    ActiveCourses: Count('Courses that are active, or have an available video where that is not known', {
      en: 'Active courses',
      pt: 'Cursos ativos',
      good: 'up',
    }),
    TotalVideosLib: Count('Videos of every status', { en: 'Videos', pt: 'Vídeos', good: 'up' }),
    AvgVideosPerCourse: MeanCount('Videos ÷ courses, to 1 decimal; 0 without a course', {
      en: 'Videos per course',
      pt: 'Vídeos por curso',
    }),
    VideosAvailable: Count('Videos that can be watched', {
      en: 'Available videos',
      pt: 'Vídeos disponíveis',
      good: 'up',
    }),
    VideosProcessing: Count('Videos that are being processed', {
      en: 'Videos in processing',
      pt: 'Vídeos em processamento',
    }),
    VideosError: Count('Videos that could not be processed', {
      en: 'Videos with an error',
      pt: 'Vídeos com erro',
      good: 'down',
    }),
    TotalMinutes: Minutes('Minutes of all videos', {
      en: 'Total video time',
      pt: 'Duração total dos vídeos',
      good: 'up',
    }),
  },
  { $id: 'ContentSummary', description: 'Key figures of courses and videos' },
);
export type ContentSummary = Static<typeof ContentSummary>;

export const Course = Type.Object(
  {
    Id: Text('Key of the course', { en: 'Id', pt: 'Código' }, '7'),
    Name: Text('Name of the course', { en: 'Course', pt: 'Curso' }, 'Introdução à Programação'),
    IsActive: Flag('Whether it is active, or has an available video where that is not known', {
      en: 'Active',
      pt: 'Ativo',
    }),
    TotalVideos: Count('Videos of the course, of every status', { en: 'Videos', pt: 'Vídeos', good: 'up' }),
  },
  { $id: 'Course', description: 'A course' },
);
export type Course = Static<typeof Course>;

export const ContentData = Type.Object(
  { summary: ContentSummary, list: List(Course, 'All courses, by name', { en: 'Courses', pt: 'Cursos' }) },
  { $id: 'ContentData', description: 'Every figure of the feature' },
);
export type ContentData = Static<typeof ContentData>;
