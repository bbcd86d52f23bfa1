import type { Database } from 'bun:sqlite';
import { sqliteSchema } from '../../src/core/sources/sql/sqlite/schema.ts';
import { emptyDatabase } from '../support/sqlite-source.ts';
import type { Company } from './rows.ts';
import { iso } from './rules.ts';

type Cell = string | number | boolean | null;

const tableNames = [
  'AspNetUsers',
  'Payments',
  'Subscriptions',
  'Plans',
  'Claims',
  'Chargebacks',
  'Courses',
  'Videos',
  'Files',
] as const;

/** A database in memory that holds the company's rows and has no column that it lacks. */
export function databaseOf(company: Company): Database {
  const database = emptyDatabase(company.missing);
  const missing: ReadonlySet<string> = company.missing;
  database.transaction(() => {
    for (const table of tableNames) {
      const columns = sqliteSchema[table]
        .map((definition) => definition.split(' '))
        .filter(([name]) => !missing.has(`${table}.${name}`));
      const names = columns.map(([name]) => name);
      const insert = database.query(
        `insert into ${table} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`,
      );
      for (const row of company[table]) {
        const cells = new Map<string | undefined, Cell>(Object.entries(row));
        insert.run(...columns.map(([name, type]) => storedForm(type, cells.get(name) ?? null)));
      }
    }
  })();
  return database;
}

/** The documents as the back end writes them, with the digits of each ObjectId in its place. */
export function documentsOf({ support_tickets, logs }: Company) {
  const tickets = support_tickets.map(({ createdAt, ...rest }) => {
    if (createdAt === undefined) return rest;
    return { ...rest, createdAt: typeof createdAt === 'number' ? new Date(createdAt) : createdAt };
  });
  if (logs === null) return { support_tickets: tickets };
  return {
    support_tickets: tickets,
    logs: logs.map(({ timestamp, ...rest }) => ({
      ...rest,
      timestamp: timestamp === null ? null : new Date(timestamp),
    })),
  };
}

/** `HH:MM:SS.fffffff` of units of 100 ns. */
function timeText(units: number): string {
  return `${iso(Math.floor(units / 10_000)).slice(11, 19)}.${String(units % 10_000_000).padStart(7, '0')}`;
}

function storedForm(type: string | undefined, cell: Cell): string | number | null {
  if (cell === null || typeof cell === 'string') return cell;
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  if (type === 'datetime2') return iso(cell);
  if (type === 'time') return timeText(cell);
  if (type?.startsWith('decimal')) return cell / 100;
  return cell;
}
