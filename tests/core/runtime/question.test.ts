import { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import { EXACT_KEYS } from '../../../src/core/mirror/catalog.ts';
import { createReader, type MirrorReader } from '../../../src/core/mirror/reader.ts';
import { InvalidInputError } from '../../../src/core/runtime/parse-input.ts';
import { question } from '../../../src/core/runtime/question.ts';

/** Of a mirror that holds nothing. */
const reader = createReader(new Database(':memory:'), { keys: EXACT_KEYS, columns: {} });
const moment = { now: 1_234, calendar: createCalendar('UTC') };
/** Who was asked, oldest first. */
const asked: MirrorReader[] = [];

const files = question({
  path: 'by-category/{category}',
  summary: 'Files of a category',
  params: Type.Object({ category: Type.String({ minLength: 1 }) }),
  query: Type.Object({
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
    days: Type.Integer({ minimum: 1, maximum: 365, default: 30 }),
  }),
  response: Type.Array(Type.String()),
  fromSnapshot: (data: { readonly files: readonly string[] }, { limit }) =>
    limit <= data.files.length ? data.files.slice(0, limit) : undefined,
  answer: (from, query, params, { now }) => {
    asked.push(from);
    return [params.category, `${query.limit}`, `${query.days}`, `${now}`];
  },
});
const ask = (query: Record<string, string>, category = 'Videos') => files.prepare({ params: { category }, query });

describe('a question', () => {
  test('is asked with its parameters checked and filled in, of one moment of the mirror', () => {
    expect(ask({ limit: '7' }).answer(reader, moment)).toEqual(['Videos', '7', '30', '1234']);
    expect(asked).toEqual([reader]);
  });

  test('is answered from the snapshot where that holds the answer', () => {
    const data = { files: ['a', 'b', 'c'] };
    expect(ask({ limit: '2' }).fromSnapshot(data)).toEqual(['a', 'b']);
    expect(ask({ limit: '4' }).fromSnapshot(data)).toBeUndefined();
  });

  test('that no snapshot answers has to be asked', () => {
    const { fromSnapshot, ...definition } = { ...files, answer: () => [], fromSnapshot: undefined };
    const plain = question(definition);
    expect(plain.prepare({ params: { category: 'a' }, query: {} }).fromSnapshot({})).toBeUndefined();
  });

  test('with parameters that do not fit is refused before it is asked', () => {
    const before = asked.length;
    expect(() => ask({ limit: '0' })).toThrow(InvalidInputError);
    expect(() => ask({}, '')).toThrow(InvalidInputError);
    expect(asked).toHaveLength(before);
  });

  test('has the key of every equal question', () => {
    const { key } = ask({ limit: '50', days: '30' });
    expect(ask({ days: '30', limit: '50' }).key).toBe(key);
    expect(ask({}).key).toBe(key);
    expect(ask({ days: '30' }).key).toBe(key);
    expect(ask({ limit: '050', utm_source: 'mail' }).key).toBe(key);
  });

  test('has another key than every other question', () => {
    const other = question({ ...files, path: 'elsewhere/{category}', answer: () => [] });
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
