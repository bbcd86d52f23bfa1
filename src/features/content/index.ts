import { Type } from '@sinclair/typebox';
import { defineFeature, parts } from '../../core/runtime/define-feature.ts';
import { contentHub } from './hub.ts';
import { contentTables, createContentRepository } from './repository.ts';
import { ContentData, ContentSummary, Course } from './schemas.ts';
import { createContentService } from './service.ts';

export const content = defineFeature({
  name: 'content',
  title: { en: 'Content', pt: 'Conteúdo' },
  description: 'Courses and their videos',
  binding: contentTables,
  schema: ContentData,
  load: (reader, now) => createContentService(createContentRepository(reader)).snapshot(now),
  parts: [
    ...parts('summary', 'Key figures of courses and videos', ContentSummary, (data: ContentData) => data.summary),
    ...parts(['list', 'courses'], 'All courses, by name', Type.Array(Course), (data: ContentData) => data.list),
  ],
  hub: contentHub,
});
