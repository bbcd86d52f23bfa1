import { describe, expect, test } from 'bun:test';
import { type TSchema, Type } from '@sinclair/typebox';
import type { Document } from '../../../../../src/core/sources/mongo/embedded/messages.ts';
import type { EmbeddedDocumentSource } from '../../../../../src/core/sources/mongo/embedded/source.ts';
import { connectDocumentWorker } from '../../../../../src/core/sources/mongo/embedded/worker-client.ts';
import type { Stage } from '../../../../../src/core/sources/mongo/source.ts';
import {
  MissingFromSourceError,
  SourceError,
  SourceTimeoutError,
} from '../../../../../src/core/sources/source-errors.ts';
import { collections, type Sources } from '../../../../../src/core/sources/sources.ts';
import { documentSourceOf, documentSourcePair } from '../../../../support/document-source.ts';

const never = new AbortController().signal;

function ask(source: EmbeddedDocumentSource, collection: string, pipeline: Stage[], schema: TSchema = Type.Unknown()) {
  return source.read((reader) => reader.aggregate(collection, pipeline, schema), never);
}

function changesOf(source: EmbeddedDocumentSource): string[] {
  const seen: string[] = [];
  source.changes.subscribe({
    next: ({ names }) => seen.push(names === 'all' ? 'all' : [...names].join()),
    complete: () => seen.push('complete'),
  });
  return seen;
}

describe('reading', () => {
  test('a collection exists or not, anew at each read', async () => {
    const { source, served } = await documentSourcePair({ tickets: [] });
    const exists = () => source.read(async (reader) => [reader.has('tickets'), reader.has('logs')], never);
    expect(await exists()).toEqual([true, false]);
    served.replace('logs', []);
    expect(await exists()).toEqual([true, true]);
    served.replace('tickets', null);
    expect(await exists()).toEqual([false, true]);
  });

  test('a feature whose collection is missing is told which', async () => {
    const documents = await documentSourceOf({ logs: [] });
    const binding = collections(['support_tickets'], ['logs']);
    const sources: Pick<Sources, 'documents'> = { documents };
    const reading = binding.read({ ...sources, sql: Object.create(null) }, async () => 1, never);
    await expect(reading).rejects.toEqual(new MissingFromSourceError(['collection support_tickets']));
  });

  test('a collection that is not there is empty', async () => {
    expect(await ask(await documentSourceOf({}), 'nothing', [])).toEqual([]);
  });

  test('a result that does not fit is refused, with its field and without its value', async () => {
    const source = await documentSourceOf({ tickets: [{ _id: 'secret' }] });
    const asked = ask(source, 'tickets', [], Type.Object({ _id: Type.Number() }));
    await expect(asked).rejects.toBeInstanceOf(SourceError);
    await expect(asked).rejects.toThrow(/tickets does not fit: \/_id/);
    await expect(asked).rejects.not.toThrow(/secret/);
  });

  test('more than 100,000 results are refused', async () => {
    const source = await documentSourceOf({ many: Array.from({ length: 1_001 }, (_, _id) => ({ _id })) });
    const pairs: Stage[] = [
      { $lookup: { from: 'many', pipeline: [{ $limit: 100 }], as: 'other' } },
      { $unwind: '$other' },
      { $project: { _id: 1 } },
    ];
    await expect(ask(source, 'many', pairs)).rejects.toThrow('The pipeline on many yields more than 100000 documents');
    expect(await ask(source, 'many', [{ $limit: 1_000 }, ...pairs])).toHaveLength(100_000);
  });

  test('an aborted read is a SourceTimeoutError, and the next one is answered', async () => {
    const source = await documentSourceOf({ tickets: [{ _id: 1 }] });
    await expect(source.read(async () => 1, AbortSignal.abort())).rejects.toBeInstanceOf(SourceTimeoutError);
    expect(await ask(source, 'tickets', [])).toHaveLength(1);
  });

  test('a read that is aborted while it waits for something gives up its turn', async () => {
    const source = await documentSourceOf({ tickets: [{ _id: 1 }] });
    const abort = new AbortController();
    const begun = Promise.withResolvers<void>();
    const hanging = source.read(() => {
      begun.resolve();
      return new Promise(() => {});
    }, abort.signal);
    const next = ask(source, 'tickets', []);
    await begun.promise;
    abort.abort();
    await expect(hanging).rejects.toBeInstanceOf(SourceTimeoutError);
    expect(await next).toHaveLength(1);
  });

  test('what is written meanwhile is not seen by a read that has begun', async () => {
    const source = await documentSourceOf({ tickets: [{ _id: 1 }] });
    const counts = source.read(async (reader) => {
      const count = async () => (await reader.aggregate('tickets', [], Type.Unknown())).length;
      const before = await count();
      written = source.insert('tickets', [{ _id: 2 }]);
      return [before, await count()];
    }, never);
    let written: Promise<void> = Promise.resolve();
    expect(await counts).toEqual([1, 1]);
    await written;
    expect(await ask(source, 'tickets', [])).toHaveLength(2);
  });

  test('the stages and operators that figures are made of work', async () => {
    const at = new Date('2026-03-01T12:34:56.789Z');
    const source = await documentSourceOf({
      c: [
        { _id: '1', text: ' Abc ', n: 2, at },
        { _id: '2', n: 5, gone: null },
      ],
    });
    const computed = {
      trimmed: { $toLower: { $trim: { input: { $ifNull: ['$text', 'NONE'] } } } },
      // biome-ignore lint/suspicious/noThenProperty: MongoDB calls it so
      size: { $switch: { branches: [{ case: { $lt: ['$n', 3] }, then: 'small' }], default: 'large' } },
      two: { $cond: [{ $and: [{ $eq: ['$n', 2] }, { $ne: ['$n', 3] }] }, { $toString: '$_id' }, null] },
      day: { $dateToString: { date: '$at', format: '%Y-%m-%d' } },
      ms: { $subtract: ['$at', new Date(0)] },
      listed: { $in: ['$n', [1, 2]] },
      type: { $type: '$gone' },
    };
    expect(
      await ask(source, 'c', [{ $set: computed }, { $project: { _id: 0, text: 0, n: 0, at: 0, gone: 0 } }]),
    ).toEqual([
      { trimmed: 'abc', size: 'small', two: '1', day: '2026-03-01', ms: at.getTime(), listed: true, type: 'missing' },
      { trimmed: 'none', size: 'large', two: null, day: null, ms: null, listed: false, type: 'null' },
    ]);
    const totals = { sum: { $sum: '$n' }, mean: { $avg: '$n' }, first: { $first: '$n' }, most: { $max: '$n' } };
    expect(await ask(source, 'c', [{ $group: { _id: null, ...totals } }])).toEqual([
      { _id: null, sum: 7, mean: 3.5, first: 2, most: 5 },
    ]);
    expect(await ask(source, 'c', [{ $count: 'count' }])).toEqual([{ count: 2 }]);
  });
});

