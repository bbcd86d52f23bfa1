import { Database } from 'bun:sqlite';
import { sqlTables } from '../../src/company/tables.ts';
import { generateDocuments } from '../../src/demo/data/documents.ts';
import type { CompanySpec } from '../../src/demo/data/spec.ts';
import { fillDatabase } from '../../src/demo/database.ts';

export const ANCHOR = Date.UTC(2026, 10, 24, 15, 30, 12, 345);

/** A company small enough for tests, with everything that a large one has. */
export const SMALL: CompanySpec = { seed: 1, anchor: ANCHOR, scale: 0.02 };

const TABLES = sqlTables.map(({ name }) => name);

/** A company's tables. */
export function demoDatabase(spec: CompanySpec = SMALL): Database {
  const database = new Database(':memory:', { strict: true });
  fillDatabase(database, spec, () => {});
  return database;
}

/** One hash over every row of every table, and every document. */
export function hashOf(spec: CompanySpec): string {
  const database = demoDatabase(spec);
  const hash = new Bun.CryptoHasher('sha256');
  for (const table of TABLES) hash.update(`${table}${hashOfTable(database, table)}`);
  hash.update(JSON.stringify(generateDocuments(spec)));
  database.close();
  return hash.digest('hex');
}

function hashOfTable(database: Database, table: string): string {
  const rows = database.query(`select * from main.${table} order by rowid`).values();
  return new Bun.CryptoHasher('sha256').update(JSON.stringify(rows)).digest('hex');
}

/** Hashes of every table, to tell which ones have moved. */
export function hashesOf(database: Database): Record<string, string> {
  return Object.fromEntries(TABLES.map((table) => [table, hashOfTable(database, table)]));
}
