import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { type SourceError, SourceTimeoutError } from '../../../../../src/core/sources/source-errors.ts';
import type { SqlSource } from '../../../../../src/core/sources/sql/source.ts';
import type { SqlServerSettings } from '../../../../../src/core/sources/sql/sqlserver/settings.ts';
import { claims } from '../../../../../src/features/claims/index.ts';
import { noDocuments } from '../../../../oracle/agreement.ts';
import { type EndpointServer, serveOverTds } from '../../../../support/sql-server.ts';
import { emptyDatabase } from '../../../../support/sqlite-source.ts';
import { startTcpProxy, type TcpProxy } from '../../../../support/tcp-proxy.ts';
import type { TdsError, TdsStatement } from '../../../../support/tds/endpoint.ts';
import { COMPANY_NOW, openClaim, openSmallCompany } from '../../../hubs/small-company.ts';

const CONNECT_WITHIN_MS = 300;
const REQUEST_WITHIN_MS = 500;
/** A read that is to fail has failed by then, whatever the fault. */
const DEADLINE_MS = 1_500;

interface Setting {
  readonly proxy: TcpProxy;
  readonly server: EndpointServer;
  /** Comes before the endpoint's own answers while it is set. */
  interfere:
    | ((statement: TdsStatement, signal: AbortSignal) => { error: TdsError } | Promise<never> | undefined)
    | null;
  refuseLogin: TdsError | null;
}

let setting: Setting;
let company: Awaited<ReturnType<typeof openSmallCompany>>;
let open: SqlSource[] = [];

beforeEach(async () => {
  const database = emptyDatabase();
  company = await openSmallCompany(database);
  const server = await serveOverTds(database, {
    interfere: (statement, signal) => setting.interfere?.(statement, signal),
    login: () => setting.refuseLogin,
  });
  const proxy = await startTcpProxy(`http://127.0.0.1:${server.endpoint.port}`);
  setting = { proxy, server, interfere: null, refuseLogin: null };
});

afterEach(async () => {
  await Promise.all(open.map((source) => source.close()));
  open = [];
  await setting.proxy.close();
  await setting.server.close();
  await company.sql.close();
});

function sourceThrough(overrides: Partial<SqlServerSettings> = {}): SqlSource {
  const { proxy, server } = setting;
  const settings = { port: proxy.port, connectTimeoutMs: CONNECT_WITHIN_MS, requestTimeoutMs: REQUEST_WITHIN_MS };
  const source = server.source({ settings: { ...settings, ...overrides } });
  open.push(source);
  return source;
}

const figures = async (sql: SqlSource) => {
  const sources = { sql, documents: noDocuments };
  return (await claims.load(sources, COMPANY_NOW, AbortSignal.timeout(DEADLINE_MS))).data;
};

const failureOf = async (sql: SqlSource): Promise<SourceError> => {
  const began = performance.now();
  const error: unknown = await figures(sql).then(
    () => new Error('the read ended well'),
    (reason: unknown) => reason,
  );
  expect(performance.now() - began).toBeLessThan(DEADLINE_MS + 500);
  if (!(error instanceof Error)) throw new Error('something that is no error was thrown');
  return error;
};

const isSelect = ({ sql }: TdsStatement) => /from "Claims"/.test(sql);

