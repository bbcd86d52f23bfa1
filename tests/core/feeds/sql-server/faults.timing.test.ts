import type { Database } from 'bun:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { SqlServerSettings } from '../../../../src/core/feeds/sql-server/settings.ts';
import type { SqlServerFeedSource } from '../../../../src/core/feeds/sql-server/source.ts';
import { SourceTimeoutError } from '../../../../src/core/runtime/source-errors.ts';
import { companyRow, emptyCompany, insertRow, rawRowsOf } from '../../../support/sql-company.ts';
import { EVERY_COLUMN, type SqlServerEndpoint, serveSqlServer } from '../../../support/sql-server-endpoint.ts';
import { startTcpProxy, type TcpProxy } from '../../../support/tcp-proxy.ts';
import type { TdsAnswer, TdsError, TdsStatement } from '../../../support/tds/endpoint.ts';
import { createCollector, type Follower, follow, sorted } from './follower.ts';

/** The limits of a source that waits in vain: long enough that a busy machine connects and answers before them. */
const IMPATIENT = { connectTimeoutMs: 3_000, requestTimeoutMs: 4_500 };
/** What is to fail has failed by then, whatever the fault; a statement has two seconds to be cancelled. */
const DEADLINE_MS = 20_000;

let database: Database;
let server: SqlServerEndpoint;
let proxy: TcpProxy;
let sources: SqlServerFeedSource[] = [];
let interfere: ((statement: TdsStatement, signal: AbortSignal) => TdsAnswer | Promise<never> | undefined) | null = null;
let refuseLogin: TdsError | null = null;

beforeEach(async () => {
  interfere = null;
  refuseLogin = null;
  database = emptyCompany();
  for (let index = 1; index <= 50; index++) insertRow(database, 'Claims', companyRow('Claims', index));
  server = await serveSqlServer(database, {
    interfere: (statement, signal) => interfere?.(statement, signal),
    login: () => refuseLogin,
  });
  proxy = await startTcpProxy(server.address);
});

afterEach(async () => {
  await Promise.all(sources.map((source) => source.close()));
  sources = [];
  await proxy.close();
  await server.close();
});

function sourceThrough(overrides: Partial<SqlServerSettings> = {}): SqlServerFeedSource {
  const source = server.source({ settings: { port: proxy.port, ...overrides } });
  sources.push(source);
  return source;
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  const began = performance.now();
  const error: unknown = await work.then(
    () => new Error('it ended well'),
    (reason: unknown) => reason,
  );
  expect(performance.now() - began).toBeLessThan(DEADLINE_MS);
  if (!(error instanceof Error)) throw new TypeError('What was thrown is no error');
  return error;
}

const opening = (source: SqlServerFeedSource) => source.open(AbortSignal.timeout(DEADLINE_MS));

const write = () => server.write('update Claims set Status = Status + 10 where Id < 10');

function expectRows({ collector }: Follower): void {
  const columns = EVERY_COLUMN.find(({ table }) => table.name === 'Claims')?.columns ?? [];
  expect(sorted(collector.table('Claims'))).toEqual(sorted(rawRowsOf(database, 'Claims', columns)));
}

/** The endpoint answers the request to cancel by itself. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });
}

const answering = (error: TdsError) => () => {
  interfere = () => ({ error });
  return () => {
    interfere = null;
  };
};

interface Fault {
  /** Begins it, and returns what ends it. */
  readonly begin: () => () => void;
  /** Of the error. */
  readonly kind: string;
  readonly words: RegExp;
  /** Of a source that notices the fault only when it has waited too long. */
  readonly limits?: Partial<SqlServerSettings>;
}

