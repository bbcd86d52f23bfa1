import type { SourceName } from '../../src/company/table.ts';
import { tables } from '../../src/company/tables.ts';
import { createCalendar } from '../../src/core/figures/zone.ts';
import type { MirrorReader } from '../../src/core/mirror/reader.ts';
import { features } from '../../src/features/index.ts';
import { expectFigures } from './agreement.ts';
import type { Holding, Situation } from './arbitraries.ts';
import type { Oracle } from './rows.ts';

/** By feature: `claims` has `claimsOracle` in `tests/features/claims/oracle.ts`. */
const ORACLES: ReadonlyMap<string, Oracle> = new Map(
  await Promise.all(features.map(async ({ name }) => [name, await loadOracle(name)] as const)),
);

async function loadOracle(feature: string): Promise<Oracle> {
  const module: Readonly<Record<string, unknown>> = await import(`../features/${feature}/oracle.ts`);
  const oracle = module[`${feature}Oracle`];
  if (!isOracle(oracle)) throw new Error(`tests/features/${feature}/oracle.ts exports no ${feature}Oracle`);
  return oracle;
}

function isOracle(value: unknown): value is Oracle {
  return typeof value === 'function';
}

export function oracleOf(feature: string): Oracle {
  const oracle = ORACLES.get(feature);
  if (oracle === undefined) throw new Error(`No oracle for ${feature}`);
  return oracle;
}

const namesOf = (source: SourceName) =>
  Object.values(tables)
    .filter((table) => table.source === source)
    .map(({ name }) => name);

/** What a source holds of a company. */
export const HOLDINGS: { readonly [Source in SourceName]: readonly Holding[] } = {
  sql: namesOf('sql'),
  documents: namesOf('documents'),
};

export const featuresOf = (source: SourceName) => features.filter((feature) => feature.source === source);

/** Every field of every feature of a source is what the oracle says. */
export function expectEveryFigure(source: SourceName, reader: MirrorReader, situation: Situation): void {
  const moment = { now: situation.now, calendar: createCalendar(situation.timeZone) };
  for (const feature of featuresOf(source)) {
    expectFigures(feature, { reader, moment }, oracleOf(feature.name), situation);
  }
}
