import { sqlTables } from '../../company/tables.ts';
import { generateChargebacks } from './chargebacks.ts';
import { generateClaims } from './claims.ts';
import { generateCourses } from './courses.ts';
import { generateFiles } from './files.ts';
import { generateOtherTable } from './other-tables.ts';
import { generatePayments } from './payments.ts';
import { generatePlans } from './plans.ts';
import { createRhythm } from './rhythm.ts';
import type { CompanySpec } from './spec.ts';
import type { RowSink, StoredValue, TableName } from './stored-row.ts';
import { generateSubscriptions } from './subscriptions.ts';
import { createPeople, createPersonNames, generateUsers } from './users.ts';
import { generateVideos } from './videos.ts';

/** Returns a sink for a table. Called once per table, before its first row; tables come one after the other. */
export interface TableSinks {
  <Table extends TableName>(table: Table): RowSink<Table>;
  (table: string): (row: Readonly<Record<string, StoredValue>>) => void;
}

/** Tables with their own generator. */
const GENERATED: ReadonlySet<string> = new Set<TableName>([
  ...(['AspNetUsers', 'Payments', 'Subscriptions', 'Plans', 'Claims', 'Chargebacks'] as const),
  ...(['Courses', 'Videos', 'Files'] as const),
]);

/**
 * Generates the rows of every table, in the order of their keys. A table without its own generator gets rows derived from
 * its columns.
 */
export function generateTables(spec: CompanySpec, sinks: TableSinks): void {
  const rhythm = createRhythm(spec.anchor);
  const people = createPeople(spec, rhythm);
  const names = createPersonNames(spec);
  generateUsers(spec, people, names, sinks('AspNetUsers'));
  generatePlans(spec, sinks('Plans'));
  const subscribers = generateSubscriptions(spec, rhythm, people, sinks('Subscriptions'));
  const ledger = generatePayments(spec, rhythm, people, names, subscribers, sinks('Payments'));
  generateClaims(spec, rhythm, people, ledger, sinks('Claims'));
  generateChargebacks(spec, rhythm, people, ledger, sinks('Chargebacks'));
  generateCourses(spec, sinks('Courses'));
  generateVideos(spec, generateFiles(spec, rhythm, sinks('Files')), sinks('Videos'));
  for (const table of sqlTables) {
    if (!GENERATED.has(table.name)) generateOtherTable(spec, rhythm, table, sinks(table.name));
  }
}
