import type { Database } from 'bun:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'bun:test';
import type { SqlServerSettings } from '../../../../src/core/feeds/sql-server/settings.ts';
import { companyRow, emptyCompany, insertRow, rawRowsOf } from '../../../support/sql-company.ts';
import { EVERY_COLUMN } from '../../../support/sql-server-endpoint.ts';
import { OPEN_WITHIN_MS, onEverySqlServer, type SqlServer } from '../../../support/sql-servers.ts';
import { startTcpProxy, type TcpProxy } from '../../../support/tcp-proxy.ts';
import { collected, type Follower, follow, rowsHeld, sorted } from './follower.ts';

const WITHIN_MS = 60_000;

/** What holds on everything that speaks TDS: the endpoint, and a real server where there is one. */
onEverySqlServer(({ requestWithinMs, open }) => {
  let database: Database;
  let server: SqlServer;
  let proxy: TcpProxy;
  let followers: Follower[] = [];

  beforeAll(async () => {
    database = emptyCompany();
    for (const { table } of EVERY_COLUMN) {
      for (let index = 1; index <= 20; index++) {
        insertRow(database, table.name, companyRow(table.name, table.columns[table.key]?.isText ? `k${index}` : index));
      }
    }
    server = await open(database);
  }, OPEN_WITHIN_MS);

  beforeEach(async () => {
    proxy = await startTcpProxy(server.address);
  });

  afterEach(async () => {
    await Promise.all(followers.map((follower) => follower.close()));
    followers = [];
    await proxy.close();
  });

  afterAll(() => server.close(), OPEN_WITHIN_MS);

  const followed = async (settings: Partial<SqlServerSettings> = {}): Promise<Follower> => {
    const times = { connectTimeoutMs: requestWithinMs, requestTimeoutMs: requestWithinMs };
    const through = { server: '127.0.0.1', port: proxy.port, instanceName: null, trustServerCertificate: true };
    const follower = await follow(server.source({ settings: { ...times, ...through, ...settings } }));
    followers.push(follower);
    return follower;
  };
  test(
    'a load hands over every row, exactly',
    async () => {
      const { collector, session } = await followed();
      expect(collected(collector)).toEqual(rowsHeld(database));
      if (server.tracksChanges) expect(session.mode).toBe('change-tracking');
      else expect(session.reason).toBeString();
    },
    WITHIN_MS,
  );

  test(
    'changes are reported by the next requested poll',
    async () => {
      const follower = await followed();
      await server.change('update Claims set Status = 3 where Id in (1, 2); delete from Files where Id = 4');
      await server.change("update Payments set Id = 'another' where Id = 'k3'");
      await follower.poll(true);
      expect(collected(follower.collector)).toEqual(rowsHeld(database));
    },
    WITHIN_MS,
  );

  test(
    'a connection that is cut has no effect, and changes meanwhile are reported',
    async () => {
      const follower = await followed();
      await server.change('update Claims set Status = 4 where Id = 1');
      proxy.cut();
      await follower.poll(true);
      expect(collected(follower.collector)).toEqual(rowsHeld(database));
      await server.change('update Claims set Status = 2 where Id = 1');
      // What it returns is of no concern: the poll says whether it was cut.
      void proxy.cutAfter(900);
      await follower.poll(true);
      expect(collected(follower.collector)).toEqual(rowsHeld(database));
      expect(follower.opened).toBe(1);
    },
    WITHIN_MS,
  );

  test(
    'a table that is locked fails the read in its time, and the next one after it succeeds',
    async () => {
      const follower = await followed();
      await server.change('update Claims set Status = 1 where Id = 5');
      const free = await server.lock('Claims');
      await expect(follower.poll(true)).rejects.toMatchObject({ name: 'SourceTimeoutError' });
      await free();
      await follower.poll(true);
      expect(collected(follower.collector)).toEqual(rowsHeld(database));
    },
    WITHIN_MS,
  );

  test(
    'rows and sums are counted',
    async () => {
      const { session } = await followed();
      const found = await session.compare(AbortSignal.timeout(WITHIN_MS));
      const claims = found.find(({ table }) => table === 'Claims');
      const row = database.query<{ n: number; ids: number; status: number }, []>(
        'select count(*) as n, sum(Id) as ids, sum(Status) as status from Claims',
      );
      const { n, ids, status } = row.get() ?? { n: 0, ids: 0, status: 0 };
      expect(claims).toMatchObject({ rows: n, sums: { Id: String(ids), Status: String(status) } });
    },
    WITHIN_MS,
  );

  // The last, since it leaves the database without a table.
  test(
    'a table that goes is absent, and everything else is followed',
    async () => {
      const follower = await followed();
      await server.change('drop table Chargebacks');
      await server.change('update Claims set Status = 0 where Id = 7');
      await follower.poll(true);
      expect(follower.session.catalog.columns).not.toHaveProperty('Chargebacks');
      const rest = EVERY_COLUMN.filter(({ table }) => table.name !== 'Chargebacks');
      for (const { table, columns } of rest) {
        expect(sorted(follower.collector.table(table.name))).toEqual(sorted(rawRowsOf(database, table.name, columns)));
      }
    },
    WITHIN_MS,
  );
});
