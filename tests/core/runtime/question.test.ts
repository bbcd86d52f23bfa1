import { describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { EMPTY } from 'rxjs';
import { InvalidInputError } from '../../../src/core/runtime/parse-input.ts';
import { question } from '../../../src/core/runtime/question.ts';
import { told } from '../../../src/core/sources/changes/change-detection.ts';
import { SourceError } from '../../../src/core/sources/source-errors.ts';
import type { SourceBinding, Sources } from '../../../src/core/sources/sources.ts';

const silent = {
  description: 'nothing',
  changes: EMPTY,
  read: () => Promise.reject(new SourceError('not in this test')),
  changeDetection: told,
  close: () => Promise.resolve(),
};
const sources: Sources = { sql: silent, documents: silent };

/** A source that answers with the name of who reads, and notes the signals that it was given. */
function bindingTo(reader: string): SourceBinding<string> & { readonly signals: AbortSignal[] } {
  const signals: AbortSignal[] = [];
  return {
    signals,
    source: 'sql',
    watches: [],
    read(_sources, work, signal) {
      signals.push(signal);
      return work(reader);
    },
  };
}

const binding = bindingTo('reader');
const files = question({
  path: 'by-category/{category}',
  summary: 'Files of a category',
  binding,
  params: Type.Object({ category: Type.String({ minLength: 1 }) }),
  query: Type.Object({
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
    days: Type.Integer({ minimum: 1, maximum: 365, default: 30 }),
  }),
  response: Type.Array(Type.String()),
  fromSnapshot: (data: { readonly files: readonly string[] }, { limit }) =>
    limit <= data.files.length ? data.files.slice(0, limit) : undefined,
  ask: async (reader, query, params, now) => [reader, params.category, `${query.limit}`, `${query.days}`, `${now}`],
});
const ask = (query: Record<string, string>, category = 'Videos') => files.prepare({ params: { category }, query });

describe('a question', () => {
  test('asks its source with its parameters checked and filled in, now, and a signal', async () => {
    const { signal } = new AbortController();
    expect(await ask({ limit: '7' }).ask(sources, 1_234, signal)).toEqual(['reader', 'Videos', '7', '30', '1234']);
    expect(binding.signals.at(-1)).toBe(signal);
  });

  test('is answered from the snapshot where that holds the answer', () => {
    const data = { files: ['a', 'b', 'c'] };
    expect(ask({ limit: '2' }).fromSnapshot(data)).toEqual(['a', 'b']);
    expect(ask({ limit: '4' }).fromSnapshot(data)).toBeUndefined();
  });

  test('that no snapshot answers has to be asked', () => {
    const { fromSnapshot, ...definition } = { ...files, binding, ask: async () => [], fromSnapshot: undefined };
    const plain = question(definition);
    expect(plain.prepare({ params: { category: 'a' }, query: {} }).fromSnapshot({})).toBeUndefined();
  });

  test('with parameters that do not fit is refused before it is asked', () => {
    const asked = binding.signals.length;
    expect(() => ask({ limit: '0' })).toThrow(InvalidInputError);
    expect(() => ask({}, '')).toThrow(InvalidInputError);
    expect(binding.signals).toHaveLength(asked);
  });

  test('has the key of every equal question', () => {
    const { key } = ask({ limit: '50', days: '30' });
    expect(ask({ days: '30', limit: '50' }).key).toBe(key);
    expect(ask({}).key).toBe(key);
    expect(ask({ days: '30' }).key).toBe(key);
    expect(ask({ limit: '050', utm_source: 'mail' }).key).toBe(key);
  });

  test('has another key than every other question', () => {
    const other = question({ ...files, path: 'elsewhere/{category}', binding, ask: async () => [] });
    const keys = [
      ask({}).key,
      ask({ limit: '51' }).key,
      ask({ days: '50', limit: '30' }).key,
      ask({}, 'videos').key,
      ask({}, 'Videos"').key,
      other.prepare({ params: { category: 'Videos' }, query: {} }).key,
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
