import type { Database } from 'bun:sqlite';
import { afterEach, beforeEach, expect, test } from 'bun:test';
import fc from 'fast-check';
import { companyRow, emptyCompany, insertRow, makeTable } from '../../../support/sql-company.ts';
import { EVERY_COLUMN, type SqlServerEndpoint, serveSqlServer } from '../../../support/sql-server-endpoint.ts';
import { createVirtualClock, type VirtualClock } from '../../../support/virtual-clock.ts';
import { collected, type Follower, follow, rowsHeld } from './follower.ts';

let database: Database;
let server: SqlServerEndpoint;
let clock: VirtualClock;
let followers: Follower[] = [];

beforeEach(async () => {
  database = emptyCompany();
  fill(database);
  clock = createVirtualClock();
  server = await serveSqlServer(database);
});

afterEach(async () => {
  await Promise.all(followers.map((follower) => follower.close()));
  followers = [];
  await server.close();
});

async function followed(): Promise<Follower> {
  const follower = await follow(server.source({ clock }));
  followers.push(follower);
  return follower;
}

function fill(into: Database): void {
  for (const { table } of EVERY_COLUMN) {
    for (let index = 1; index <= 5; index++) {
      insertRow(into, table.name, companyRow(table.name, table.columns[table.key]?.isText ? `k${index}` : index));
    }
  }
}

test('a load hands over every row, exactly', async () => {
  const { collector, session } = await followed();
  expect(collected(collector)).toEqual(rowsHeld(database));
  expect(session.mode).toBe('change-tracking');
  expect(session.reason).toBeNull();
  expect(session.pauseMs).toBe(1_050);
});

test('nothing moved is one request that reads no row', async () => {
  const follower = await followed();
  const [requests, rows] = [server.requests, server.rowsSent];
  for (let poll = 0; poll < 10; poll++) expect(await follower.poll()).toBe(false);
  expect(server.requests - requests).toBe(10);
  expect(server.rowsSent).toBe(rows);
});

test('what moved is one more request, and reads only the rows that moved', async () => {
  const follower = await followed();
  const [requests, rows] = [server.requests, server.rowsSent];
  follower.collector.calls.length = 0;
  server.write(
    "update Claims set Status = 3 where Id in (1, 2); delete from Files where Id = 4; update Payments set Amount = 7.77 where Id = 'k2'",
  );
  expect(await follower.poll()).toBe(true);
  expect(follower.collector.calls.sort()).toEqual(['deleted Files 1', 'rows Claims 2', 'rows Payments 1']);
  expect(server.requests - requests).toBe(2);
  expect(server.rowsSent - rows).toBe(4);
  expect(collected(follower.collector)).toEqual(rowsHeld(database));
});

test('a minute of two payments a second takes at most 200 requests, and reads each changed row once', async () => {
  const follower = await followed();
  const [requests, rows] = [server.requests, server.rowsSent];
  let written = 0;
  for (let elapsed = 0; elapsed < 60_000; elapsed += follower.session.pauseMs) {
    await clock.advance(follower.session.pauseMs);
    const due = Math.min(60_000, elapsed + follower.session.pauseMs) / 500;
    for (; written < due; written++) {
      insertRow(database, 'Payments', companyRow('Payments', `new-${written}`));
    }
    await follower.poll();
  }
  expect(written).toBe(120);
  expect(server.requests - requests).toBeLessThanOrEqual(200);
  expect(server.rowsSent - rows).toBe(written);
  expect(collected(follower.collector)).toEqual(rowsHeld(database));
});

test('a key that is deleted and given to another row is that row', async () => {
  const follower = await followed();
  server.write('delete from Claims where Id = 3');
  insertRow(database, 'Claims', companyRow('Claims', 3, { Type: 'another' }));
  await follower.poll();
  expect(follower.collector.table('Claims').get('3')).toContain('another');
  server.write('update Claims set Id = 30 where Id = 3');
  await follower.poll();
  expect(collected(follower.collector)).toEqual(rowsHeld(database));
});

test('a version that holds very many changes of a table reads that table whole', async () => {
  const follower = await followed();
  server.write(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < 100001) insert into Courses (Id, PublicId, Name, Description) select 100 + i, '00000000-0000-4000-8000-000000000000', 'n', 'd' from n`,
  );
  server.write('delete from Claims where Id = 1');
  follower.collector.calls.length = 0;
  await follower.poll();
  expect(follower.collector.calls).toContain('whole Courses');
  expect(follower.collector.calls).toContain('deleted Claims 1');
  expect(follower.collector.table('Courses').size).toBe(100_006);
  expect(await follower.poll()).toBe(false);
}, 120_000);

const TABLES = ['Claims', 'Payments', 'Videos'] as const;
const anyChange = fc.record({
  kind: fc.constantFrom('insert', 'update', 'delete', 'rename', 'poll'),
  table: fc.constantFrom(...TABLES),
  key: fc.integer({ min: 1, max: 8 }),
  other: fc.integer({ min: 1, max: 8 }),
  value: fc.integer({ min: 1, max: 1_000 }),
});
type Change = typeof anyChange extends fc.Arbitrary<infer Value> ? Value : never;

/** Keys are few, so that they are deleted and come back. */
function apply({ kind, table, key, other, value }: Change): void {
  const named = (number: number) => (table === 'Payments' ? `k${number}` : number);
  const quoted = (number: number) => (table === 'Payments' ? `'k${number}'` : String(number));
  const isFree = database.query(`select 1 from ${table} where Id = ?`).get(named(other)) === null;
  if (kind === 'delete') server.write(`delete from ${table} where Id = ${quoted(key)}`);
  else if (kind === 'update') server.write(`update ${table} set Status = '${value}' where Id = ${quoted(key)}`);
  else if (!isFree) return;
  else if (kind === 'insert') insertRow(database, table, companyRow(table, named(other), { Status: value }));
  else server.write(`update ${table} set Id = ${quoted(other)} where Id = ${quoted(key)}`);
}

test('after any sequence of changes the rows are those of the database', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyChange, { maxLength: 25 }), async (changes) => {
      const follower = await follow(server.source({ clock }));
      for (const change of changes) {
        if (change.kind === 'poll') await follower.poll();
        else apply(change);
      }
      await follower.poll();
      expect(collected(follower.collector)).toEqual(rowsHeld(database));
      await follower.close();
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('a table that was recreated without its optional column is loaded again', async () => {
  const follower = await followed();
  database.run('drop table Claims');
  makeTable(database, 'Claims', ['Claims.UpdatedAt']);
  insertRow(database, 'Claims', { Id: 9, Type: 'Return', Status: 1 });
  server.changes.remade('Claims');
  await follower.poll();
  expect(follower.loaded).toBe(2);
  expect(follower.session.catalog.columns.Claims).not.toContain('UpdatedAt');
  expect(collected(follower.collector)).toEqual(rowsHeld(database));
});

test('a value that its column should not hold, as a view may have, comes as it is', async () => {
  database.run('drop table Claims');
  makeTable(database, 'Claims');
  insertRow(
    database,
    'Claims',
    companyRow('Claims', 1, { Status: '12,50', DataCreated: '31/12/2025', MpClaimId: 49.5 }),
  );
  const follower = await followed();
  const columns = EVERY_COLUMN.find(({ table }) => table.name === 'Claims')?.columns ?? [];
  const row = follower.collector.table('Claims').get('1') ?? [];
  const valueOfColumn = (name: string) => row[columns.indexOf(name)];
  expect(['Status', 'DataCreated', 'MpClaimId'].map(valueOfColumn)).toEqual(['12,50', '31/12/2025', 49.5]);
});
