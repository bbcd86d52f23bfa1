import type { Instant } from '../../src/core/figures/calendar.ts';
import type { Mirror } from '../../src/core/mirror/mirror.ts';
import type { Feature } from '../../src/core/runtime/define-feature.ts';
import { type Content, type Loaded, loadedFrom } from '../../src/core/runtime/snapshot.ts';
import { SourceError } from '../../src/core/runtime/source-errors.ts';

/** @returns null when the content is the known one */
export type ReadFigures = (feature: string, now: Instant, knownHash: string | null) => Promise<Content<unknown> | null>;

/** An empty mirror with figures given by the test. */
export function scriptMirror(read: ReadFigures): Pick<Mirror, 'figures' | 'answer' | 'size'> {
  return {
    async figures<Data>({ name }: Feature<Data>, now: Instant, knownHash: string | null) {
      const content = await read(name, now, knownHash);
      // The data of test features, whose type only the test knows.
      return content === null ? null : (loadedFrom(content) as Loaded<Data>);
    },
    answer: () => Promise.reject(new SourceError('a script answers no questions')),
    size: async () => ({ rows: {}, bytes: 0 }),
  };
}
