import { describe, test } from 'bun:test';
import fc from 'fast-check';
import type { SourceName } from '../../../src/company/table.ts';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import { features } from '../../../src/features/index.ts';
import { type Compared, expectFigures } from '../../oracle/agreement.ts';
import { type Holding, type Situation, situations } from '../../oracle/arbitraries.ts';
import { batches, changesOf } from '../../oracle/changes.ts';
import { claimsOracle } from '../../oracle/claims.ts';
import { contentOracle } from '../../oracle/content.ts';
import { financialOracle } from '../../oracle/financial.ts';
import { followed, type HeldCompany } from '../../oracle/followed.ts';
import { inCollections, inSqlite, inSqliteFile, onMongo, onSqlServer } from '../../oracle/held-companies.ts';
import { mirroredBy, readerOf } from '../../oracle/mirrored.ts';
import { expectMirrorFromScratch } from '../../oracle/rollups.ts';
import type { Company, Oracle } from '../../oracle/rows.ts';
import { storageOracle } from '../../oracle/storage.ts';
import { subscriptionsOracle } from '../../oracle/subscriptions.ts';
import { supportOracle } from '../../oracle/support.ts';
import { usersOracle } from '../../oracle/users.ts';
import { onEveryMongoServer } from '../../support/mongo-servers.ts';
import type { SqlServerAbilities } from '../../support/sql-schema.ts';

/** Random companies a source; `ORACLE_RUNS` sets the number for all of them. */
const RUNS = { memory: 100, wire: 40 };
const WITHIN_MS = 300_000;

const ORACLES: Readonly<Record<string, Oracle>> = {
  ...{ claims: claimsOracle, financial: financialOracle, subscriptions: subscriptionsOracle },
  ...{ support: supportOracle, content: contentOracle, users: usersOracle, storage: storageOracle },
};

const HOLDINGS: { readonly [Source in SourceName]: readonly Holding[] } = {
  sql: ['AspNetUsers', 'Payments', 'Subscriptions', 'Plans', 'Claims', 'Chargebacks', 'Courses', 'Videos', 'Files'],
  documents: ['support_tickets', 'logs'],
};

function expectEveryFigure(source: SourceName, reader: ReturnType<typeof readerOf>, situation: Situation): void {
  const moment = { now: situation.now, calendar: createCalendar(situation.timeZone) };
  for (const feature of features.filter((each) => each.source === source)) {
    const oracle = ORACLES[feature.name];
    if (oracle === undefined) throw new Error(`No oracle for ${feature.name}`);
    const compared: Compared = feature;
    expectFigures(compared, { reader, moment }, oracle, situation);
  }
}

interface Agreement<Variation> {
  readonly source: SourceName;
  readonly runs: number;
  /** In how the source behaves. */
  readonly variations: fc.Arbitrary<Variation>;
  /** Whether companies may have values that their columns do not allow. */
  readonly unreadable?: boolean;
  open(company: Company, variation: Variation, now: number): Promise<HeldCompany>;
}

/** After each batch every figure is what the oracle says, and the mirror what loading it anew would make. */
async function expectAgreementWhileFollowed<Variation>(agreement: Agreement<Variation>): Promise<void> {
  const { source, runs, variations, unreadable = true, open } = agreement;
  const companies = situations(HOLDINGS[source], { unreadable });
  const restarts = fc.array(fc.constantFrom(false, false, false, true), { minLength: 4, maxLength: 4 });
  const property = fc.asyncProperty(
    ...[companies, batches, restarts, variations] as const,
    async (situation, sequence, restartsBefore, variation) => {
      const { company: first, now } = situation;
      const following = followed(await open(first, variation, now), features, source, now);
    },
  );
  await fc.assert(property, { numRuns: Number(process.env.ORACLE_RUNS ?? runs) });
}
