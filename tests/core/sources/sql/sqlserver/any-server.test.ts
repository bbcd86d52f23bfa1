import type { Database } from 'bun:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { filter, firstValueFrom, ReplaySubject, timeout } from 'rxjs';
import type { ChangeDetection } from '../../../../../src/core/sources/changes/change-detection.ts';
import { concerns, type SourceChange } from '../../../../../src/core/sources/changes/source-change.ts';
import { SourceTimeoutError } from '../../../../../src/core/sources/source-errors.ts';
import type { SqlSource } from '../../../../../src/core/sources/sql/source.ts';
import type { SqlServerSettings } from '../../../../../src/core/sources/sql/sqlserver/settings.ts';
import { claims } from '../../../../../src/features/claims/index.ts';
import { content } from '../../../../../src/features/content/index.ts';
import { features } from '../../../../../src/features/index.ts';
import { noDocuments } from '../../../../oracle/agreement.ts';
import { OPEN_WITHIN_MS, onEverySqlServer, type SqlServer } from '../../../../support/sql-servers.ts';
import { emptyDatabase } from '../../../../support/sqlite-source.ts';
import { startTcpProxy, type TcpProxy } from '../../../../support/tcp-proxy.ts';
import { COMPANY_NOW, openSmallCompany } from '../../../hubs/small-company.ts';

const CHANGE_INTERVAL_MS = 1_000;
/** A change is asked for every 1.25 s. */
const TOLD_WITHIN_MS = 10_000;
const WITHIN_MS = 60_000;

const sqlFeatures = features.filter(({ source }) => source === 'sql');

