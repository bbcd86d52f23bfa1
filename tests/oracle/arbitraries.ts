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
import { someNow } from './arbitrary-values.ts';
import { emptyCompany } from './load.ts';
import { type Company, optionalColumns } from './rows.ts';

/** Tables and collections of a company. */
export type Holding = Exclude<keyof Company, 'missing'>;

/** A company at an instant. */
export interface Situation {
  readonly now: number;
  readonly company: Company;
}

/**
 * Random companies, small and crowded with edges; one in ten has enough rows to fill the longest list.
 *
 * @param holdings what has rows at all; whatever else stays empty, to keep the runs short
 */
export function situations(holdings: readonly Holding[]): fc.Arbitrary<Situation> {
  return fc
    .tuple(someNow, fc.constantFrom(4, 12, 12, 12, 12, 12, 12, 12, 12, 70))
    .chain(([now, count]) => fc.record({ now: fc.constant(now), company: companyAt(now, count, new Set(holdings)) }));
}

function companyAt(now: number, count: number, holdings: ReadonlySet<Holding>): fc.Arbitrary<Company> {
  const only = <Rows>(holding: Holding, rows: fc.Arbitrary<Rows[]>): fc.Arbitrary<readonly Rows[]> =>
    holdings.has(holding) ? rows : fc.constant([]);
  return fc.record({
    AspNetUsers: only('AspNetUsers', userRows(now, count)),
    Payments: only('Payments', paymentRows(now, count)),
    Subscriptions: only('Subscriptions', subscriptionRows(now, count)),
    Plans: only('Plans', planRows()),
    Claims: only('Claims', claimRows(now, count)),
    Chargebacks: only('Chargebacks', chargebackRows(now, count)),
    Courses: only('Courses', courseRows(count)),
    Videos: only('Videos', videoRows(now, count)),
    Files: only('Files', fileRows(now, count)),
    support_tickets: only('support_tickets', ticketDocuments(now, count)),
    logs: holdings.has('logs') ? fc.option(logDocuments(now, count), { freq: 6 }) : fc.constant(emptyCompany.logs),
    missing: fc
      .oneof(fc.constant([]), fc.subarray([...optionalColumns]))
      .map((columns): Company['missing'] => new Set(columns)),
  });
}
