import { expect } from 'bun:test';
import type { Question } from '../../src/core/runtime/question.ts';
import type { Content } from '../../src/core/runtime/snapshot.ts';
import type { Sources } from '../../src/core/sources/sources.ts';
import { neverAborted } from './agreement.ts';

/** What of a feature answers questions. */
interface Answering<Data> {
  readonly questions: readonly Question<Data>[];
  load(sources: Sources, now: number, signal: AbortSignal): Promise<Content<Data>>;
}

/** A question as it stands in a request. */
interface Asked {
  readonly path: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}

/** Compares what the source answers with the oracle, and what the snapshot answers wherever it claims to. */
export async function expectAnswer<Data>(
  feature: Answering<Data>,
  sources: Sources,
  now: number,
  { path, params = {}, query = {} }: Asked,
  expected: unknown,
): Promise<void> {
  const question = feature.questions.find((candidate) => candidate.path === path);
  if (question === undefined) throw new Error(`No question ${path}`);
  const prepared = question.prepare({ params, query });
  expect(await prepared.ask(sources, now, neverAborted)).toEqual(expected);
  const { data } = await feature.load(sources, now, neverAborted);
  const held = prepared.fromSnapshot(data);
  if (held !== undefined) expect<unknown>(held).toEqual(expected);
}