onEverySqlServer(({ requestWithinMs, open }) => {
  let database: Database;
  let company: Awaited<ReturnType<typeof openSmallCompany>>;
  let server: SqlServer;
  let proxy: TcpProxy;
  let opened: SqlSource[] = [];
  let claimId = 100;

  beforeAll(async () => {
    database = emptyDatabase();
    company = await openSmallCompany(database);
    server = await open(database);
  }, OPEN_WITHIN_MS);

  beforeEach(async () => {
    proxy = await startTcpProxy(server.address);
  });

  afterEach(async () => {
    await Promise.all(opened.map((source) => source.close()));
    opened = [];
    await proxy.close();
  });

  afterAll(async () => {
    await server.close();
    await company.sql.close();
  }, OPEN_WITHIN_MS);

  const sourceWith = (
    settings: Partial<SqlServerSettings> = {},
    onDetection: (told: ChangeDetection) => void = () => {},
  ) => {
    const times = {
      connectTimeoutMs: requestWithinMs * 0.6,
      requestTimeoutMs: requestWithinMs,
      changeIntervalMs: CHANGE_INTERVAL_MS,
    };
    const source = server.source({ settings: { ...times, ...settings }, onDetection });
    opened.push(source);
    return source;
  };
  const sourceThrough = () => sourceWith({ server: '127.0.0.1', port: proxy.port, trustServerCertificate: true });

  const openClaim = () => {
    const id = ++claimId;
    const values = `${id}, ${5_000_000_000 + id}, null, 'Change', 'Payment', 'Claim', '2026-03-28T12:00:00.000Z', 1, 'u1', null`;
    const columns =
      'Id, MpClaimId, ResourceId, Type, ResourceType, CurrentStage, DataCreated, Status, UserId, UpdatedAt';
    return server.change('Claims', `insert into Claims (${columns}) values (${values})`);
  };
  const figures = async (sql: SqlSource, feature: (typeof features)[number] = claims) => {
    const signal = AbortSignal.timeout(requestWithinMs * 3);
    return (await feature.load({ sql, documents: noDocuments }, COMPANY_NOW, signal)).data;
  };

  test.each(sqlFeatures.map((feature) => [feature.name, feature] as const))(
    'the figures of %s are those of SQLite',
    async (_, feature) => {
      expect(await figures(sourceWith(), feature)).toEqual(await figures(company.sql, feature));
    },
    WITHIN_MS,
  );

  describe.each<[string, () => () => void, RegExp]>([
    ['connections are refused', () => refuse(proxy, server), /^SourceError$/],
    ['connections are accepted, and nothing is said', () => hold(proxy), /^SourceError$/],
    ['the connection falls silent in the midst', () => proxy.stall(), /^SourceTimeoutError$/],
    ['every answer is garbled', () => proxy.garble(), /^Source(Timeout)?Error$/],
    ['answers come at one byte a second', () => proxy.slowDown(1), /^SourceTimeoutError$/],
  ])('when %s', (_, begin, kind) => {
    test(
      'a read fails in words for people, and the next one after it gives the figures of then',
      async () => {
        const source = sourceThrough();
        const before = await figures(source);
        const mend = begin();
        await expect(figures(source)).rejects.toMatchObject({
          name: expect.stringMatching(kind),
          message: expect.stringMatching(/(was lost|refuses|did not answer|was cancelled|were busy)/),
        });
        await openClaim();
        mend();
        const after = await figures(source);
        expect(after).toEqual(await figures(company.sql));
        expect(after).not.toEqual(before);
      },
      WITHIN_MS,
    );

    test(
      'from the start, the first read fails and a later one does not',
      async () => {
        const source = sourceThrough();
        const mend = begin();
        await expect(figures(source)).rejects.toMatchObject({ name: expect.stringMatching(/^Source(Timeout)?Error$/) });
        mend();
        expect(await figures(source)).toEqual(await figures(company.sql));
      },
      WITHIN_MS,
    );
  });

  test(
    'a result that is cut in its midst is a lost connection, and no result',
    async () => {
      const source = sourceThrough();
      await figures(source);
      // A read that fails of anything else must not be waited for to be cut.
      void proxy.cutAfter(400);
      await expect(figures(source)).rejects.toMatchObject({
        name: 'SourceError',
        message: expect.stringContaining('was lost'),
      });
      expect(await figures(source)).toEqual(await figures(company.sql));
    },
    WITHIN_MS,
  );

  test(
    'a read that nobody waits for any more gives its connection back, though what it read is still locked',
    async () => {
      const source = sourceWith({ poolSize: 1 });
      await figures(source, content);
      const free = await server.lock('Claims');
      try {
        const patience = AbortSignal.timeout(requestWithinMs / 4);
        const reading = claims.load({ sql: source, documents: noDocuments }, COMPANY_NOW, patience);
        await expect(reading).rejects.toBeInstanceOf(SourceTimeoutError);
        // A server that does not let go of what it is told to cancel loses the connection after five seconds.
        const next = await figures(source, content).catch(() => figures(source, content));
        expect(next).toEqual(await figures(company.sql, content));
      } finally {
        await free();
      }
      expect(await figures(source)).toEqual(await figures(company.sql));
    },
    WITHIN_MS,
  );

  test(
    'what is written while a read goes on is seen by it only where the database has no SNAPSHOT',
    async () => {
      const counts = await sourceWith().read(async ({ database: tables }) => {
        const claimed = () =>
          tables
            .selectFrom('Claims')
            .select(({ fn }) => fn.countAll<number>().as('count'))
            .executeTakeFirstOrThrow();
        const { count: before } = await claimed();
        await openClaim();
        const { count: after } = await claimed();
        return { before, after };
      }, AbortSignal.timeout(WITHIN_MS));
      expect(counts.after - counts.before).toBe(server.allowsSnapshot ? 0 : 1);
    },
    WITHIN_MS,
  );

  test(
    'a change is noticed in the best way that the server allows, and the read after it has it',
    async () => {
      const found = new ReplaySubject<ChangeDetection>();
      const source = sourceWith({}, (detection) => found.next(detection));
      const seen = new ReplaySubject<SourceChange>();
      const subscription = source.changes.subscribe((change) => seen.next(change));
      const { mode, reason } = await firstValueFrom(found);
      if (server.tracksChanges) expect({ mode, reason }).toEqual({ mode: 'change-tracking', reason: null });
      else expect(reason).toBeString();
      await openClaim();
      await firstValueFrom(
        seen.pipe(
          filter((change) => concerns(change, ['Claims'])),
          timeout(TOLD_WITHIN_MS),
        ),
      );
      expect(await figures(source)).toEqual(await figures(company.sql));
      subscription.unsubscribe();
    },
    WITHIN_MS,
  );

  // The last, since it leaves the database without a table.
  test(
    'a table that goes is missed by its name in the features that read it, and by no other',
    async () => {
      const source = sourceWith();
      await server.change('Chargebacks', 'drop table Chargebacks');
      for (const feature of sqlFeatures) {
        if (feature.watches.includes('Chargebacks'))
          await expect(figures(source, feature)).rejects.toThrow('Chargebacks');
        else expect(await figures(source, feature)).toEqual(await figures(company.sql, feature));
      }
    },
    WITHIN_MS,
  );
});

function refuse(proxy: TcpProxy, server: SqlServer): () => void {
  proxy.forwardTo(null);
  proxy.cut();
  return () => proxy.forwardTo(server.address);
}

function hold(proxy: TcpProxy): () => void {
  const release = proxy.hold();
  proxy.cut();
  return () => {
    proxy.cut();
    release();
  };
}
