import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { Aggregator } from 'mingo/aggregator';
import { Context } from 'mingo/core';
import * as accumulator from 'mingo/operators/accumulator';
import * as expression from 'mingo/operators/expression';
import * as pipeline from 'mingo/operators/pipeline';
import * as query from 'mingo/operators/query';
import { runPipeline } from '../../../../../src/core/sources/mongo/embedded/engine.ts';
import type { Document } from '../../../../../src/core/sources/mongo/embedded/messages.ts';
import type { Stage } from '../../../../../src/core/sources/mongo/source.ts';

/** The quick forms of stages answer what mingo's own answer. */
const context = Context.init({
  pipeline: { ...pipeline },
  expression: { ...expression },
  query: { ...query },
  accumulator: { ...accumulator },
});

function sameAsMingo(documents: Document[], stages: readonly Stage[]): void {
  const own = runPipeline(new Map([['c', documents]]), 'c', stages);
  expect(own).toEqual(new Aggregator([...stages], { context }).run(documents));
}

const instant = fc.integer({ min: -5, max: 5 }).map((ms) => new Date(ms));
const simple = fc.oneof(instant, fc.integer({ min: -3, max: 3 }), fc.constantFrom('a', 'A', 'b', '', null, true));
const value = fc.oneof(
  { weight: 4, arbitrary: simple },
  fc.array(simple, { maxLength: 3 }),
  fc.record({ x: simple }, { noNullPrototype: true }),
);

function documentsOf(field: fc.Arbitrary<unknown>): fc.Arbitrary<Document[]> {
  const document = fc.record({ a: field, b: field }, { requiredKeys: [], noNullPrototype: true });
  return fc
    .array(document, { maxLength: 12 })
    .map((documents) => documents.map((fields, index) => ({ _id: index, ...fields })));
}

describe('quick stages', () => {
  test('$match of a window', () => {
    const bound = fc.tuple(fc.constantFrom('$gte', '$gt', '$lt', '$lte'), instant);
    const condition = fc
      .tuple(fc.array(bound, { minLength: 1, maxLength: 2 }), fc.boolean())
      .map(([bounds, refused]) => ({
        ...Object.fromEntries(bounds),
        ...(refused ? { $not: { $type: 'array' } } : {}),
      }));
    const spec = fc.record({ a: condition, b: condition }, { requiredKeys: ['a'] });
    fc.assert(fc.property(documentsOf(value), spec, (documents, $match) => sameAsMingo(documents, [{ $match }])));
  });

  test('$match of anything else', () => {
    const condition = fc.oneof(
      simple,
      fc.record({ $gte: fc.integer({ min: -3, max: 3 }) }),
      fc.record({ $not: fc.record({ $gte: instant }) }),
      fc.constantFrom({ $type: 'date' }, { $exists: false }, { $not: { $type: 'array' } }),
    );
    fc.assert(
      fc.property(documentsOf(value), condition, condition, (documents, a, b) => {
        sameAsMingo(documents, [{ $match: { a } }]);
        sameAsMingo(documents, [{ $match: { $or: [{ a }, { b }] } }]);
        sameAsMingo(documents, [{ $match: { a, b: { $gte: new Date(0) } } }]);
      }),
    );
  });

  test('$group by a field, counted', () => {
    fc.assert(
      fc.property(documentsOf(value), fc.constantFrom('$a', '$a.x', null), (documents, _id) =>
        sameAsMingo(documents, [{ $group: { _id, count: { $sum: 1 }, twice: { $sum: 2 } } }]),
      ),
    );
  });

  test('$group with least and greatest values', () => {
    const totals = { least: { $min: '$b' }, most: { $max: '$b' } };
    fc.assert(
      fc.property(documentsOf(simple), fc.constantFrom('$a', null), (documents, _id) =>
        sameAsMingo(documents, [{ $group: { _id, ...totals } }]),
      ),
    );
  });

  test('$group of anything else', () => {
    const key = fc.constantFrom('$$ROOT.a', { a: '$a' }, { $type: '$a' }, 'text', 7);
    const total = fc.constantFrom({ $first: '$b' }, { $push: '$b' }, { $sum: '$b' }, { $max: { $type: '$b' } });
    fc.assert(
      fc.property(documentsOf(value), key, total, (documents, _id, one) =>
        sameAsMingo(documents, [{ $group: { _id, count: { $sum: 1 }, one } }]),
      ),
    );
  });

  test('$sort and $limit', () => {
    const direction = fc.constantFrom(1, -1);
    const order = fc.oneof(fc.record({ a: direction }), fc.record({ a: direction, b: direction }));
    fc.assert(
      fc.property(documentsOf(simple), order, fc.integer({ min: 1, max: 15 }), (documents, $sort, $limit) =>
        sameAsMingo(documents, [{ $sort }, { $limit }, { $project: { _id: 1 } }]),
      ),
    );
  });
});