describe.each<[string, Fault]>([
  [
    'connections are refused',
    {
      begin() {
        proxy.forwardTo(null);
        proxy.cut();
        return () => proxy.forwardTo(server.address);
      },
      kind: 'SourceError',
      words: /was lost|refuses/,
    },
  ],
  [
    'connections are accepted, and nothing is said',
    {
      begin() {
        const release = proxy.hold();
        proxy.cut();
        return () => {
          proxy.cut();
          release();
        };
      },
      kind: 'SourceError',
      words: /did not answer within|was lost/,
      limits: IMPATIENT,
    },
  ],
  [
    'the connection falls silent',
    {
      begin: () => proxy.stall(),
      kind: 'SourceTimeoutError',
      words: /did not answer within 4500 ms/,
      limits: IMPATIENT,
    },
  ],
  [
    'every answer is garbled',
    {
      begin: () => proxy.garble(),
      kind: 'Source(Timeout)?Error',
      words: /was lost|did not answer/,
      limits: IMPATIENT,
    },
  ],
  [
    'answers come at one byte a second',
    {
      begin: () => proxy.slowDown(1),
      kind: 'SourceTimeoutError',
      words: /did not answer|stopped in the middle|cancelled/,
      limits: IMPATIENT,
    },
  ],
  [
    'the login fails',
    {
      begin() {
        refuseLogin = { number: 18_456, message: "Login failed for user 'greg_bi'.", severity: 14 };
        proxy.cut();
        return () => {
          refuseLogin = null;
        };
      },
      kind: 'SourceError',
      words: /refuses the login: check DB_USER and DB_PASSWORD \(error 18456\)/,
    },
  ],
  [
    'every query is chosen as a deadlock victim',
    {
      begin: answering({ number: 1205, severity: 13, endsTransaction: true, message: 'Transaction was deadlocked.' }),
      kind: 'QueryRefusedError',
      words: /deadlock victim \(error 1205\)/,
    },
  ],
  [
    'queries take too long',
    {
      begin() {
        interfere = (_, signal) => untilAborted(signal);
        return () => {
          interfere = null;
        };
      },
      kind: 'SourceTimeoutError',
      words: /did not answer within 4500 ms/,
      limits: IMPATIENT,
    },
  ],
  [
    'the database is being restored',
    {
      begin: answering({
        number: 927,
        severity: 14,
        message: "Database 'Greg' cannot be opened. It is in the middle of a restore.",
      }),
      kind: 'SourceError',
      words: /cannot be used now \(error 927\)/,
    },
  ],
  [
    'the server ends every connection with an error',
    {
      begin: answering({ number: 596, severity: 21, message: 'The session is in the kill state.' }),
      kind: 'SourceError',
      words: /cannot be used now|was lost/,
    },
  ],
])('when %s', (_, { begin, kind, words, limits = {} }) => {
  test('a poll fails in words for people, and the next one after it tells what moved meanwhile', async () => {
    const follower = await follow(sourceThrough(limits));
    const mend = begin();
    write();
    const error = await failureOf(follower.poll());
    expect(error.name).toMatch(new RegExp(`^${kind}$`));
    expect(error.message).toMatch(words);
    expect(error.message).not.toContain('a Secret 1');
    mend();
    await follower.poll();
    expectRows(follower);
  });

  test('a session cannot be opened, and can once it is over', async () => {
    const source = sourceThrough(limits);
    const mend = begin();
    const error = await failureOf(opening(source));
    expect(error.name).toMatch(/^(Source(Timeout)?|QueryRefused)Error$/);
    mend();
    expectRows(await follow(source));
  });
});

describe('a single connection that is lost is not noticed', () => {
  const once = (error: TdsError, pattern = /changetable/) => {
    let left = 1;
    interfere = ({ sql }) => (pattern.test(sql) && left-- > 0 ? { error } : undefined);
  };

  test.each<[string, () => unknown]>([
    ['is killed', () => once({ number: 596, severity: 21, message: 'The session is in the kill state.' })],
    ['is chosen as a deadlock victim', () => once({ number: 1205, severity: 13, message: 'Deadlocked.' })],
    ['is cut in the middle of the answer', () => proxy.cutAfter(1_500)],
    ['is cut before it is asked', () => proxy.cut()],
  ])('when it %s', async (_, begin) => {
    const follower = await follow(sourceThrough());
    write();
    // What it returns is of no concern: the poll says whether it was cut.
    void begin();
    expect(await follower.poll()).toBe(true);
    expect(follower.opened).toBe(1);
    expectRows(follower);
  });

  test('before the first row of a load', async () => {
    const session = await opening(sourceThrough());
    once(
      { number: 596, severity: 21, message: 'The session is in the kill state.' },
      /from \[dbo\]\.\[Claims\] as t;$/m,
    );
    const collector = createCollector();
    await session.load(collector, AbortSignal.timeout(DEADLINE_MS));
    expect(collector.calls).toEqual(['rows Claims 50']);
  });

  test('after it, everything is loaded again at once, since no row may be handed over twice', async () => {
    const session = await opening(sourceThrough());
    for (let index = 51; index <= 5_000; index++) insertRow(database, 'Claims', companyRow('Claims', index));
    const collector = createCollector();
    const rows = async (table: string, handed: Parameters<typeof collector.rows>[1]) => {
      await collector.rows(table, handed);
      proxy.cut();
    };
    const loading = session.load({ rows }, AbortSignal.timeout(DEADLINE_MS));
    await expect(loading).rejects.toMatchObject({ name: 'SessionOutdatedError', reload: true });
    const keys = collector.calls.map((call) => Number(call.split(' ')[2])).reduce((sum, count) => sum + count, 0);
    expect(keys).toBe(collector.table('Claims').size);
  });
});

