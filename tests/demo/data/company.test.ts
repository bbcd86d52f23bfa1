import { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { sqlTables } from '../../../src/company/tables.ts';
import { generateDocuments } from '../../../src/demo/data/documents.ts';
import { generateTables } from '../../../src/demo/data/tables.ts';
import { fillDatabase } from '../../../src/demo/database.ts';
import { ANCHOR, demoDatabase, hashOf, SMALL } from '../company.ts';

function countRows(database: Database): Record<string, number> {
  const tables = sqlTables.map(({ name }) => name);
  return Object.fromEntries(
    tables.map((table) => [
      table,
      database.query<{ rows: number }, []>(`select count(*) as rows from ${table}`).get()?.rows ?? 0,
    ]),
  );
}

describe('the generated company', () => {
  test('is the same for the same seed, anchor and scale', () => {
    expect(hashOf(SMALL)).toBe(hashOf({ ...SMALL }));
  });

  test('is another one for another seed, anchor or scale', () => {
    const specs = [SMALL, { ...SMALL, seed: 2 }, { ...SMALL, anchor: ANCHOR + 1 }, { ...SMALL, scale: 0.03 }];
    expect(new Set(specs.map(hashOf)).size).toBe(specs.length);
  });

  test('is as large as it is said to be', () => {
    const rows: Record<string, number> = {};
    generateTables({ ...SMALL, scale: 1 }, (table: string) => {
      rows[table] = 0;
      return () => {
        rows[table] = (rows[table] ?? 0) + 1;
      };
    });
    expect(rows).toMatchObject({
      AspNetUsers: 20_000,
      Payments: 60_000,
      Subscriptions: 8_000,
      Plans: 8,
      Claims: 1_500,
      Chargebacks: 400,
      Courses: 60,
      Videos: 900,
      Files: 5_000,
    });
    const { tickets, logs } = generateDocuments({ ...SMALL, scale: 1 });
    expect([tickets.length, logs.length]).toEqual([4_000, 20_000]);
  });

  test('grows and shrinks with its scale', () => {
    expect(countRows(demoDatabase({ ...SMALL, scale: 0.1 }))).toMatchObject({
      AspNetUsers: 2_000,
      Payments: 6_000,
      Subscriptions: 800,
      Plans: 8,
      Claims: 150,
      Files: 500,
    });
    expect(countRows(demoDatabase({ ...SMALL, scale: 0.001 }))).toMatchObject({ Payments: 600, Claims: 90 });
  });

  test('fits its tables: keys, instants in the one form, nothing later than its anchor', () => {
    const database = demoDatabase();
    expect(database.query('pragma integrity_check').values()).toEqual([['ok']]);
    const anchor = new Date(ANCHOR).toISOString();
    for (const { name: table, columns } of sqlTables) {
      for (const [column, { kind }] of Object.entries(columns)) {
        if (kind !== 'instant') continue;
        const glob = '????-??-??T??:??:??.???Z';
        const odd = database.query(`select ${column} from ${table} where ${column} not glob ?`).values(glob);
        expect({ table, column, odd }).toEqual({ table, column, odd: [] });
        if (column === 'CurrentPeriodEndDate') continue;
        const later = database.query(`select ${column} from ${table} where ${column} >= ?`).values(anchor);
        expect({ table, column, later }).toEqual({ table, column, later: [] });
      }
    }
    const { tickets, logs } = generateDocuments(SMALL);
    const instants = [...tickets.map(({ createdAt }) => createdAt), ...logs.map(({ timestamp }) => timestamp)];
    expect(instants.every((instant) => instant === null || instant.getTime() < ANCHOR)).toBe(true);
  });

  test('reports progress table by table if it is large', () => {
    const told: string[] = [];
    const database = new Database(':memory:', { strict: true });
    fillDatabase(database, { ...SMALL, scale: 2 }, (text) => told.push(text));
    expect(told).toHaveLength(sqlTables.length);
    expect(told[0]).toBe('Making demo data: AspNetUsers …');
  });

  test('has keys that are given once', () => {
    const database = demoDatabase();
    expect(() => database.run('insert into AspNetUsers select * from AspNetUsers limit 1')).toThrow(/UNIQUE/);
    expect(() =>
      database.run('update Payments set ExternalId = (select max(ExternalId) from Payments) where rowid = 1'),
    ).toThrow(/UNIQUE/);
    const { tickets, logs } = generateDocuments(SMALL);
    const ids = [...tickets, ...logs].map(({ _id }) => _id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[0-9a-f]{24}$/.test(id))).toBe(true);
  });

  test('is plausible', () => {
    const [figures] = demoDatabase({ ...SMALL, scale: 0.2 })
      .query<Record<string, number>, [string]>(
        `select
          (select avg(Status = 'approved') from Payments) as approved,
          (select avg(Status = 'authorized') from Subscriptions) as active,
          (select avg(Status < 3) from Claims where DataCreated < ?1) as oldClaimsOpen,
          (select avg(Amount) from Payments) as ticket,
          (select avg(p.CreatedAt < u.CreatedAt) from Payments p join AspNetUsers u on u.Id = p.UserId) as beforeJoining,
          (select avg(s.UserId is not null and s.UserId <> p.UserId) from Payments p
             join Subscriptions s on s.Id = p.SubscriptionId) as ofAnother`,
      )
      .all(new Date(ANCHOR - 60 * 86_400_000).toISOString());
    expect(figures?.approved).toBeWithin(0.7, 0.9);
    expect(figures?.active).toBeWithin(0.4, 0.7);
    expect(figures?.oldClaimsOpen).toBeLessThan(0.06);
    expect(figures?.ticket).toBeWithin(50, 300);
    // The very first sale may come before the first user.
    expect(figures?.beforeJoining).toBeLessThan(0.001);
    expect(figures?.ofAnother).toBeLessThan(0.02);
  });
});
