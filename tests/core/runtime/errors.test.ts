import { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { MongoInvalidArgumentError, MongoRuntimeError } from 'mongodb';
import mssql from 'mssql';
import { sourceErrorOf as ofSqlite } from '../../../src/core/feeds/folder/sqlite-errors.ts';
import { sourceErrorOf as ofMongo } from '../../../src/core/feeds/mongo/failures.ts';
import { sourceErrorOf as ofSqlServer } from '../../../src/core/feeds/sql-server/failures.ts';
import { SQL_SERVER_DEFAULTS } from '../../../src/core/feeds/sql-server/settings.ts';
import { failureOf } from '../../../src/core/runtime/failure.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { temporaryFolder } from '../../support/process.ts';

const SETTINGS = { ...SQL_SERVER_DEFAULTS, server: 'db', database: 'Shop', userName: 'reader', password: 'secret' };

/** As `mssql` hands on what is thrown while a request is made: in `originalError`. */
function wrapped(bug: Error): Error {
  return Object.assign(new mssql.RequestError('Validation failed', 'EREQUEST'), { originalError: bug });
}

describe.each([new TypeError('of ours'), new RangeError('of ours'), new ReferenceError('of ours')])('a %s', (bug) => {
  test.each([
    ['thrown while SQL Server is asked', ofSqlServer(bug, SETTINGS)],
    ['wrapped by the driver of SQL Server', ofSqlServer(wrapped(bug), SETTINGS)],
    ['thrown while MongoDB is asked', ofMongo(bug, 'MongoDB db/Shop')],
    ['wrapped by the driver of MongoDB', ofMongo(new MongoRuntimeError('x', { cause: bug }), 'MongoDB db/Shop')],
    ['thrown while a file is read', ofSqlite(bug, 'greg.sqlite')],
    ['thrown while a file is written', ofSqlite(bug, 'greg.sqlite', 'written')],
  ])('%s is no failure of the source, and logged whole', (_where, error) => {
    expect(error).not.toBeInstanceOf(SourceError);
    const logged: unknown[] = [];
    const failure = failureOf(error, (each) => logged.push(each));
    expect(failure).toEqual({ reason: 'an unexpected error, which has been logged', blame: 'feature' });
    expect(logged).toEqual([error]);
    expect(Bun.inspect(logged[0])).toContain('of ours');
  });
});

test('a wrong call of the driver of MongoDB is a bug too', () => {
  const error = new MongoInvalidArgumentError('of ours');
  expect(ofMongo(error, 'MongoDB db/Shop')).toBe(error);
});

/** SQLite's error for a file that another connection has locked. */
async function lockedError(): Promise<unknown> {
  await using folder = await temporaryFolder();
  using holder = new Database(`${folder.path}/greg.sqlite`);
  using other = new Database(`${folder.path}/greg.sqlite`);
  holder.run('begin exclusive');
  try {
    return other.run('create table Other (id)');
  } catch (error) {
    return error;
  }
}

test('what a source itself refuses stays a failure of the source', async () => {
  const locked = ofSqlite(await lockedError(), 'greg.sqlite');
  expect(locked).toEqual(new SourceError('greg.sqlite is locked by another program'));
  expect(ofSqlServer(new mssql.RequestError('lost', 'ECONNCLOSED'), SETTINGS)).toBeInstanceOf(SourceError);
});
