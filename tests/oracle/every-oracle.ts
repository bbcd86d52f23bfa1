import type { SourceName } from '../../src/company/table.ts';
import { createCalendar } from '../../src/core/figures/zone.ts';
import type { MirrorReader } from '../../src/core/mirror/reader.ts';
import { features } from '../../src/features/index.ts';
import { expectFigures } from './agreement.ts';
import type { Holding, Situation } from './arbitraries.ts';
import { claimsOracle } from './claims.ts';
import { contentOracle } from './content.ts';
import { financialOracle } from './financial.ts';
import type { Oracle } from './rows.ts';
import { storageOracle } from './storage.ts';
import { subscriptionsOracle } from './subscriptions.ts';
import { supportOracle } from './support.ts';
import { usersOracle } from './users.ts';

const ORACLES: Readonly<Record<string, Oracle>> = {
  ...{ claims: claimsOracle, financial: financialOracle, subscriptions: subscriptionsOracle },
  ...{ support: supportOracle, content: contentOracle, users: usersOracle, storage: storageOracle },
};

/** What a source holds of a company. */
export const HOLDINGS: { readonly [Source in SourceName]: readonly Holding[] } = {
  sql: ['AspNetUsers', 'Payments', 'Subscriptions', 'Plans', 'Claims', 'Chargebacks', 'Courses', 'Videos', 'Files'],
  documents: ['support_tickets', 'logs'],
};

export const featuresOf = (source: SourceName) => features.filter((feature) => feature.source === source);

/** Every field of every feature of a source is what the oracle says. */
export function expectEveryFigure(source: SourceName, reader: MirrorReader, situation: Situation): void {
  const moment = { now: situation.now, calendar: createCalendar(situation.timeZone) };
  for (const feature of featuresOf(source)) {
    const oracle = ORACLES[feature.name];
    if (oracle === undefined) throw new Error(`No oracle for ${feature.name}`);
    expectFigures(feature, { reader, moment }, oracle, situation);
  }
}
