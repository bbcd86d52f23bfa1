import { expect } from 'bun:test';
import fc from 'fast-check';
import { EMPTY } from 'rxjs';
import type { Content } from '../../src/core/runtime/snapshot.ts';
import { told } from '../../src/core/sources/changes/change-detection.ts';
import type { DocumentSource } from '../../src/core/sources/mongo/source.ts';
import type { Sources } from '../../src/core/sources/sources.ts';
import type { SqlSource } from '../../src/core/sources/sql/source.ts';
import { documentSourceOf } from '../support/document-source.ts';
import { sqliteSourceOf } from '../support/sqlite-source.ts';
import { type Holding, type Situation, situations } from './arbitraries.ts';
import { databaseOf, documentsOf } from './load.ts';
import type { Company, Oracle } from './rows.ts';
import { byText } from './rules.ts';

/** Random companies a property; `ORACLE_RUNS` sets another number. */
const runs = Number(process.env.ORACLE_RUNS ?? 300);

/**
 * Bounds a property in milliseconds, with the search for the smallest counterexample. fast-check looks at the clock
 * between runs: sources in the test's own thread answer in microtasks, so that no timer fires meanwhile.
 */
const timeLimit = 15_000 + runs * 50;

/** Of the test around the property; the property ends by itself before. */
export const timeout = timeLimit + 15_000;

/** What of a feature the oracle is compared with. */
interface Loader {
  load(sources: Sources, now: number, signal: AbortSignal): Promise<Content<unknown>>;
}

/** Puts a company behind sources that a feature can read. */
type Serve = (company: Company) => Promise<Sources>;

/**
 * Compares a feature's snapshot with the oracle's, on random companies.
 *
 * @param holdings the tables that the figures are about
 */
export async function expectAgreement(
  feature: Loader,
  oracle: Oracle,
  holdings: readonly Holding[],
  serve: Serve = sqliteSources,
): Promise<void> {
  await checkSituations(holdings, fc.constant(null), serve, async (sources, { company, now }) => {
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
  serve: Serve,
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
    { numRuns: runs, interruptAfterTimeLimit: timeLimit, markInterruptAsFailure: true },
  );
}

/** SQL alone; asking for documents fails. */
export async function sqliteSources(company: Company): Promise<Sources> {
  return { sql: await sqliteSourceOf(databaseOf(company)), documents: noDocuments };
}

/** Documents alone; asking for tables fails. */
export async function documentSources(company: Company): Promise<Sources> {
  return { sql: noTables, documents: await documentSourceOf(documentsOf(company)) };
}

export const neverAborted = new AbortController().signal;

const noDocuments: DocumentSource = {
  description: 'no documents',
  changes: EMPTY,
  read: () => Promise.reject(new Error('This feature reads no documents')),
  changeDetection: told,
  close: () => Promise.resolve(),
};

const noTables: SqlSource = {
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
