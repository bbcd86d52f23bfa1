import type { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { ColumnCatalog } from '../../../src/core/sources/sql/catalog.ts';
import type { SqliteSource } from '../../../src/core/sources/sql/sqlite/source.ts';
import { generateDocuments } from '../../../src/demo/data/documents.ts';
import { randomStream } from '../../../src/demo/data/random.ts';
import type { Moment } from '../../../src/demo/life/change.ts';
import { documentChanges, tableChanges } from '../../../src/demo/life/changes.ts';
import { hasAll } from '../../../src/demo/life/statements.ts';
import { optionalColumns } from '../../oracle/rows.ts';
import { documentSourceOf } from '../../support/document-source.ts';
import { emptyDatabase, sqliteSourceOf } from '../../support/sqlite-source.ts';
import { ANCHOR, demoDatabase, hashesOf, SMALL } from '../company.ts';

const NOW = ANCHOR + 86_400_000;

async function momentAt(sql: SqliteSource, seed = 1): Promise<Moment> {
  const columns = await sql.read(({ columns }) => Promise.resolve(columns), new AbortController().signal);
  return { now: NOW, at: new Date(NOW).toISOString(), random: randomStream(seed, 'test'), columns };
}

/** Which tables differ between two looks. */
function moved(before: Record<string, string>, after: Record<string, string>): string[] {
  return Object.keys(before).filter((table) => before[table] !== after[table]);
}

/** A company's database without some columns. */
function withoutColumns(columns: readonly string[]): Database {
  const database = demoDatabase();
  for (const index of ['IX_AspNetUsers_CreatedAt', 'IX_Subscriptions_Figures']) database.run(`drop index ${index}`);
  for (const column of columns) database.run(`alter table ${column.replace('.', ' drop column ')}`);
  return database;
}

const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'a purchase': ['Payments'],
  'a payment is settled': ['Payments'],
  'a new subscription': ['Payments', 'Subscriptions'],
  'a renewal': ['Payments', 'Subscriptions'],
  'a cancellation': ['Subscriptions'],
  'a subscription is paused': ['Subscriptions'],
  'a subscription goes on': ['Subscriptions'],
  'a new claim': ['Claims'],
  'a claim moves on': ['Claims'],
  'a new chargeback': ['Chargebacks'],
  'a chargeback moves on': ['Chargebacks'],
  'a new user': ['AspNetUsers'],
  'a user confirms the e-mail address': ['AspNetUsers'],
  'a video is uploaded': ['Videos', 'Files'],
  'a video has been processed': ['Videos'],
};

test('every change is expected here', () => {
  expect(tableChanges.map(({ name }) => name).sort()).toEqual(Object.keys(EXPECTED).sort());
});

describe.each(tableChanges.map((change) => [change.name, change] as const))('%s', (name, change) => {
  test('happens, to the tables that it names and no other', async () => {
    const database = demoDatabase();
    const sql = await sqliteSourceOf(database);
    const before = hashesOf(database);
    const statements = change.statements(await momentAt(sql));
    await sql.write(statements);
    const tables = moved(before, hashesOf(database));
    expect(tables.sort()).toEqual([...(EXPECTED[name] ?? [])].sort());
    expect([...new Set(statements.map(({ table }) => table))].sort()).toEqual(tables.sort());
  });

  test('happens many times over without two rows of one key', async () => {
    const database = demoDatabase();
    const sql = await sqliteSourceOf(database);
    for (let seed = 0; seed < 30; seed++) await sql.write(change.statements(await momentAt(sql, seed)));
    expect(database.query('pragma integrity_check').values()).toEqual([['ok']]);
  });

  test('happens without the columns that may be missing', async () => {
    const database = withoutColumns(optionalColumns);
    const sql = await sqliteSourceOf(database);
    const before = hashesOf(database);
    await sql.write(change.statements(await momentAt(sql)));
    expect(moved(before, hashesOf(database)).sort()).toEqual([...(EXPECTED[name] ?? [])].sort());
  });

  test('does nothing to empty tables, or begins them', async () => {
    const database = emptyDatabase();
    const sql = await sqliteSourceOf(database);
    await sql.write(change.statements(await momentAt(sql)));
    const rows = (table: string) => database.query(`select 1 from ${table}`).values().length;
    const begun = Object.keys(hashesOf(database)).filter((table) => rows(table) > 0);
    const expected: Record<string, string[]> = { 'a new user': ['AspNetUsers'], 'a video is uploaded': ['Files'] };
    expect(begun).toEqual(expected[name] ?? []);
  });

  test('is not possible without its tables', () => {
    expect(hasAll(new ColumnCatalog([]), change.needs)).toBe(false);
  });

  test('happens to a table whose instants are in another form', async () => {
    const database = demoDatabase();
    for (const [table, column] of [
      ['Payments', 'CreatedAt'],
      ['Subscriptions', 'CreatedAt'],
      ['AspNetUsers', 'CreatedAt'],
      ['Claims', 'DataCreated'],
      ['Chargebacks', 'CreatedAt'],
      ['Videos', 'UploadDate'],
      ['Files', 'CriadoEm'],
    ]) {
      database.run(`update ${table} set ${column} = replace(${column}, 'T', ' ') where rowid % 2 = 0`);
    }
    const sql = await sqliteSourceOf(database);
    const before = hashesOf(database);
    await sql.write(change.statements(await momentAt(sql)));
    expect(moved(before, hashesOf(database)).sort()).toEqual([...(EXPECTED[name] ?? [])].sort());
  });
});

describe.each(documentChanges.map((change) => [change.name, change] as const))('%s', (_name, change) => {
  test('happens in its collection', async () => {
    const { tickets, logs } = generateDocuments(SMALL);
    const sql = await sqliteSourceOf(demoDatabase());
    const documents = await documentSourceOf({ support_tickets: tickets, logs });
    const changed = new Set<string>();
    documents.changes.subscribe(({ names }) => {
      if (names !== 'all') for (const name of names) changed.add(name);
    });
    await change.make(await momentAt(sql), { sql, documents });
    expect([...changed]).toEqual([change.collection]);
  });

  test('fails neither without users nor in an empty collection', async () => {
    const sql = await sqliteSourceOf(emptyDatabase());
    const documents = await documentSourceOf({ support_tickets: [], logs: [] });
    await change.make(await momentAt(sql), { sql, documents });
  });
});
