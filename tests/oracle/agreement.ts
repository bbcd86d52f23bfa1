import { expect } from 'bun:test';
import fc from 'fast-check';
import type { AsOf } from '../../src/core/figures/zone.ts';
import { createCalendar } from '../../src/core/figures/zone.ts';
import type { MirrorReader } from '../../src/core/mirror/reader.ts';
import type { Feature } from '../../src/core/runtime/define-feature.ts';
import { type Holding, type Situation, situations as situationsOf } from './arbitraries.ts';
import { applyBatch, batches } from './changes.ts';
import { mirrorOf, readerOf } from './mirrored.ts';
import { expectRollupsFromScratch } from './rollups.ts';
import type { Company, Oracle } from './rows.ts';
import { byText } from './rules.ts';

/** What of a feature the oracle is compared with. */
export type Compared = Pick<Feature, 'source' | 'reads' | 'objects' | 'figures'>;

/** A mirror of a company to read, and the moment to read it at. */
export interface Served {
  readonly reader: MirrorReader;
  readonly moment: AsOf;
}

/** Random companies a property; `ORACLE_RUNS` sets another number for all of them. */
const RUNS = Number(process.env.ORACLE_RUNS ?? 300);

/** Bounds a property, with the search for the smallest counterexample. */
const WITHIN_MS = 60_000 + RUNS * 200;

/** Of the test around a property, in milliseconds: the property ends by itself before. */
export const PROPERTY_TIMEOUT_MS = WITHIN_MS + 15_000;

const BOUNDS = { numRuns: RUNS, interruptAfterTimeLimit: WITHIN_MS };

/** Companies as they should be, and such with values that their columns do not allow. */
const situations = (holdings: readonly Holding[]): fc.Arbitrary<Situation> =>
  fc.oneof(situationsOf(holdings), situationsOf(holdings, { unreadable: true }));

/**
 * Compares a feature's figures with the oracle's, on random companies.
 *
 * @param holdings the tables that the figures are about
 */
export async function expectAgreement(feature: Compared, oracle: Oracle, holdings: readonly Holding[]): Promise<void> {
  await checkSituations(feature, holdings, fc.constant(null), (served, situation) =>
    expectFigures(feature, served, oracle, situation),
  );
}

/**
 * Compares the figures after each batch of a random sequence of changes, and what the triggers kept with what is made from
 * scratch.
 */
export async function expectAgreementAfterChanges(
  feature: Compared,
  oracle: Oracle,
  holdings: readonly Holding[],
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(situations(holdings), batches, async (situation, sequence) => {
      const mirror = await mirrorOf(situation.company, [feature], feature.source);
      let company: Company = situation.company;
      try {
        for (const batch of sequence) {
          company = await applyBatch(mirror, feature, company, situation.company, batch);
          expectFigures(feature, servedBy(readerOf(mirror), situation), oracle, { ...situation, company });
          await expectRollupsFromScratch(mirror, feature, company);
        }
      } finally {
        mirror.close();
      }
    }),
    BOUNDS,
  );
}

/**
 * Runs an assertion over random companies, each in a mirror of its own.
 *
 * @param parameters what a question is asked with
 */
export async function checkSituations<Parameter>(
  feature: Compared,
  holdings: readonly Holding[],
  parameters: fc.Arbitrary<Parameter>,
  assertion: (served: Served, situation: Situation & { readonly parameter: Parameter }) => void,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(situations(holdings), parameters, async (situation, parameter) => {
      const mirror = await mirrorOf(situation.company, [feature], feature.source);
      try {
        assertion(servedBy(readerOf(mirror), situation), { ...situation, parameter });
      } finally {
        mirror.close();
      }
    }),
    BOUNDS,
  );
}

function servedBy(reader: MirrorReader, { now, timeZone }: Situation): Served {
  return { reader, moment: { now, calendar: createCalendar(timeZone) } };
}

/** Every field of a feature is what the oracle says. */
export function expectFigures(
  feature: Compared,
  { reader, moment }: Served,
  oracle: Oracle,
  situation: Situation,
): void {
  const expected = oracle(situation.company, situation.now, situation.timeZone);
  const { data, unavailable } = feature.figures(reader, moment);
  expect({ data, unavailable: inOrder(unavailable) }).toEqual({
    data: expected.data,
    unavailable: inOrder(expected.unavailable),
  });
}

/** The contract gives `unavailable` no order. */
function inOrder<Entry extends { readonly figure: string }>(unavailable: readonly Entry[]): Entry[] {
  return [...unavailable].sort((left, right) => byText(left.figure, right.figure));
}
