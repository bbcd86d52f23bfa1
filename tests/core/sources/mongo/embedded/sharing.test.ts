import { expect, test } from 'bun:test';
import { runPipeline } from '../../../../../src/core/sources/mongo/embedded/engine.ts';
import { canShareDocuments } from '../../../../../src/core/sources/mongo/embedded/sharing.ts';
import type { Stage } from '../../../../../src/core/sources/mongo/source.ts';

const documents = () => [
  { _id: 1, a: { b: 1, c: { d: 2 } }, list: [3, 1, 2], items: [{ k: 2 }, { k: 1 }], at: new Date(5) },
  { _id: 2, a: { b: 5, c: { d: 3 } }, list: [9, 7], items: [{ k: 3 }], at: new Date(99_999) },
];

const sorted = {
  sortBy: { _id: 1 },
  output: { sum: { $sum: '$_id', window: { documents: ['unbounded', 'current'] } } },
};

test.each<[Stage[]]>([
  [[{ $set: { 'a.b': 9 } }]],
  [[{ $set: { a: { b: 9 } } }]],
  [[{ $addFields: { z: 1 } }]],
  [[{ $project: { 'a.b': 0 } }]],
  [[{ $project: { a: { b: 0 } } }]],
  [[{ $project: { a: 1, 'items.k': 1 } }]],
  [[{ $unset: 'a.b' }]],
  [[{ $unwind: { path: '$items', includeArrayIndex: 'a.i' } }]],
  [[{ $replaceWith: '$a' }, { $set: { 'c.d': 7 } }]],
  [[{ $group: { _id: '$a' } }, { $set: { '_id.b': 7 } }]],
  [[{ $group: { _id: null, all: { $push: '$$ROOT' } } }, { $set: { 'all.a.b': 7 } }]],
  [[{ $lookup: { from: 'c', localField: '_id', foreignField: '_id', as: 'a.z' } }]],
  [[{ $lookup: { from: 'c', pipeline: [{ $set: { 'a.b': 7 } }], as: 'z' } }]],
  [[{ $unionWith: { coll: 'c', pipeline: [{ $set: { 'a.b': 7 } }] } }]],
  [[{ $facet: { x: [{ $set: { 'a.b': 9 } }] } }]],
  [[{ $setWindowFields: sorted }]],
  [[{ $sort: { list: 1 } }, { $project: { x: { $sortArray: { input: '$list', sortBy: 1 } } } }]],
  [[{ $project: { x: { $mergeObjects: ['$a', { b: 3 }] }, y: { $reverseArray: '$list' }, z: { $max: '$list' } } }]],
])('%j leaves the collection as it is', (stages) => {
  const c = documents();
  const results = runPipeline(new Map([['c', c]]), 'c', stages);
  expect(results.length).toBeGreaterThan(0);
  expect(c).toEqual(documents());
});

test('the pipelines of figures are not slowed down by copies', () => {
  const figures: Stage[] = [
    { $match: { at: { $gte: new Date(0) }, 'a.b': 1 } },
    { $sort: { 'a.b': 1 } },
    { $limit: 5 },
    { $group: { _id: '$a.b', count: { $sum: 1 } } },
    { $project: { _id: 0, key: { $toString: '$_id' }, count: 1 } },
    { $set: { two: 2 } },
  ];
  expect(canShareDocuments(figures)).toBe(true);
});
