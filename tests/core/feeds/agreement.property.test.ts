import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { SourceName } from '../../../src/company/table.ts';
import { features } from '../../../src/features/index.ts';
import { situations } from '../../oracle/arbitraries.ts';
import { batches, changesOf } from '../../oracle/changes.ts';
import { expectEveryFigure, HOLDINGS } from '../../oracle/every-oracle.ts';
import { followed, type HeldCompany } from '../../oracle/followed.ts';
import { inCollections, inSqlite, inSqliteFile, onMongo, onSqlServer } from '../../oracle/held-companies.ts';
import { mirroredBy, readerOf } from '../../oracle/mirrored.ts';
import { expectMirrorFromScratch } from '../../oracle/rollups.ts';
import type { Company } from '../../oracle/rows.ts';
import { onEveryMongoServer } from '../../support/mongo-servers.ts';
import type { SqlServerAbilities } from '../../support/sql-schema.ts';

/** Random companies a source; `ORACLE_RUNS` sets the number for all of them. */
const RUNS = { memory: 60, wire: 40 };
const WITHIN_MS = 300_000;

interface Agreement<Variation> {
  readonly source: SourceName;
  readonly runs: number;
  /** In how the source behaves. */
  readonly variations: fc.Arbitrary<Variation>;
  /** Whether companies may have values that their columns do not allow. */
  readonly unreadable?: boolean;
  /** Whether another feed can go on with what the mirror holds. */
  readonly outlivesFeeds?: boolean;
  open(company: Company, variation: Variation, now: number): Promise<HeldCompany>;
}

/** After each batch every figure is what the oracle says, and the mirror what loading it anew would make. */
async function expectAgreementWhileFollowed<Variation>(agreement: Agreement<Variation>): Promise<void> {
  const { source, runs, variations, unreadable = true, outlivesFeeds = true, open } = agreement;
  const restarts = fc.array(fc.constantFrom(false, false, false, outlivesFeeds), { minLength: 4, maxLength: 4 });
  const property = fc.asyncProperty(
    situations(HOLDINGS[source], { unreadable }),
    batches,
    restarts,
    variations,
    async (situation, sequence, restartsAt, variation) => {
      const { company: first, now } = situation;
      const held = await open(first, variation, now);
      const following = followed(held, features, source, now);
      let company = first;
      const expectAgreement = async () => {
        await following.sync();
        expectEveryFigure(source, readerOf(following.mirror), { ...situation, company });
        await expectMirrorFromScratch(following.mirror, features, source, company, now);
      };
      try {
        await expectAgreement();
        for (const [index, batch] of sequence.entries()) {
          const { steps, after } = changesOf(company, first, mirroredBy(features, source), batch);
          company = after;
          await held.write(steps);
          if (restartsAt[index] === true) await following.restart();
          await expectAgreement();
        }
        expect(await following.differing()).toEqual([]);
      } finally {
        await following.close();
      }
    },
  );
  const numRuns = Number(process.env.ORACLE_RUNS ?? runs);
  await fc.assert(property, { numRuns, interruptAfterTimeLimit: WITHIN_MS * 0.9 });
}

const asIs = fc.constant(null);

describe('figures and mirror agree with the oracle after any sequence of changes', () => {
  test(
    'of a SQLite database that this program writes to',
    () =>
      expectAgreementWhileFollowed({
        ...{ source: 'sql', runs: RUNS.memory, variations: asIs, outlivesFeeds: false },
        open: inSqlite,
      }),
    WITHIN_MS,
  );

  test(
    'of a SQLite file that another program writes to',
    () => expectAgreementWhileFollowed({ source: 'sql', runs: RUNS.wire, variations: asIs, open: inSqliteFile }),
    WITHIN_MS,
  );

  test(
    'of SQL Server over TDS, in whichever way it tells what moved',
    () => {
      const variations: fc.Arbitrary<Partial<SqlServerAbilities>> = fc.record({
        snapshot: fc.boolean(),
        changeTracking: fc.constantFrom('on', 'on', 'on', 'off', 'partly', 'denied'),
        usageStatistics: fc.constantFrom('on', 'denied'),
        collation: fc.constantFrom(
          'SQL_Latin1_General_CP1_CI_AS',
          'Latin1_General_CI_AI',
          'Latin1_General_100_BIN2_UTF8',
        ),
      });
      return expectAgreementWhileFollowed({ source: 'sql', runs: RUNS.wire, variations, open: onSqlServer });
    },
    WITHIN_MS,
  );

  test(
    'of collections in memory',
    () =>
      expectAgreementWhileFollowed({
        ...{ source: 'documents', runs: RUNS.memory, variations: asIs },
        open: (company, _, now) => inCollections(company, now),
      }),
    WITHIN_MS,
  );
});

await onEveryMongoServer(({ open }) => {
  test(
    'figures and mirror agree with the oracle after any sequence of changes',
    () =>
      expectAgreementWhileFollowed({
        ...{ source: 'documents', runs: RUNS.wire, variations: asIs },
        open: (company) => onMongo(company, open),
      }),
    WITHIN_MS,
  );
});
