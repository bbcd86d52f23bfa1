import { describe, expect, test } from 'bun:test';
import { MongoClient } from 'mongodb';
import { withPool } from '../../src/core/feeds/sql-server/pool.ts';
import { onEveryMongoServer } from '../support/mongo-servers.ts';
import { environmentOf, realServerSettings, sqlServerMissing, withoutDatabase } from '../support/real-sql-server.ts';
import { unless } from '../support/unless.ts';
import { runProgram } from './run-program.ts';

const SMALL = { DEMO_SCALE: '0.01' };
const USERS = 200;
const TICKETS = 150;
const WITHIN_MS = 120_000;

const load = (environment: Readonly<Record<string, string>>, ...options: string[]) =>
  runProgram('demo-load', { ...SMALL, ...environment }, ...options);

describe('loading the demo company', () => {
  test('without a database is refused, with what would do', async () => {
    const { exitCode, errors } = await load({});
    expect(exitCode).toBe(1);
    expect(errors.trim()).toBe(
      'No database is configured: set DB_SERVER and so on, or MONGO_CONNECTION_STRING, or both',
    );
  });

  test('takes no other option', async () => {
    const { exitCode, errors } = await load({}, '--farce');
    expect(exitCode).toBe(1);
    expect(errors.trim()).toBe('--farce is not an option; the only one is --force');
  });

  test('into a database that is away says so in words for people', async () => {
    const { exitCode, errors } = await load({
      ...{ DB_SERVER: '127.0.0.1', DB_PORT: '1', DB_NAME: 'Greg', DB_USER: 'sa', DB_PASSWORD: 'a Secret 1' },
    });
    expect(exitCode).toBe(1);
    expect(errors.trim()).toBe(
      'SQL Server 127.0.0.1:1/Greg refuses connections: is it running, and is TCP/IP enabled?',
    );
  });
});

await onEveryMongoServer(({ open }) => {
  test(
    'fills an empty MongoDB, refuses a full one, and empties it first on request',
    async () => {
      const server = await open({});
      const environment = { MONGO_CONNECTION_STRING: server.url(), MONGO_DATABASE: server.database };
      const client = new MongoClient(server.url());
      const tickets = async () => {
        const found = await client.db(server.database).collection('support_tickets').find().toArray();
        return found.length;
      };
      try {
        expect(await load(environment)).toMatchObject({ exitCode: 0, errors: '' });
        expect(await tickets()).toBe(TICKETS);
        await server.insert('support_tickets', [{ status: 'Open' }]);
        const { exitCode, errors } = await load(environment);
        expect(exitCode).toBe(1);
        expect(errors).toContain(`MongoDB database ${server.database} is not empty: support_tickets, logs.`);
        expect(await tickets()).toBe(TICKETS + 1);
        expect((await load(environment, '--force')).exitCode).toBe(0);
        expect(await tickets()).toBe(TICKETS);
      } finally {
        await client.close();
        await server.close();
      }
    },
    WITHIN_MS,
  );
});

const server = realServerSettings();
const title =
  'on the SQL Server of TEST_MSSQL_URL: creates a database, refuses a full one, and empties it first on request';
test.skipIf(server === null)(
  unless(sqlServerMissing, title),
  async () => {
    if (server === null) return;
    await withoutDatabase(server, async (settings) => {
      const environment = environmentOf(settings);
      const counted = () =>
        withPool(settings, async (pool) => {
          const { recordset } = await pool
            .request()
            .query<{ users: number }>('select count(*) as users from AspNetUsers');
          return recordset[0]?.users;
        });
      expect(await load(environment)).toMatchObject({ exitCode: 0, errors: '' });
      expect(await counted()).toBe(USERS);
      const { exitCode, errors } = await load(environment);
      expect(exitCode).toBe(1);
      expect(errors).toContain(`SQL Server database ${settings.database} is not empty: AspNetUsers,`);
      expect((await load(environment, '--force')).exitCode).toBe(0);
      expect(await counted()).toBe(USERS);
    });
  },
  WITHIN_MS,
);
