import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { firstValueFrom, ReplaySubject, skip, timeout } from 'rxjs';
import type { ChangeDetection } from '../../../../../src/core/sources/changes/change-detection.ts';
import type { SourceChange } from '../../../../../src/core/sources/changes/source-change.ts';
import type { SqlSource } from '../../../../../src/core/sources/sql/source.ts';
import { type EndpointServer, serveOverTds } from '../../../../support/sql-server.ts';
import type { ServerAbilities } from '../../../../support/sql-system.ts';
import { emptyDatabase } from '../../../../support/sqlite-source.ts';

/** A change is asked for once a second. */
const PATIENCE_MS = 8_000;

let database: ReturnType<typeof emptyDatabase>;
let server: EndpointServer;
let source: SqlSource | undefined;

beforeEach(async () => {
  database = emptyDatabase();
  server = await serveOverTds(database);
});

afterEach(async () => {
  await source?.close();
  await server.close();
});

/** Follows the changes of a server with such abilities; settles once it is found out how. */
async function follow(abilities: Partial<ServerAbilities> = {}) {
  Object.assign(server.system.abilities, abilities);
  const found = new ReplaySubject<ChangeDetection>();
  source = server.source({ settings: { changeIntervalMs: 1_000 }, onDetection: (detection) => found.next(detection) });
  const seen = new ReplaySubject<SourceChange['names']>();
  source.changes.subscribe(({ names }) => seen.next(names));
  let taken = 0;
  let told = 0;
  const nth = <Value>(values: ReplaySubject<Value>, index: number) =>
    firstValueFrom(values.pipe(skip(index), timeout(PATIENCE_MS)));
  return {
    first: await nth(found, told++),
    detection: () => nth(found, told++),
    next: () => nth(seen, taken++),
  };
}

const statements = () => server.endpoint.statements.filter(({ sql }) => !/^\s*set /i.test(sql)).length;

describe('with Change Tracking', () => {
  test('names the tables that changed, and asks one statement a second while nothing does', async () => {
    const changes = await follow();
    expect(changes.first).toEqual({ mode: 'change-tracking', reason: null });
    const before = statements();
    server.system.changes.write('Claims');
    server.system.changes.write('Files');
    expect(await changes.next()).toEqual(new Set(['Claims', 'Files']));
    expect(statements() - before).toBe(2);
    server.system.changes.write('Payments');
    expect(await changes.next()).toEqual(new Set(['Payments']));
  });

  test('takes a table of which too little is kept, or that was truncated, to have changed', async () => {
    const changes = await follow();
    server.system.changes.forget('Payments');
    expect(await changes.next()).toEqual(new Set(['Payments']));
  });

  test('goes down to the usage statistics when a table is no longer tracked, and misses nothing', async () => {
    const changes = await follow();
    server.system.abilities.changeTracking = 'partly';
    server.system.changes.write('Claims');
    expect(await changes.detection()).toMatchObject({
      mode: 'usage-statistics',
      reason: expect.stringContaining('off for Payments'),
    });
    expect(await changes.next()).toBe('all');
  });

  test('does not count tables that are not there', async () => {
    database.run('drop table Chargebacks');
    expect((await follow()).first).toEqual({ mode: 'change-tracking', reason: null });
  });
});

describe('without it', () => {
  test.each<[ServerAbilities['changeTracking'], string]>([
    ['off', 'off for this database: db/change-tracking.sql'],
    ['partly', 'off for Payments: db/change-tracking.sql'],
    ['denied', 'grant view change tracking'],
    ['unknown', 'not to be had on this server'],
  ])('(%s) the usage statistics do, and what would be better is told', async (changeTracking, reason) => {
    const changes = await follow({ changeTracking });
    expect(changes.first).toEqual({ mode: 'usage-statistics', reason: expect.stringContaining(reason) });
    server.system.changes.write('Videos');
    expect(await changes.next()).toEqual(new Set(['Videos']));
    // The write was counted before it was committed.
    expect(await changes.next()).toEqual(new Set(['Videos']));
  });

  test.each<[ServerAbilities['usageStatistics'], string]>([
    ['denied', 'grant view server state'],
    ['unknown', 'usage statistics are not to be had'],
  ])('and without those (%s) everything is read at an interval', async (usageStatistics, reason) => {
    const changes = await follow({ changeTracking: 'off', usageStatistics });
    expect(changes.first).toEqual({ mode: 'interval', reason: expect.stringContaining(reason) });
    const before = statements();
    expect(await changes.next()).toBe('all');
    expect(statements()).toBe(before);
  });
});

test('reads are SNAPSHOT where the database allows it, else READ COMMITTED, and nothing but SELECT is sent', async () => {
  for (const snapshotIsolation of [true, false]) {
    server.system.abilities.snapshotIsolation = snapshotIsolation;
    source = server.source();
    await source.read(
      ({ database: tables }) => tables.selectFrom('Claims').select('Id').execute(),
      AbortSignal.timeout(PATIENCE_MS),
    );
    await source.close();
  }
  const sent = server.endpoint.statements.filter(({ sql }) => !/^\s*set /i.test(sql));
  expect(sent.filter(({ isolation }) => isolation !== null).map(({ isolation }) => isolation)).toEqual([
    'snapshot',
    'read committed',
  ]);
  expect(sent.filter(({ sql }) => !/^(select|with) /.test(sql))).toEqual([]);
  expect(server.endpoint.logins[0]).toMatchObject({ applicationName: 'Greg BI', database: 'Greg', encrypted: true });
});
