import { Type } from '@sinclair/typebox';
import { defineFeature, parts } from '../../core/runtime/define-feature.ts';
import { contentHub } from './hub.ts';
import { contentObjects, contentReads, createContentRepository } from './repository.ts';
import { ContentData, ContentSummary, Course } from './schemas.ts';
import { createContentService } from './service.ts';

export const content = defineFeature({
  name: 'content',
  title: { en: 'Content', pt: 'Conteúdo' },
  description: 'Courses and their videos',
  source: 'sql',
  reads: contentReads,
  objects: contentObjects,
  schema: ContentData,
  headlines: ['summary.ActiveCourses', 'summary.VideosAvailable', 'summary.TotalMinutes', 'summary.VideosError'],
  figures: (reader, moment) => createContentService(createContentRepository(reader)).snapshot(moment),
  parts: [
    ...parts('summary', 'Key figures of courses and videos', ContentSummary, (data: ContentData) => data.summary),
    ...parts(['list', 'courses'], 'All courses, by name', Type.Array(Course), (data: ContentData) => data.list),
  ],
  hub: contentHub,
});