describe('writing', () => {
  test('inserted documents are read, and the collection is told', async () => {
    const source = await documentSourceOf({});
    const seen = changesOf(source);
    await source.insert('logs', [{ _id: 'a', timestamp: new Date(5) }]);
    expect(seen).toEqual(['logs']);
    expect(await ask(source, 'logs', [])).toEqual([{ _id: 'a', timestamp: new Date(5) }]);
  });

  test('an update sets fields of what matches, and tells only then', async () => {
    const source = await documentSourceOf({
      tickets: [
        { _id: 'a', status: 'Open' },
        { _id: 'b', status: 'Open' },
      ],
    });
    const seen = changesOf(source);
    expect(await source.update('tickets', { _id: 'b' }, { status: 'Closed' })).toBe(1);
    expect(await source.update('tickets', { _id: 'z' }, { status: 'Closed' })).toBe(0);
    expect(seen).toEqual(['tickets']);
    expect(await ask(source, 'tickets', [])).toEqual([
      { _id: 'a', status: 'Open' },
      { _id: 'b', status: 'Closed' },
    ]);
  });

  test('the owner of the collections is told what was written', async () => {
    const told: unknown[] = [];
    const onChange = (name: string, documents: readonly Document[], appended: readonly Document[] | null) =>
      told.push([name, documents.length, appended]);
    const { source } = await documentSourcePair(
      { logs: [{ _id: 1 }] },
      { onChange, onClose: () => told.push('closed') },
    );
    await source.insert('logs', [{ _id: 2 }]);
    await source.update('logs', { _id: 1 }, { level: 'Error' });
    await source.update('logs', { _id: 9 }, { level: 'Error' });
    await source.close();
    expect(told).toEqual([['logs', 2, [{ _id: 2 }]], ['logs', 2, null], 'closed']);
  });

  test('documents put in place inside the Worker are read, and the collection is told', async () => {
    const { source, served } = await documentSourcePair({ logs: [{ _id: 1 }] });
    const seen = changesOf(source);
    served.replace('logs', [{ _id: 7 }]);
    expect(await ask(source, 'logs', [])).toEqual([{ _id: 7 }]);
    expect(seen).toEqual(['logs']);
  });

  test('the collections given are left as they are', async () => {
    const logs = [{ _id: 1 }];
    const source = await documentSourceOf({ logs });
    await source.insert('logs', [{ _id: 2 }]);
    expect(logs).toEqual([{ _id: 1 }]);
  });
});

describe('the end', () => {
  test('a closed source completes its changes and refuses', async () => {
    const source = await documentSourceOf({ logs: [] });
    const seen = changesOf(source);
    await source.close();
    expect(seen).toEqual(['complete']);
    await expect(ask(source, 'logs', [])).rejects.toBeInstanceOf(SourceError);
    await source.close();
  });

  test('a Worker that stops fails what is asked, then and later', async () => {
    const handle: Parameters<typeof connectDocumentWorker>[0] = {
      onmessage: null,
      onerror: null,
      postMessage: () => {},
      terminate: () => {},
    };
    const connecting = connectDocumentWorker(handle, () => {});
    handle.onmessage?.(new MessageEvent('message', { data: { kind: 'ready', description: 'test' } }));
    const worker = await connecting;
    const asked = worker.aggregate('logs', []);
    handle.onerror?.(new ErrorEvent('error', { message: 'out of memory' }));
    await expect(asked).rejects.toEqual(new SourceError('The embedded documents stopped: out of memory'));
    await expect(worker.collections()).rejects.toBeInstanceOf(SourceError);
    await worker.close();
  });

  test('what a Worker reports while it starts is passed on, and its failure is a SourceError', async () => {
    const handle: Parameters<typeof connectDocumentWorker>[0] = {
      onmessage: null,
      onerror: null,
      postMessage: () => {},
      terminate: () => {},
    };
    const lines: string[] = [];
    const connecting = connectDocumentWorker(handle, (line) => lines.push(line));
    handle.onmessage?.(new MessageEvent('message', { data: { kind: 'progress', text: 'making data' } }));
    handle.onmessage?.(
      new MessageEvent('message', { data: { kind: 'failed', id: null, message: 'logs.jsonl, line 3' } }),
    );
    await expect(connecting).rejects.toEqual(new SourceError('logs.jsonl, line 3'));
    expect(lines).toEqual(['making data']);
  });
});
