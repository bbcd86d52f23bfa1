import { defineFeature, partsOf } from '../../core/runtime/define-feature.ts';
import { figuresEvent } from '../../core/runtime/figures-event.ts';
import { contentObjects, contentReads, createContentRepository } from './repository.ts';
import { ContentData } from './schemas.ts';
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
  sheets: [
    { name: 'Content_KPIs', figures: ['summary'] },
    { name: 'Content_Courses', list: 'list' },
  ],
  repository: createContentRepository,
  service: createContentService,
  parts: partsOf(ContentData, { summary: 'summary', list: ['list', 'courses'] }),
  hub: { events: [figuresEvent('ContentMetricsUpdate', ContentData, ['summary'])] },
});
