import type { Database } from 'bun:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { companyRow, emptyCompany, insertRow } from '../../../support/sql-company.ts';
import type { SqlServerAbilities } from '../../../support/sql-schema.ts';
import { EVERY_COLUMN, type SqlServerEndpoint, serveSqlServer } from '../../../support/sql-server-endpoint.ts';
import { createVirtualClock, type VirtualClock } from '../../../support/virtual-clock.ts';
import { collected, type Follower, follow, rowsHeld } from './follower.ts';

let database: Database;
let server: SqlServerEndpoint;
let clock: VirtualClock;
let followers: Follower[] = [];

beforeEach(async () => {
  database = emptyCompany();
  for (const { table } of EVERY_COLUMN) {
    for (const index of [1, 2, 3]) {
      insertRow(database, table.name, companyRow(table.name, table.columns[table.key]?.isText ? `k${index}` : index));
    }
  }
  clock = createVirtualClock();
  server = await serveSqlServer(database);
});

afterEach(async () => {
  await Promise.all(followers.map((follower) => follower.close()));
  followers = [];
  await server.close();
});

async function followed(abilities: Partial<SqlServerAbilities> = {}): Promise<Follower> {
  Object.assign(server.abilities, abilities);
  const follower = await follow(server.source({ clock, settings: { changeIntervalMs: 5_000 } }));
  followers.push(follower);
  return follower;
}

describe('Change Tracking that is not possible', () => {
  test.each<[SqlServerAbilities['changeTracking'], string]>([
    ['off', 'off for this database: db/change-tracking.sql'],
    ['partly', 'off for Payments: db/change-tracking.sql'],
    ['denied', 'grant view change tracking'],
    ['unknown', 'this server has no Change Tracking'],
  ])('(%s) leaves the usage statistics, and what would be better is said', async (changeTracking, reason) => {
    const { session } = await followed({ changeTracking });
    expect(session.mode).toBe('usage-statistics');
    expect(session.reason).toContain(reason);
  });

  test.each<[SqlServerAbilities['usageStatistics'], string]>([
    ['denied', 'grant view server state'],
    ['unknown', 'this server has no usage statistics'],
  ])('and without those (%s) an interval', async (usageStatistics, reason) => {
    const { session } = await followed({ changeTracking: 'off', usageStatistics });
    expect(session.mode).toBe('interval');
    expect(session.reason).toContain(reason);
    expect(session.pauseMs).toBe(5_000);
  });

  test('a view has no changes, and leaves an interval', async () => {
    database.run('alter table Claims rename to ClaimRows');
    database.run('create view Claims as select * from ClaimRows');
    const { session, collector } = await followed();
    expect(session.mode).toBe('interval');
    expect(session.reason).toContain('a view has no changes of its own');
    expect(collected(collector)).toEqual(rowsHeld(database));
  });

  test('a table whose primary key is another column is not followed by it', async () => {
    database.run('drop table Courses');
    database.run(
      'create table Courses (Id int not null, PublicId uniqueidentifier primary key, Name nvarchar(200), Description nvarchar)',
    );
    const { session } = await followed();
    expect(session.reason).toContain('the key of Courses, which is not its primary key');
  });
});

