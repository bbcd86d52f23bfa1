import { Type } from '@sinclair/typebox';
import { defineFeature, parts } from '../../../src/core/runtime/define-feature.ts';
import { question } from '../../../src/core/runtime/question.ts';
import { Count } from '../../../src/core/runtime/schema.ts';
import { SourceError, SourceTimeoutError } from '../../../src/core/sources/source-errors.ts';

/** What must never leave the server. */
export const SECRET = 'password=hunter2 at /srv/secret.ts:17';

export const SECRET_WORDS = ['password', 'hunter2', 'srv', 'secret', ':17'];

const Data = Type.Object({ figure: Count('A figure', { en: 'Figure', pt: 'Número' }) }, { $id: 'BrokenData' });
type Data = { readonly figure: number };

/** A feature whose snapshot is there, and whose routes fail in every way there is. */
export const brokenFeature = defineFeature({
  name: 'broken',
  title: { en: 'Broken', pt: 'Quebrado' },
  description: 'Fails when asked',
  source: 'sql',
  reads: { Courses: ['Id'] },
  schema: Data,
  headlines: ['figure'],
  figures: () => ({ data: { figure: 1 }, unavailable: [] }),
  parts: [
    ...parts('throws', 'Throws', Type.Integer(), (_data: Data): number => {
      throw new Error(SECRET);
    }),
    ...parts('throws-text', 'Throws what is no Error', Type.Integer(), (_data: Data): number => {
      throw SECRET;
    }),
  ],
  questions: [
    failing('rejects', () => new TypeError(SECRET)),
    failing('refused', () => new SourceError('connection refused')),
    failing('slow', () => new SourceTimeoutError('The source did not answer in time')),
  ],
  hub: { events: [] },
});

function failing(path: string, error: () => Error) {
  return question({
    path,
    summary: 'Fails',
    params: Type.Object({}),
    query: Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 5, default: 1, examples: [2] }) }),
    response: Type.Integer(),
    answer: (): number => {
      throw error();
    },
  });
}
