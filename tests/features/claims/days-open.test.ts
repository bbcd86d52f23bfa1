import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { sumDaysOpen } from '../../../src/features/claims/days-open.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Before and after 1970, far away and near. */
const instants = fc.oneof(
  fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }),
  fc.integer({ min: -3 * DAY_MS, max: 3 * DAY_MS }),
  fc.integer({ min: -72, max: 72 }).map((hours) => hours * HOUR_MS),
);
const claim = fc.record({ Status: fc.constantFrom(0, 1, null), DataCreated: instants });

const daysSince = (instant: number) => Math.floor(instant / DAY_MS);
const timeOf = (instant: number) => instant - daysSince(instant) * DAY_MS;

/** The repository's answers, computed from all claims. */
function repositoryOf(claims: readonly { Status: number | null; DataCreated: number }[]) {
  const hourOf = (instant: number) => Math.floor(timeOf(instant) / HOUR_MS);
  return {
    ages: () =>
      claims.map(({ Status, DataCreated }) => ({
        Status,
        hour: hourOf(DataCreated),
        count: 1,
        days: daysSince(DataCreated),
      })),
    openedBetween: (from: number, before: number) =>
      claims
        .filter(({ DataCreated }) => from < timeOf(DataCreated) && timeOf(DataCreated) < before)
        .map(({ Status }) => ({ Status, count: 1 })),
    openedAfter: (instant: number) => claims.filter(({ DataCreated }) => DataCreated > instant),
  };
}

test('is the sum of the whole days of each claim, 0 for those that lie ahead', () => {
  fc.assert(
    fc.property(fc.array(claim), instants, (claims, now) => {
      const sums = sumDaysOpen(repositoryOf(claims), now);
      for (const status of [0, 1, null]) {
        const own = claims.filter(({ Status }) => Status === status);
        const days = own.map(({ DataCreated }) => Math.max(0, Math.floor((now - DataCreated) / DAY_MS)));
        expect(sums.get(status) ?? 0).toBe(days.reduce((sum, each) => sum + each, 0));
      }
    }),
    { numRuns: 1_000 },
  );
});