describe('a way that stops being possible while it is used', () => {
  test('tracking is switched off for the database, and on again', async () => {
    const follower = await followed();
    server.abilities.changeTracking = 'off';
    server.write('update Claims set Status = 4 where Id = 1');
    await follower.poll();
    expect(follower.session.mode).toBe('usage-statistics');
    expect(follower.outdated?.message).toContain('switched off for this database');
    expect(collected(follower.collector)).toEqual(rowsHeld(database));

    server.abilities.changeTracking = 'on';
    server.write('update Claims set Status = 2 where Id = 1');
    await clock.advance(60_000);
    await follower.poll();
    expect(follower.session.mode).toBe('change-tracking');
    expect(collected(follower.collector)).toEqual(rowsHeld(database));
  });

  test.each<[string, Partial<SqlServerAbilities>]>([
    ['switched off for a table, of which nothing else tells', { changeTracking: 'partly' }],
    ['no longer permitted', { changeTracking: 'denied' }],
  ])('tracking is %s', async (_, abilities) => {
    const follower = await followed();
    Object.assign(server.abilities, abilities);
    await follower.poll();
    expect(follower.session.mode).toBe('usage-statistics');
    expect(follower.loaded).toBe(2);
  });

  test('the usage statistics are no longer permitted', async () => {
    const follower = await followed({ changeTracking: 'off' });
    server.abilities.usageStatistics = 'denied';
    await follower.poll();
    expect(follower.session.mode).toBe('interval');
  });

  test('a better way is taken up at once when somebody asks', async () => {
    const follower = await followed({ changeTracking: 'off', usageStatistics: 'denied' });
    server.abilities.usageStatistics = 'on';
    await follower.poll(true);
    expect(follower.session.mode).toBe('usage-statistics');
  });

  test('SNAPSHOT is no longer allowed: the next session reads committed rows', async () => {
    const follower = await followed();
    server.abilities.snapshot = false;
    server.write('update Claims set Status = 4 where Id = 1');
    await follower.poll();
    expect(collected(follower.collector)).toEqual(rowsHeld(database));
    expect(server.endpoint.statements.at(-1)?.sql).not.toContain('snapshot');
  });
});

describe('a database that changes while it is followed', () => {
  test('a table whose changes are no longer kept is read whole, and it alone', async () => {
    const follower = await followed();
    server.changes.truncate('Payments');
    insertRow(database, 'Payments', companyRow('Payments', 'after'));
    follower.collector.calls.length = 0;
    await follower.poll();
    expect(follower.collector.calls).toEqual(['whole Payments', 'rows Payments 1']);
    expect(follower.loaded).toBe(1);
    expect(collected(follower.collector)).toEqual(rowsHeld(database));
    expect(await follower.poll()).toBe(false);
  });

  test('a restored database is loaded again', async () => {
    const follower = await followed();
    server.changes.restore(3);
    database.run('delete from Claims where Id = 1');
    await follower.poll();
    expect(follower.outdated?.reload).toBe(true);
    expect(follower.loaded).toBe(2);
    expect(collected(follower.collector)).toEqual(rowsHeld(database));
  });

  test('so is one that was restored and has gone further since than it was', async () => {
    const follower = await followed();
    server.abilities.identity = '2026-11-01T10:00:00';
    server.write('delete from Claims where Id = 1');
    server.write('delete from Claims where Id = 2');
    await follower.poll();
    expect(follower.loaded).toBe(2);
    expect(collected(follower.collector)).toEqual(rowsHeld(database));
  });

  test('a secondary of an availability group that is behind another is waited for, but not for ever', async () => {
    server.abilities.identity = 'A0E5B7C2-9F34-4E10-8C1D-0123456789AB';
    const follower = await followed();
    server.changes.restore(3);
    expect(await follower.poll()).toBe(false);
    await clock.advance(59_000);
    expect(await follower.poll()).toBe(false);
    await clock.advance(1_000);
    await follower.poll();
    expect(follower.loaded).toBe(2);
  });

  test('a column that goes is noticed at the next change, and one that comes back', async () => {
    const follower = await followed();
    database.run('alter table Claims drop column UpdatedAt');
    server.write('update Claims set Status = 4 where Id = 1');
    await follower.poll();
    expect(follower.session.catalog.columns.Claims).not.toContain('UpdatedAt');
    expect(collected(follower.collector)).toEqual(rowsHeld(database));

    database.run('alter table Claims add column UpdatedAt datetime2');
    server.write("update Claims set UpdatedAt = '2026-03-01T10:00:00.1234567' where Id = 1");
    await follower.poll();
    expect(follower.session.catalog.columns.Claims).toContain('UpdatedAt');
    expect(collected(follower.collector)).toEqual(rowsHeld(database));
  });

  test('and at once when somebody asks, though nothing has moved', async () => {
    const follower = await followed();
    database.run('alter table Claims drop column UpdatedAt');
    await follower.poll(true);
    expect(follower.session.catalog.columns.Claims).not.toContain('UpdatedAt');
  });

  test.each<[string, Partial<SqlServerAbilities>]>([
    ['by usage statistics', { changeTracking: 'off' }],
    ['at an interval', { changeTracking: 'off', usageStatistics: 'denied' }],
  ])('%s too', async (_, abilities) => {
    const follower = await followed(abilities);
    database.run('alter table Claims drop column UpdatedAt');
    server.write('update Claims set Status = 4 where Id = 1');
    await clock.advance(follower.session.pauseMs);
    await follower.poll();
    expect(follower.session.catalog.columns.Claims).not.toContain('UpdatedAt');
    expect(collected(follower.collector)).toEqual(rowsHeld(database));
  });

  test('a table that goes is left out, and followed again when it is back', async () => {
    const follower = await followed();
    server.abilities.revoked.add('Chargebacks');
    await follower.poll();
    expect(follower.session.catalog.columns.Chargebacks).toBeUndefined();
    expect(follower.session.mode).toBe('change-tracking');
    server.abilities.revoked.delete('Chargebacks');
    await follower.poll();
    expect(follower.collector.table('Chargebacks').size).toBe(3);
  });
});

