import { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { sqlTables } from '../../../src/company/tables.ts';
import { createCollections } from '../../../src/core/feeds/folder/collections.ts';
import { memoryStore } from '../../../src/core/feeds/folder/sqlite-store.ts';
import { generateDocuments } from '../../../src/demo/data/documents.ts';
import { randomStream } from '../../../src/demo/data/random.ts';
import type { LifeDatabase, LifeMoment } from '../../../src/demo/life/change.ts';
import { documentChanges, tableChanges } from '../../../src/demo/life/changes.ts';
import { createLifeDatabase } from '../../../src/demo/life/database.ts';
import { hasAll } from '../../../src/demo/life/statements.ts';
import { emptyDatabase } from '../../support/company-database.ts';
import { ANCHOR, demoDatabase, hashesOf, SMALL } from '../company.ts';

const NOW = ANCHOR + 86_400_000;

const optionalColumns = sqlTables.flatMap(({ name, columns }) =>
  Object.entries(columns).flatMap(([column, { optional }]) => (optional ? [`${name}.${column}`] : [])),
);

const lifeIn = (database: Database) => createLifeDatabase(memoryStore(database, 'test'));

function momentAt(life: LifeDatabase, seed = 1): LifeMoment {
  return {
    now: NOW,
    at: new Date(NOW).toISOString(),
    random: randomStream(seed, 'test'),
    columns: life.columns(),
  };
}

/** Which tables differ between two looks. */
function moved(before: Record<string, string>, after: Record<string, string>): string[] {
  return Object.keys(before).filter((table) => before[table] !== after[table]);
}

/** A company's database without some columns. */
function withoutColumns(columns: readonly string[]): Database {
  const database = demoDatabase();
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
  'a subscription resumes': ['Subscriptions'],
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
    const life = lifeIn(database);
    const before = hashesOf(database);
    const statements = change.statements(momentAt(life));
    await life.write(statements);
    const tables = moved(before, hashesOf(database));
    expect(tables.sort()).toEqual([...(EXPECTED[name] ?? [])].sort());
    expect([...new Set<string>(statements.map(({ table }) => table))].sort()).toEqual(tables.sort());
  });

  test('happens many times over without two rows of one key', async () => {
    const database = demoDatabase();
    const life = lifeIn(database);
    for (let seed = 0; seed < 30; seed++) await life.write(change.statements(momentAt(life, seed)));
    expect(database.query('pragma integrity_check').values()).toEqual([['ok']]);
  });

  test('happens without the columns that may be missing', async () => {
    const database = withoutColumns(optionalColumns);
    const life = lifeIn(database);
    const before = hashesOf(database);
    await life.write(change.statements(momentAt(life)));
    expect(moved(before, hashesOf(database)).sort()).toEqual([...(EXPECTED[name] ?? [])].sort());
  });

  test('does nothing to empty tables, or begins them', async () => {
    const database = emptyDatabase();
    const life = lifeIn(database);
    await life.write(change.statements(momentAt(life)));
    const rows = (table: string) => database.query(`select 1 from ${table}`).values().length;
    const begun = Object.keys(hashesOf(database)).filter((table) => rows(table) > 0);
    const expected: Record<string, string[]> = { 'a new user': ['AspNetUsers'], 'a video is uploaded': ['Files'] };
    expect(begun).toEqual(expected[name] ?? []);
  });

  test('is not possible without its tables', () => {
    expect(hasAll({ has: () => false }, change.needs)).toBe(false);
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
    const life = lifeIn(database);
    const before = hashesOf(database);
    await life.write(change.statements(momentAt(life)));
    expect(moved(before, hashesOf(database)).sort()).toEqual([...(EXPECTED[name] ?? [])].sort());
  });
});

/** Nothing reads a table of the company from end to end, however many rows it has. */
describe.each(tableChanges.map((change) => [change.name, change] as const))('%s', (_name, change) => {
  test('reads no table whole', () => {
    const database = demoDatabase();
    for (const { sql, parameters } of change.statements(momentAt(lifeIn(database)))) {
      const plan = database
        .query<{ detail: string }, (string | number | null)[]>(`explain query plan ${sql}`)
        .all(...parameters)
        .map(({ detail }) => detail);
      const scans = plan.filter((step) => /^SCAN/.test(step) && !/^SCAN (\d+-ROW|CONSTANT|\(|plan\b)/.test(step));
      expect(scans).toEqual([]);
      expect(plan.filter((step) => step.includes('TEMP B-TREE'))).toEqual([]);
    }
  });
});

describe.each(documentChanges.map((change) => [change.name, change] as const))('%s', (name, change) => {
  test('happens in its collection', () => {
    const { tickets, logs } = generateDocuments(SMALL);
    const changed = new Set<string>();
    const collections = createCollections(
      { support_tickets: tickets, logs },
      { onChange: (collection) => changed.add(collection) },
    );
    const database = lifeIn(demoDatabase());
    change.make(momentAt(database), { database, collections });
    expect([...changed]).toEqual([change.collection]);
  });

  test('fails neither without users nor in an empty collection', () => {
    const database = lifeIn(emptyDatabase());
    const collections = createCollections({ support_tickets: [], logs: [] });
    change.make(momentAt(database), { database, collections });
    const begun = ['support_tickets', 'logs'].filter((name) => collections.documents(name).length > 0);
    const additions: readonly string[] = ['a new ticket', 'log lines'];
    expect(begun).toEqual(additions.includes(name) ? [change.collection] : []);
  });
});

test('a view is no table to live in', () => {
  const database = new Database(':memory:');
  database.run('create table people (Id text, EmailConfirmed int)');
  database.run('create view AspNetUsers as select * from people');
  expect(lifeIn(database).columns().has('AspNetUsers', 'Id')).toBe(false);
});
