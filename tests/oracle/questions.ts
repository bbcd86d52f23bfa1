import { expect } from 'bun:test';
import type { Feature } from '../../src/core/runtime/define-feature.ts';
import type { Served } from './agreement.ts';

/** A question as it stands in a request. */
interface Asked {
  readonly path: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}

/** Compares what the mirror answers with the oracle, and what the snapshot answers wherever it claims to. */
export function expectAnswer<Data>(
  feature: Pick<Feature<Data>, 'questions' | 'figures'>,
  { reader, moment }: Served,
  { path, params = {}, query = {} }: Asked,
  expected: unknown,
): void {
  const question = feature.questions.find((candidate) => candidate.path === path);
  if (question === undefined) throw new Error(`No question ${path}`);
  const prepared = question.prepare({ params, query });
  expect<unknown>(prepared.answer(reader, moment)).toEqual(expected);
  const held = prepared.fromSnapshot(feature.figures(reader, moment).data);
  if (held !== undefined) expect<unknown>(held).toEqual(expected);
}
