import { otherRows, otherTables } from './other-tables.ts';
import type { Company } from './rows.ts';

/** A company without a single row, and with every column. */
export const emptyCompany: Company = {
  AspNetUsers: [],
  Payments: [],
  Subscriptions: [],
  Plans: [],
  Claims: [],
  Chargebacks: [],
  Courses: [],
  Videos: [],
  Files: [],
  support_tickets: [],
  logs: [],
  ...otherRows(Object.fromEntries(otherTables.map(({ name }) => [name, []]))),
  missing: new Set(),
};
