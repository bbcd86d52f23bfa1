import fc from 'fast-check';
import { logDocuments, ticketDocuments } from './arbitrary-documents.ts';
import {
  chargebackRows,
  claimRows,
  courseRows,
  fileRows,
  paymentRows,
  planRows,
  subscriptionRows,
  userRows,
  videoRows,
} from './arbitrary-rows.ts';
import { type Setting, someNow } from './arbitrary-values.ts';
import { emptyCompany } from './empty-company.ts';
import { missingOf, type OtherRows, otherRows, otherTables, rowsOf } from './other-tables.ts';
import { type Company, optionalColumns } from './rows.ts';
import { missingValues, withUnreadable } from './unreadable.ts';
import { defaultZone, zones } from './zones.ts';

/** Tables and collections of a company. */
export type Holding = Exclude<keyof Company, 'missing'>;

/** A company at an instant. */
export interface Situation {
  readonly now: number;
  /** IANA name of the zone of its days and months. */
  readonly timeZone: string;
  readonly company: Company;
}

export interface SituationOptions {
  /** Whether one company in three has values that their columns do not allow; true unless told otherwise. */
  readonly unreadable?: boolean;
  /** Time zones to choose from. */
  readonly timeZones?: readonly string[];
}

/**
 * Random companies, small and crowded with edges; one in ten has enough rows to fill the longest list.
 *
 * @param holdings what has rows at all; whatever else stays empty, to keep the runs short
 */
export function situations(
  holdings: readonly Holding[],
  { unreadable = true, timeZones = [defaultZone, ...zones] }: SituationOptions = {},
): fc.Arbitrary<Situation> {
  const settings = fc.record({
    now: someNow,
    timeZone: fc.constantFrom(...timeZones),
    count: fc.constantFrom(4, 12, 12, 12, 12, 12, 12, 12, 12, 70),
    isUnreadable: fc.constantFrom(false, false, unreadable),
  });
  return settings.chain((setting) =>
    fc.record({
      now: fc.constant(setting.now),
      timeZone: fc.constant(setting.timeZone),
      company: companyIn(setting, new Set<string>(holdings), setting.isUnreadable),
    }),
  );
}

/** Random rows of a table, or none where it is to stay empty. */
type Only = <Row extends object>(
  holding: string,
  rows: (setting: Setting) => fc.Arbitrary<Row[]>,
  missing: Partial<Row>,
) => fc.Arbitrary<readonly Row[]>;

type Described = Omit<Company, keyof OtherRows>;

function companyIn(setting: Setting, holdings: ReadonlySet<string>, isUnreadable: boolean): fc.Arbitrary<Company> {
  const only: Only = (holding, rows, missing) => {
    if (!holdings.has(holding)) return fc.constant([]);
    return isUnreadable ? withUnreadable(rows(setting), missing) : rows(setting);
  };
  const described = describedIn(only, holdings);
  const others = otherTables.map(
    (table) => [table.name, only(table.name, (given) => rowsOf(table, given), missingOf(table))] as const,
  );
  return fc
    .tuple(described, fc.record(Object.fromEntries(others)))
    .map(([company, rows]) => ({ ...company, ...otherRows(rows) }));
}

/** The tables that the contract describes. */
function describedIn(only: Only, holdings: ReadonlySet<string>): fc.Arbitrary<Described> {
  const logs = only('logs', logDocuments, missingValues.logs);
  return fc.record({
    AspNetUsers: only('AspNetUsers', userRows, missingValues.AspNetUsers),
    Payments: only('Payments', paymentRows, missingValues.Payments),
    Subscriptions: only('Subscriptions', subscriptionRows, missingValues.Subscriptions),
    Plans: only('Plans', planRows, missingValues.Plans),
    Claims: only('Claims', claimRows, missingValues.Claims),
    Chargebacks: only('Chargebacks', chargebackRows, missingValues.Chargebacks),
    Courses: only('Courses', courseRows, missingValues.Courses),
    Videos: only('Videos', videoRows, missingValues.Videos),
    Files: only('Files', fileRows, missingValues.Files),
    support_tickets: only('support_tickets', ticketDocuments, missingValues.support_tickets),
    logs: holdings.has('logs') ? fc.option(logs, { freq: 6 }) : fc.constant(emptyCompany.logs),
    missing: fc
      .oneof(fc.constant([]), fc.subarray([...optionalColumns]))
      .map((columns): Company['missing'] => new Set(columns)),
  });
}
