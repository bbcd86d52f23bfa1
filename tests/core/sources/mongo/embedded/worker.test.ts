import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import {
  createEmbeddedDocumentSource,
  type EmbeddedDocumentSource,
} from '../../../../../src/core/sources/mongo/embedded/source.ts';
import { connectDocumentWorker } from '../../../../../src/core/sources/mongo/embedded/worker-client.ts';
import type { Stage } from '../../../../../src/core/sources/mongo/source.ts';
import { SourceError } from '../../../../../src/core/sources/source-errors.ts';

const workerFile = new URL('../../../../support/document-worker.ts', import.meta.url);
const patience = () => AbortSignal.timeout(20_000);

/** Another process may take the machine for a while: a pause that is ours comes back each time. */
const timing = { retry: 2 };

/** Half a second of work for the Worker: a text is made of every date. */
const heavy: Stage[] = [
  { $group: { _id: { $dateToString: { date: '$at', format: '%Y-%m-%dT%H' } }, count: { $sum: 1 } } },
  { $sort: { _id: 1 } },
];

describe('documents in a Worker', () => {
  let source: EmbeddedDocumentSource;
  const ask = (collection: string, pipeline: Stage[]) =>
    source.read((reader) => reader.aggregate(collection, pipeline, Type.Unknown()), patience());

  beforeAll(async () => {
    source = createEmbeddedDocumentSource(await connectDocumentWorker(new Worker(workerFile), () => {}));
  });
  afterAll(() => source.close());

  test(
    'a heavy pipeline does not hold up the event loop',
    async () => {
      let running = true;
      const answer = ask('many', heavy).finally(() => {
        running = false;
      });
      const { longest, turns } = await longestPause(() => running);
      expect(await answer).toHaveLength(Math.ceil(100_000 / 60));
      expect(longest).toBeLessThan(50);
      expect(turns).toBeGreaterThan(10);
    },
    timing,
  );

  test(
    'an answer of 100,000 documents does not hold up the event loop',
    async () => {
      let running = true;
      const answer = ask('many', [{ $match: {} }]).finally(() => {
        running = false;
      });
      const { longest } = await longestPause(() => running);
      expect(await answer).toHaveLength(100_000);
      expect(longest).toBeLessThan(100);
    },
    timing,
  );

  test('dates arrive as dates', async () => {
    expect(await ask('many', [{ $limit: 1 }, { $project: { _id: 0, at: 1 } }])).toEqual([
      { at: new Date(Date.UTC(2026, 0, 1)) },
    ]);
  });

  test.each([
    ['an unknown stage', [{ $nonsense: {} }]],
    ['an unknown operator', [{ $project: { x: { $nonsense: '$_id' } } }]],
    ['a value that an operator does not take', [{ $project: { x: { $dateToString: { date: '$at' } } } }]],
    ['a stage that writes', [{ $out: 'elsewhere' }]],
    ['a pipeline that cannot be sent', [{ $match: { x: () => true } }]],
  ])('%s is a SourceError', async (_, pipeline) => {
    await expect(ask('odd', pipeline)).rejects.toBeInstanceOf(SourceError);
    expect(await ask('odd', [])).toHaveLength(1);
  });

  test('a Worker that cannot be loaded is a SourceError', async () => {
    const missing = new URL('./no-such-worker.ts', import.meta.url);
    await expect(connectDocumentWorker(new Worker(missing), () => {})).rejects.toBeInstanceOf(SourceError);
  });
});

/** The longest time between two looks at the event loop, in milliseconds, while something goes on. */
async function longestPause(goesOn: () => boolean): Promise<{ longest: number; turns: number }> {
  let longest = 0;
  let turns = 0;
  let before = performance.now();
  while (goesOn()) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    const now = performance.now();
    longest = Math.max(longest, now - before);
    before = now;
    turns += 1;
  }
  return { longest, turns };
}
