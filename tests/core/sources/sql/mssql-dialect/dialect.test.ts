import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type IsolationLevel, Kysely, sql } from 'kysely';
import mssql, { type ConnectionPool } from 'mssql';
import { mssqlPoolDialect } from '../../../../../src/core/sources/sql/mssql-dialect/dialect.ts';
import { withPool } from '../../../../../src/core/sources/sql/sqlserver/pool.ts';
import { realServerSettings, sqlServerMissing } from '../../../../support/real-sql-server.ts';
import { TEST_CERTIFICATE } from '../../../../support/tds/certificate.ts';
import {
  startTdsEndpoint,
  type TdsAnswer,
  type TdsEndpoint,
  type TdsStatement,
} from '../../../../support/tds/endpoint.ts';
import type { TdsColumn } from '../../../../support/tds/rows.ts';
import { unless } from '../../../../support/unless.ts';

interface Tables {
  Orders: { Id: number; Total: number };
}

let endpoint: TdsEndpoint;
let pool: ConnectionPool;
let answer: (statement: TdsStatement) => TdsAnswer;

beforeAll(async () => {
  endpoint = await startTdsEndpoint({ answer: (statement) => answer(statement) });
  pool = await new mssql.ConnectionPool({
    ...{ server: 'localhost', port: endpoint.port, database: 'Shop', user: 'reader', password: 'a Secret 1' },
    // The default is a statement of its own before each request.
    validateConnection: 'socket',
    options: { encrypt: true, cryptoCredentialsDetails: { ca: TEST_CERTIFICATE } },
  }).connect();
});

afterAll(async () => {
  await pool.close();
  await endpoint.close();
});

beforeEach(() => {
  answer = echo;
});

const databaseWith = (signal?: AbortSignal) =>
  new Kysely<Tables>({
    dialect: mssqlPoolDialect({ pool: async () => pool, ...(signal === undefined ? {} : { signal }) }),
  });
const statements = () => endpoint.statements.filter(({ sql: text }) => !/^\s*set /i.test(text));

/** The parameters as one row, each in a column of the type that a server would have for it. */
function echo({ parameters }: TdsStatement): TdsAnswer {
  const values = parameters.map(({ value }) => value);
  const columns = values.map((value, index) => ({ name: `c${index}`, type: typeFor(value) }));
  return { columns, rows: [values] };
}

function typeFor(value: unknown): TdsColumn['type'] {
  if (typeof value === 'boolean') return 'bit';
  if (typeof value === 'bigint') return 'bigint';
  if (value instanceof Date) return 'datetime2';
  if (typeof value !== 'number') return 'nvarchar';
  if (!Number.isSafeInteger(value)) return 'float';
  return Math.abs(value) < 2 ** 31 ? 'int' : 'bigint';
}

/** What SQL Server holds: its floats have no denormals, and PostgreSQL's text, which Babelfish stores it in, no NUL. */
const value = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.integer(),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((number) => Math.abs(number) > 2.3e-308 || Object.is(number, 0)),
  fc.date({
    min: new Date('0001-01-01T00:00:00.000Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  }),
  fc.string({ unit: 'binary', maxLength: 50 }).map((text) => text.replaceAll('\0', '')),
  fc.nat({ max: 3 }).map((times) => 'São Paulo 🙂 '.repeat(times * 400)),
);

async function expectRoundTrips(database: Kysely<Tables>, runs: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 30 }), async (values) => {
      // A bare parameter is `varchar` to Babelfish, whatever it was bound as.
      const shown = values.map((each) =>
        typeof each === 'string' ? sql`cast(${each} as nvarchar(max))` : sql.val(each),
      );
      const columns = shown.map((each, index) => sql`${each} as ${sql.ref(`c${index}`)}`);
      const { rows } = await sql<Record<string, unknown>>`select ${sql.join(columns)}`.execute(database);
      expect(rows.map((row) => Object.values(row))).toEqual([values]);
    }),
    { numRuns: runs },
  );
}

describe('values', () => {
  test('go to the server and come back as they are, whatever their size', () => expectRoundTrips(databaseWith(), 300));

  const real = realServerSettings();
  test.skipIf(real === null)(
    unless(sqlServerMissing, 'the same on the SQL Server of TEST_MSSQL_URL'),
    async () => {
      if (real === null) return;
      await withPool(real, (connected) =>
        expectRoundTrips(new Kysely({ dialect: mssqlPoolDialect({ pool: async () => connected }) }), 100),
      );
    },
    120_000,
  );

  test('that no number holds exactly are refused, not rounded', async () => {
    answer = () => ({ columns: [{ name: 'total', type: 'bigint' }], rows: [[2n ** 53n]] });
    await expect(sql`select total`.execute(databaseWith())).rejects.toThrow(
      'total holds a whole number of 16 digits, more than a number holds exactly',
    );
  });

  test('of no SQL type are refused before anything is sent', async () => {
    const before = statements().length;
    await expect(sql`select ${sql.val({ a: 1 })}`.execute(databaseWith())).rejects.toThrow(TypeError);
    expect(statements()).toHaveLength(before);
  });
});

describe('a transaction', () => {
  test.each<[IsolationLevel]>([['snapshot'], ['read committed'], ['serializable'], ['repeatable read']])(
    'of %s holds all its statements, and is over after',
    async (level) => {
      await databaseWith()
        .transaction()
        .setIsolationLevel(level)
        .execute(async (database) => {
          await database.selectFrom('Orders').select('Id').where('Total', '>', 10).execute();
          await database.selectFrom('Orders').select('Total').where('Id', '=', 3).execute();
          expect(endpoint.openTransactions).toBe(1);
        });
      expect(endpoint.openTransactions).toBe(0);
      expect(statements().slice(-2)).toMatchObject([
        { sql: 'select "Id" from "Orders" where "Total" > @1', isolation: level },
        { sql: 'select "Total" from "Orders" where "Id" = @1', isolation: level },
      ]);
    },
  );

  test('of which a statement fails is rolled back, and the connection serves on', async () => {
    answer = () => ({ error: { number: 8134, message: 'Divide by zero error encountered.' } });
    const failing = databaseWith()
      .transaction()
      .execute((database) => database.selectFrom('Orders').select('Id').execute());
    await expect(failing).rejects.toMatchObject({ number: 8134 });
    expect(endpoint.openTransactions).toBe(0);
    answer = echo;
    expect((await sql`select ${1}`.execute(databaseWith())).rows).toEqual([{ c0: 1 }]);
  });
});

describe('a signal', () => {
  test('that is aborted already keeps everything from being sent', async () => {
    const before = statements().length;
    const database = databaseWith(AbortSignal.abort());
    await expect(database.selectFrom('Orders').select('Id').execute()).rejects.toThrow();
    expect(statements()).toHaveLength(before);
  });

  test('that is aborted between two statements keeps the second from being sent', async () => {
    const abort = new AbortController();
    const database = databaseWith(abort.signal);
    await sql`select ${1}`.execute(database);
    const before = statements().length;
    abort.abort();
    await expect(sql`select ${2}`.execute(database)).rejects.toThrow();
    expect(statements()).toHaveLength(before);
  });
});

test('results are not streamed, and that is said', async () => {
  const rows = databaseWith().selectFrom('Orders').select('Id').stream();
  await expect(rows.next()).rejects.toThrow('This dialect does not stream results');
});
