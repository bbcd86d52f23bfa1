import type { Database } from 'bun:sqlite';
import type { Table } from '../../src/company/table.ts';
import { sqlTables } from '../../src/company/tables.ts';
import type { Document } from '../../src/core/feeds/folder/document.ts';
import { emptyCompany as emptyTables } from '../support/sql-company.ts';
import type { Step } from './changes.ts';
import { rawRows } from './mirrored.ts';
import type { Company, LogDocument, TicketDocument } from './rows.ts';

/** The rows of a company as databases hold them. */

export type StoredValue = string | number | null;

/** A database in memory that holds the company's rows, with the types of SQL Server, and has no column that it lacks. */
export function databaseOf(company: Company): Database {
  const database = emptyTables([...company.missing]);
  database.transaction(() => {
    for (const table of sqlTables) {
      const columns = columnsOf(company, table);
      const insert = database.query<unknown, StoredValue[]>(
        `insert into "${table.name}" (${listOf(columns)}) values (${columns.map(() => '?').join(', ')})`,
      );
      for (const row of storedRows(company, table)) insert.run(...row);
    }
  })();
  return database;
}

/** A statement for a step, in words that SQLite and SQL Server both know. */
export function statementOf({ mirrored: { table }, row, isDeleted, wasThere }: Step): string {
  const columns = columnsOf(row, table);
  const [values = []] = storedRows(row, table);
  const key = `"${table.key}" = ${literal(values[columns.indexOf(table.key)] ?? null)}`;
  if (isDeleted) return `delete from "${table.name}" where ${key}`;
  if (!wasThere) return `insert into "${table.name}" (${listOf(columns)}) values (${values.map(literal).join(', ')})`;
  const assigned = columns.map((column, index) => `"${column}" = ${literal(values[index] ?? null)}`);
  return `update "${table.name}" set ${assigned.join(', ')} where ${key}`;
}

/** The documents as the back end writes them, with the digits of each ObjectId in its place. */
export function documentsOf({ support_tickets, logs }: Company): Readonly<Record<string, Document[]>> {
  const tickets = { support_tickets: support_tickets.map(ticketDocument) };
  return logs === null ? tickets : { ...tickets, logs: logs.map(logDocument) };
}

function ticketDocument({ createdAt, ...rest }: TicketDocument): Document {
  if (createdAt === undefined) return rest;
  return { ...rest, createdAt: typeof createdAt === 'number' ? new Date(createdAt) : createdAt };
}

function logDocument({ timestamp, ...rest }: LogDocument): Document {
  return { ...rest, timestamp: timestamp === null ? null : new Date(timestamp) };
}

/** The columns that the company's database has of a table. */
export function columnsOf({ missing }: Company, table: Table): string[] {
  const gone: ReadonlySet<string> = missing;
  return Object.keys(table.columns).filter((column) => !gone.has(`${table.name}.${column}`));
}

export function storedRows(company: Company, table: Table): StoredValue[][] {
  return rawRows(company, { table, columns: columnsOf(company, table) }).map((row) => row.map(storedValue));
}

function storedValue(cell: unknown): StoredValue {
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  if (cell === null || typeof cell === 'string' || typeof cell === 'number') return cell;
  throw new TypeError(`No column stores a ${typeof cell}`);
}

function listOf(columns: readonly string[]): string {
  return columns.map((column) => `"${column}"`).join(', ');
}

function literal(value: StoredValue): string {
  if (value === null) return 'null';
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
}
