import { describe, expect, test } from 'bun:test';
import mssql from 'mssql';
import {
  isConnectionLost,
  isOutdated,
  isRefused,
  sourceErrorOf,
} from '../../../../src/core/feeds/sql-server/failures.ts';
import { SQL_SERVER_DEFAULTS } from '../../../../src/core/feeds/sql-server/settings.ts';

const settings = {
  ...SQL_SERVER_DEFAULTS,
  ...{ server: 'db.example', database: 'Shop', userName: 'greg_bi', password: 'a Secret 1' },
};

function refusedWith(number: number, message: string, severity = 16): Error {
  const original = Object.assign(new Error(message), { info: { number, message, class: severity } });
  return new mssql.RequestError(original, 'EREQUEST');
}

const wordsOf = (error: unknown) => {
  const described = sourceErrorOf(error, settings);
  return described instanceof Error ? `${described.name}: ${described.message}` : '';
};

describe('words for people', () => {
  test.each([
    [
      refusedWith(208, "Invalid object name 'dbo.Claims'."),
      /^QueryRefusedError: .*no table Claims that this login may see; grant select/,
    ],
    [
      refusedWith(229, "The SELECT permission was denied on the object 'Claims', database 'Shop', schema 'dbo'."),
      /no table Claims that this login may see; grant select/,
    ],
    [refusedWith(207, "Invalid column name 'Foo'."), /refused the query \(error 207\): Invalid column name 'Foo'/],
    [
      refusedWith(245, "Conversion failed when converting the varchar value 'secret' to int."),
      /refused the query \(error 245\): select text from sys\.messages where message_id = 245 says why$/,
    ],
    [refusedWith(40613, 'Database is not currently available.'), /^SourceError: .*cannot be used now/],
    [
      new mssql.ConnectionError(Object.assign(new Error('x'), { code: 'EENCRYPT' }), 'ESOCKET'),
      /has no encryption: set DB_ENCRYPT=false/,
    ],
    [
      new mssql.ConnectionError(
        Object.assign(new Error('Login failed.'), { code: 'ELOGIN', loginErrors: [4060, 18456] }),
        'ELOGIN',
      ),
      /has no such database, or the login may not open it: check DB_NAME, .* \(error 4060, 18456\)$/,
    ],
    [
      new mssql.ConnectionError(
        Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
        'ESOCKET',
      ),
      /not trusted: name its authority in DB_CA_FILE, or take any with DB_TRUST_SERVER_CERTIFICATE=true/,
    ],
  ] as const)('%#', (error, words) => {
    expect(wordsOf(error)).toMatch(words);
    expect(wordsOf(error)).toContain('SQL Server db.example/Shop');
  });

  test.each([new RangeError('own'), new TypeError('own'), new Error('own')])(
    'an error that is not the driver\u2019s is unchanged (%#)',
    (error) => {
      expect(sourceErrorOf(error, settings)).toBe(error);
      expect([isRefused(error), isOutdated(error), isConnectionLost(error)]).toEqual([false, false, false]);
    },
  );
});

test('a connection that was ended, and not a query that was refused or a server that is away, is worth a second attempt', () => {
  const closed = new mssql.RequestError(Object.assign(new Error('closed'), { code: 'ECLOSE' }), 'EREQUEST');
  expect(isConnectionLost(closed)).toBe(true);
  expect(isConnectionLost(refusedWith(596, 'The session is in the kill state.', 21))).toBe(true);
  expect(isConnectionLost(refusedWith(208, 'Invalid object name.'))).toBe(false);
  expect(isConnectionLost(new mssql.ConnectionError(new Error('x'), 'ESOCKET'))).toBe(false);
});