describe('what a login may not read is absent', () => {
  test('a table, or some of its columns; everything else is followed', async () => {
    server.abilities.revoked.add('Files').add('Payments.PayerEmail');
    const { session, collector } = await followed();
    expect(session.catalog.columns.Files).toBeUndefined();
    expect(session.catalog.columns.Payments).not.toContain('PayerEmail');
    expect(session.catalog.columns.Payments).toContain('Status');
    expect(session.mode).toBe('change-tracking');
    expect(collector.table('Payments').size).toBe(3);
  });
});

test('names are found in any letter case, and called as the company calls them', async () => {
  database.run('alter table Claims rename to claims_');
  database.run('alter table claims_ rename to CLAIMS');
  database.run('alter table CLAIMS rename column Status to STATUS');
  const follower = await followed();
  expect(follower.session.catalog.columns.Claims).toContain('Status');
  server.write('update CLAIMS set STATUS = 4 where Id = 1');
  await follower.poll();
  expect(
    follower.collector.table('Claims').get('1')?.[
      EVERY_COLUMN.find(({ table }) => table.name === 'Claims')?.columns.indexOf('Status') ?? -1
    ],
  ).toBe(4);
});

test.each([
  ['SQL_Latin1_General_CP1_CI_AS', true, false],
  ['Latin1_General_CI_AI', true, true],
  ['Latin1_General_100_CS_AS_SC_UTF8', false, false],
  ['Latin1_General_100_BIN2_UTF8', false, false],
  ['Latin1_General_BIN', false, false],
])('keys are compared as %s does', async (collation, ignoresCase, ignoresAccents) => {
  const { session } = await followed({ collation });
  expect(session.catalog.keys).toEqual({ ignoresCase, ignoresAccents, ignoresTrailingBlanks: true });
});

