import { generateLogs, type LogEntry } from './logs.ts';
import { createRhythm } from './rhythm.ts';
import type { CompanySpec } from './spec.ts';
import { generateTickets, type Ticket } from './tickets.ts';
import { createPeople } from './users.ts';

/** The documents of the company in MongoDB. */
export interface CompanyDocuments {
  readonly tickets: readonly Ticket[];
  readonly logs: readonly LogEntry[];
}

export function generateDocuments(spec: CompanySpec): CompanyDocuments {
  const rhythm = createRhythm(spec.anchor);
  return { tickets: generateTickets(spec, rhythm, createPeople(spec, rhythm)), logs: generateLogs(spec) };
}
