import { Aggregator } from 'mingo/aggregator';
import { Context, ProcessingMode } from 'mingo/core';
import * as accumulator from 'mingo/operators/accumulator';
import * as expression from 'mingo/operators/expression';
import * as pipeline from 'mingo/operators/pipeline';
import * as projection from 'mingo/operators/projection';
import * as query from 'mingo/operators/query';
import { SourceError } from '../../source-errors.ts';
import type { Stage } from '../source.ts';
import { $group } from './group-stage.ts';
import { $match } from './match-stage.ts';
import type { Document } from './messages.ts';
import { canShareDocuments } from './sharing.ts';
import { $firstOf, joinSortAndLimit } from './sort-and-limit.ts';

/** More than this many results are refused: figures are made of groups, not of whole collections. */
const MAX_RESULTS = 100_000;

const { $out: _out, $merge: _merge, ...readingStages } = pipeline;

/**
 * Every operator of mingo, except the stages that write; some stages in a form that is quick over many documents.
 *
 * mingo offers its stages in one module, which needs all other operators: to leave some out saves nothing at start-up.
 */
const context = Context.init({
  pipeline: { ...readingStages, $match, $group, $firstOf },
  expression: { ...expression },
  query: { ...query },
  accumulator: { ...accumulator },
  projection: { ...projection },
});

/** The options under which a query is tested, as in the pipelines. */
export const queryOptions = { context };

/**
 * Runs an aggregation pipeline; a collection that is not there is empty, as it is for a MongoDB server. The collections
 * are left as they are.
 *
 * @throws SourceError past 100,000 results
 * @throws Error when a stage or an operator is refused
 */
export function runPipeline(
  collections: ReadonlyMap<string, Document[]>,
  collection: string,
  stages: readonly Stage[],
): unknown[] {
  const shared = canShareDocuments(stages);
  const documentsOf = (name: string) => collections.get(name) ?? [];
  const aggregator = new Aggregator(joinSortAndLimit(stages), {
    context,
    processingMode: shared ? ProcessingMode.CLONE_OFF : ProcessingMode.CLONE_INPUT,
    collectionResolver: shared ? documentsOf : (name) => structuredClone(documentsOf(name)),
  });
  const stream = aggregator.stream(documentsOf(collection));
  const results: unknown[] = [];
  for (let next = stream.next(); !next.done; next = stream.next()) {
    if (results.length === MAX_RESULTS) {
      throw new SourceError(`The pipeline on ${collection} yields more than ${MAX_RESULTS} documents`);
    }
    results.push(next.value);
  }
  return results;
}