describe('by usage statistics', () => {
  test('nothing moved is one request', async () => {
    const follower = await followed({ changeTracking: 'off' });
    const before = server.requests;
    expect(await follower.poll()).toBe(false);
    expect(server.requests - before).toBe(1);
  });

  test('a table that was written to is read whole, and once more, and the others are not', async () => {
    const follower = await followed({ changeTracking: 'off' });
    const calls = follower.collector.calls;
    server.write('delete from Videos where Id = 2');
    calls.length = 0;
    await follower.poll();
    expect(calls).toEqual(['whole Videos', 'rows Videos 2']);
    expect(await follower.poll()).toBe(true);
    expect(await follower.poll()).toBe(false);
    expect(calls.filter((call) => call === 'whole Videos')).toHaveLength(2);
    expect(collected(follower.collector)).toEqual(rowsHeld(database));
  });

  test('a table that took long is read again after nine times as long; the load does not count, nor for somebody who asks', async () => {
    const follower = await followed({ changeTracking: 'off' });
    const slow = {
      ...follower.collector,
      whole: (table: string) => clock.advance(1_000).then(() => follower.collector.whole(table)),
    };
    const { session } = follower;
    const signal = AbortSignal.timeout(60_000);
    const write = () => server.write('update Videos set Status = Status + 1');
    write();
    let position = (await session.poll(follower.position, slow, signal, false)) ?? '';
    expect(position).not.toBe('');
    write();
    await clock.advance(8_900);
    expect(await session.poll(position, slow, signal, false)).toBeNull();
    position = (await session.poll(position, slow, signal, true)) ?? '';
    expect(position).not.toBe('');
    await clock.advance(9_100);
    expect(await session.poll(position, slow, signal, false)).not.toBeNull();
  });

  test('a position is followed on from, unless the server was started anew', async () => {
    const first = await followed({ changeTracking: 'off' });
    server.write('delete from Claims where Id = 1');
    const source = server.source({ clock });
    const signal = AbortSignal.timeout(60_000);
    const session = await source.open(signal);
    expect(await session.canFollow(first.position, signal)).toBe(true);
    await session.poll(first.position, first.collector, signal, false);
    expect(collected(first.collector)).toEqual(rowsHeld(database));
    server.abilities.started = '2026-04-01T00:00:00';
    expect(await session.canFollow(first.position, signal)).toBe(false);
    await source.close();
  });
});

describe('at an interval', () => {
  test('every table is read whole, and the next time after nine times as long as that took', async () => {
    const follower = await followed({ changeTracking: 'off', usageStatistics: 'denied' });
    server.write('delete from Claims where Id = 1');
    expect(await follower.poll()).toBe(false);
    await clock.advance(follower.session.pauseMs);
    expect(await follower.poll()).toBe(true);
    expect(collected(follower.collector)).toEqual(rowsHeld(database));
    await clock.advance(follower.session.pauseMs);
    const slow = {
      ...follower.collector,
      whole: (table: string) => clock.advance(100).then(() => follower.collector.whole(table)),
    };
    await follower.session.poll(follower.position, slow, AbortSignal.timeout(60_000), false);
    expect(follower.session.pauseMs).toBe(9 * 100 * EVERY_COLUMN.length);
  });

  test('rows of before a restart are followed on from with a poll at once', async () => {
    const { position } = await followed({ changeTracking: 'off', usageStatistics: 'denied' });
    const source = server.source({ clock });
    const session = await source.open(AbortSignal.timeout(60_000));
    expect(session.pauseMs).toBeGreaterThan(0);
    expect(await session.canFollow(position, AbortSignal.timeout(60_000))).toBe(true);
    expect(session.pauseMs).toBe(0);
    await source.close();
  });
});

test('a position is followed on from after a restart, and not one of another database, way or text', async () => {
  const { position } = await followed();
  server.write('delete from Claims where Id = 1');
  const source = server.source({ clock });
  const signal = AbortSignal.timeout(60_000);
  const session = await source.open(signal);
  expect(await session.canFollow(position, signal)).toBe(true);
  const of = (changed: object) => JSON.stringify({ ...JSON.parse(position), ...changed });
  for (const other of [
    '',
    '{}',
    'null',
    '[1]',
    of({ identity: 'x' }),
    of({ schema: 'x' }),
    of({ version: 1e6 }),
    of({ mode: 'interval' }),
  ]) {
    expect(await session.canFollow(other, signal)).toBe(false);
  }
  await source.close();
});

test('only SELECT is sent, encrypted, under the name of the program', async () => {
  const follower = await followed();
  server.write('delete from Claims where Id = 1');
  await follower.poll();
  const written = server.endpoint.statements.filter(({ sql }) =>
    /\b(insert|update|delete|merge|exec|create|alter|drop)\b/i.test(sql),
  );
  expect(written).toEqual([]);
  expect(server.endpoint.logins[0]).toMatchObject({ applicationName: 'Greg BI', database: 'Greg', encrypted: true });
});