/** Faults that only a server can have, not the way to it: how each begins and ends, and what is told of it. */
const FAULTS: readonly {
  readonly name: string;
  readonly begin: () => () => void;
  readonly kind: string;
  readonly told: RegExp;
}[] = [
  {
    name: 'the login fails',
    begin() {
      setting.refuseLogin = { number: 18_456, message: "Login failed for user 'greg_bi'.", severity: 14 };
      setting.proxy.cut();
      return () => {
        setting.refuseLogin = null;
      };
    },
    kind: 'SourceError',
    told: /Login failed for user 'greg_bi'/,
  },
  {
    name: 'a query is chosen as a deadlock victim',
    begin() {
      const error = {
        number: 1205,
        severity: 13,
        endsTransaction: true,
        message: 'Transaction (Process ID 52) was deadlocked on lock resources and has been chosen as the victim.',
      };
      setting.interfere = (statement) => (isSelect(statement) ? { error } : undefined);
      return () => {
        setting.interfere = null;
      };
    },
    kind: 'QueryRefusedError',
    told: /deadlock victim \(error 1205\)/,
  },
  {
    name: 'a query takes too long',
    begin() {
      setting.interfere = (statement, signal) => (isSelect(statement) ? untilAborted(signal) : undefined);
      return () => {
        setting.interfere = null;
      };
    },
    kind: 'SourceTimeoutError',
    told: /did not answer within 500 ms/,
  },
  {
    name: 'the database is being restored',
    begin() {
      const error = {
        number: 927,
        severity: 14,
        message: "Database 'Greg' cannot be opened. It is in the middle of a restore.",
      };
      setting.interfere = () => ({ error });
      return () => {
        setting.interfere = null;
      };
    },
    kind: 'SourceError',
    told: /cannot be used now \(error 927\)/,
  },
  {
    name: 'the server ends the connection with an error',
    begin() {
      setting.interfere = (statement) =>
        isSelect(statement)
          ? { error: { number: 596, severity: 21, message: 'The session is in the kill state.' } }
          : undefined;
      return () => {
        setting.interfere = null;
      };
    },
    kind: 'SourceError',
    told: /cannot be used now|was lost/,
  },
];

describe.each(FAULTS)('when $name', ({ begin, kind, told }) => {
  test('a read fails in words for people, and the next one after it gives the figures of then', async () => {
    const source = sourceThrough();
    const before = await figures(source);
    const mend = begin();
    const error = await failureOf(source);
    expect(error.name).toBe(kind);
    expect(error.message).toMatch(told);
    await openClaim(company.sql, 3);
    mend();
    const after = await figures(source);
    expect(after).toEqual(await figures(company.sql));
    expect(after).not.toEqual(before);
  });

  test('from the start, the first read fails and a later one does not', async () => {
    const source = sourceThrough();
    const mend = begin();
    await failureOf(source);
    mend();
    expect(await figures(source)).toEqual(await figures(company.sql));
  });
});

test('a name that no name server knows is told', async () => {
  const error = await failureOf(sourceThrough({ server: 'database.invalid', connectTimeoutMs: 1_000 }));
  expect(error.message).toMatch(/^SQL Server database\.invalid:\d+\/Greg (cannot be found|did not answer)/);
});

test('a certificate that is not trusted is told, and nothing is sent', async () => {
  const error = await failureOf(sourceThrough({ certificateAuthority: null }));
  expect(error.message).toMatch(/has a certificate that is not trusted/);
  expect(setting.server.endpoint.logins).toEqual([]);
});

test('one that is not trusted is taken where that is configured', async () => {
  const source = sourceThrough({ certificateAuthority: null, trustServerCertificate: true });
  expect(await figures(source)).toEqual(await figures(company.sql));
});

test('a pool of which every connection is busy is told, and is free again after', async () => {
  const source = sourceThrough({ poolSize: 1 });
  await figures(source);
  setting.interfere = (statement, signal) => (isSelect(statement) ? untilAborted(signal) : undefined);
  const [first, second] = await Promise.all([failureOf(source), failureOf(source)]);
  expect([first.name, second.name]).toEqual(['SourceTimeoutError', 'SourceTimeoutError']);
  setting.interfere = null;
  expect(await figures(source)).toEqual(await figures(company.sql));
});

test('a read that nobody waits for any more is cancelled on the server', async () => {
  const source = sourceThrough({ requestTimeoutMs: 20_000 });
  await figures(source);
  const stopped = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  setting.interfere = (statement, signal) => {
    if (!isSelect(statement)) return undefined;
    reached.resolve();
    signal.addEventListener('abort', () => stopped.resolve(), { once: true });
    return untilAborted(signal);
  };
  const abort = new AbortController();
  const reading = claims.load({ sql: source, documents: noDocuments }, COMPANY_NOW, abort.signal);
  await reached.promise;
  abort.abort();
  await expect(reading).rejects.toBeInstanceOf(SourceTimeoutError);
  await stopped.promise;
  setting.interfere = null;
  expect(setting.server.endpoint.attentions).toBe(1);
  expect(await figures(source)).toEqual(await figures(company.sql));
});

/** The endpoint answers an attention by itself. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });
}
