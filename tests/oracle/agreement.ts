import { expect } from 'bun:test';
import fc from 'fast-check';
import { EMPTY } from 'rxjs';
import type { Content } from '../../src/core/runtime/snapshot.ts';
import { told } from '../../src/core/sources/changes/change-detection.ts';
import type { DocumentSource } from '../../src/core/sources/mongo/source.ts';
import type { Sources } from '../../src/core/sources/sources.ts';
import type { SqlSource } from '../../src/core/sources/sql/source.ts';
import { type Holding, type Situation, situations } from './arbitraries.ts';
import type { Company, Oracle } from './rows.ts';
import { byText } from './rules.ts';

/** What of a feature the oracle is compared with. */
interface Loader {
  load(sources: Sources, now: number, signal: AbortSignal): Promise<Content<unknown>>;
}

/** Puts a company behind sources that a feature can read. */
export type Serve = (company: Company) => Promise<Sources>;

/** What a property is tried on, and how often. */
export interface Trial {
  readonly serve: Serve;
  /** Random companies a property. */
  readonly runs: number;
  /** Bounds a property in milliseconds, with the search for the smallest counterexample. */
  readonly withinMs: number;
}

/**
 * Compares a feature's snapshot with the oracle's, on random companies.
 *
 * @param holdings the tables that the figures are about
 */
export async function expectAgreement(
  feature: Loader,
  oracle: Oracle,
  holdings: readonly Holding[],
  trial: Trial,
): Promise<void> {
  await checkSituations(holdings, fc.constant(null), trial, async (sources, { company, now }) => {
    const expected = oracle(company, now);
    const { data, unavailable } = await feature.load(sources, now, neverAborted);
    expect({ data, unavailable: inOrder(unavailable) }).toEqual({
      data: expected.data,
      unavailable: inOrder(expected.unavailable),
    });
  });
}

/**
 * Runs an assertion over random companies, each served by sources of its own that are closed afterwards.
 *
 * @param parameters what a question is asked with
 */
export async function checkSituations<Parameter>(
  holdings: readonly Holding[],
  parameters: fc.Arbitrary<Parameter>,
  { serve, runs, withinMs }: Trial,
  assertion: (sources: Sources, situation: Situation & { readonly parameter: Parameter }) => Promise<void>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(situations(holdings), parameters, async (situation, parameter) => {
      const sources = await serve(situation.company);
      try {
        await assertion(sources, { ...situation, parameter });
      } finally {
        await Promise.all([sources.sql.close(), sources.documents.close()]);
      }
    }),
    { numRuns: runs, interruptAfterTimeLimit: withinMs, markInterruptAsFailure: true },
  );
}

export const neverAborted = new AbortController().signal;

/** For features that read tables alone. */
export const noDocuments: DocumentSource = {
  description: 'no documents',
  changes: EMPTY,
  read: () => Promise.reject(new Error('This feature reads no documents')),
  changeDetection: told,
  close: () => Promise.resolve(),
};

/** For features that read documents alone. */
export const noTables: SqlSource = {
  description: 'no tables',
  changes: EMPTY,
  read: () => Promise.reject(new Error('This feature reads no tables')),
  changeDetection: told,
  close: () => Promise.resolve(),
};

/** The contract gives `unavailable` no order. */
function inOrder<Entry extends { readonly figure: string }>(unavailable: readonly Entry[]): Entry[] {
  return [...unavailable].sort((left, right) => byText(left.figure, right.figure));
}