describe('a read that nobody waits for any more', () => {
  test('is cancelled on the server, and its connection is of use again', async () => {
    const follower = await follow(sourceThrough({ poolSize: 1 }));
    const reached = Promise.withResolvers<void>();
    interfere = (_, signal) => {
      reached.resolve();
      return untilAborted(signal);
    };
    const abort = new AbortController();
    const polling = follower.session.poll(follower.position, follower.collector, abort.signal, false);
    await reached.promise;
    abort.abort();
    await expect(polling).rejects.toBeInstanceOf(SourceTimeoutError);
    interfere = null;
    write();
    await follower.poll();
    expect(server.endpoint.attentions).toBe(1);
    expectRows(follower);
  });

  test('ends when its session is closed', async () => {
    const follower = await follow(sourceThrough());
    interfere = (_, signal) => untilAborted(signal);
    const polling = failureOf(follower.poll());
    await follower.session.close();
    expect((await polling).name).toBe('SourceTimeoutError');
  });
});

test('a view that the server cannot make is left out, and taken up again once it can', async () => {
  const isOfClaims = ({ sql }: TdsStatement) =>
    /from \[dbo\]\.\[Claims\]/.test(sql) && !sql.startsWith('select top (0)');
  interfere = (statement) =>
    isOfClaims(statement) ? { error: { number: 8134, message: 'Divide by zero error encountered.' } } : undefined;
  const source = sourceThrough();
  const session = await opening(source);
  const error = await failureOf(session.load(createCollector(), AbortSignal.timeout(DEADLINE_MS)));
  expect(error.message).toMatch(
    /refused the query \(error 8134\): select text from sys\.messages where message_id = 8134/,
  );
  const follower = await follow(source);
  expect(follower.session.catalog.columns).not.toHaveProperty('Claims');
  expect(follower.session.catalog.columns).toHaveProperty('Payments');
  interfere = null;
  await follower.poll(true);
  expectRows(follower);
});

describe('what is read', () => {
  beforeEach(() => {
    database.run(
      `with recursive n(i) as (select 1000 union all select i + 1 from n where i < 60999) insert into Courses (Id, PublicId, Name, Description) select i, '00000000-0000-4000-8000-000000000000', 'course ' || i, '${'d'.repeat(100)}' from n`,
    );
  });

  test('comes in chunks, and no faster than it is taken', async () => {
    const session = await opening(sourceThrough());
    const taken: number[] = [];
    let isTaking = false;
    let mostAhead = 0;
    let total = 0;
    await session.load(
      {
        async rows(_, rows) {
          expect(isTaking).toBe(false);
          isTaking = true;
          total += rows.length;
          taken.push(rows.length);
          if (taken.length < 5) await Bun.sleep(50);
          mostAhead = Math.max(mostAhead, server.rowsSent - total);
          isTaking = false;
        },
      },
      AbortSignal.timeout(DEADLINE_MS * 4),
    );
    expect(total).toBe(60_050);
    expect(Math.max(...taken)).toBe(2_000);
    // Buffers of the sockets on both sides hold some 1 to 10 MB; 45,000 rows are some 40 MB.
    expect(mostAhead).toBeLessThan(45_000);
  });

  test('ends when what takes it fails, with its error', async () => {
    const session = await opening(sourceThrough());
    const full = new Error('The disk is full');
    const before = server.rowsSent;
    const loading = session.load({ rows: () => Promise.reject(full) }, AbortSignal.timeout(DEADLINE_MS));
    expect(await failureOf(loading)).toBe(full);
    expect(server.rowsSent - before).toBeLessThan(60_000);
    await session.load({ rows: async () => {} }, AbortSignal.timeout(DEADLINE_MS * 2));
  });
});

describe('a server that cannot be trusted or is not where it should be', () => {
  test('a certificate that is not trusted, and nothing is sent', async () => {
    const error = await failureOf(opening(sourceThrough({ certificateAuthority: null })));
    expect(error.message).toMatch(/has a certificate that is not trusted: name its authority in DB_CA_FILE/);
    expect(server.endpoint.logins).toEqual([]);
  });

  test('is taken where that is configured', async () => {
    expectRows(await follow(sourceThrough({ certificateAuthority: null, trustServerCertificate: true })));
  });

  test('a server without encryption, where encryption is required', async () => {
    const plain = await serveSqlServer(database, { encryption: 'off' });
    const source = plain.source();
    const error = await failureOf(opening(source));
    expect(error.message).toMatch(/has no encryption: set DB_ENCRYPT=false/);
    await source.close();
    await plain.close();
  });

  test('a name that no name server knows', async () => {
    const error = await failureOf(opening(sourceThrough({ server: 'database.invalid', connectTimeoutMs: 1_000 })));
    expect(error.message).toMatch(/^SQL Server database\.invalid:\d+\/Greg (cannot be found|did not answer)/);
  });
});

test('an error that is not the driver\u2019s is passed on unchanged', async () => {
  const session = await opening(sourceThrough());
  const own = new RangeError('a fault of this program');
  const loading = session.load({ rows: () => Promise.reject(own) }, AbortSignal.timeout(DEADLINE_MS));
  expect(await failureOf(loading)).toBe(own);
});
