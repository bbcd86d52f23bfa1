import { describe, expect, test } from 'bun:test';
import { ConfigError, declaredVariables, loadConfig } from '../../src/config/config.ts';
import { suggestedName } from '../../src/config/misspelt.ts';

const SQL_SERVER = { DB_SERVER: 'db', DB_NAME: 'Shop', DB_USER: 'reader', DB_PASSWORD: 'secret' };
const MONGO = { MONGO_CONNECTION_STRING: 'mongodb://db' };
const CERTIFICATE_FILE = `${import.meta.dir}/../support/tds/test-certificate.pem`;

const noticesOn = (environment: Record<string, string>) => loadConfig(['claims'], environment).notices;

describe('what is set and changes nothing is said:', () => {
  test.each<[Record<string, string>, string]>([
    [{ ...SQL_SERVER, DEMO_DIR: 'data', DEMO_RATE: '1' }, 'DEMO_DIR, DEMO_RATE are not used: databases are configured'],
    [{ ...MONGO, DEMO_SEED: '1' }, 'DEMO_SEED is not used: databases are configured'],
    [{ DB_PASSWORD: 'x' }, 'DB_PASSWORD is not used: no SQL Server is configured'],
    [{ ...MONGO, DB_PORT: '1', DB_ENCRYPT: 'false' }, 'DB_PORT, DB_ENCRYPT are not used: no SQL Server is configured'],
    [{ MONGO_DATABASE: 'x' }, 'MONGO_DATABASE is not used: no MongoDB is configured'],
    [{ ...SQL_SERVER, MONGO_POOL_SIZE: '1' }, 'MONGO_POOL_SIZE is not used: no MongoDB is configured'],
    [{ CHANGE_INTERVAL_MS: '5000' }, 'CHANGE_INTERVAL_MS is not used: no database is configured'],
    [{ MIRROR: 'disk' }, 'MIRROR=disk is not used: without DEMO_DIR'],
    [{ BI_ROLES: 'Board' }, 'BI_ROLES is not used: without JWT_SECRET'],
    [{ ...SQL_SERVER, DB_USERNAME: 'other' }, 'DB_USERNAME is not used: DB_USER comes first'],
    [{ JWT_SECRET: 'a', Jwt__Key: 'b' }, 'JWT_SECRET is not used: Jwt__Key comes first'],
    [{ ...SQL_SERVER, DB_SERVER: 'db,1500', DB_PORT: '1' }, 'the port in DB_SERVER is not used: DB_PORT comes first'],
    [
      { ...SQL_SERVER, DB_CA_FILE: CERTIFICATE_FILE, DB_TRUST_SERVER_CERTIFICATE: 'true' },
      'DB_CA_FILE is not used: with DB_TRUST_SERVER_CERTIFICATE',
    ],
    [{ ...SQL_SERVER, DB_CA_FILE: CERTIFICATE_FILE, DB_ENCRYPT: 'false' }, 'DB_CA_FILE is not used: DB_ENCRYPT=false'],
    [{ REDIS_HOST: 'redis' }, 'REDIS_HOST is not used: this version does not use'],
    [{ ROWS_TABLE_ID: 'a' }, 'ROWS_TABLE_ID is not used: without ROWS_API_KEY'],
  ])('%j', (environment, notice) => {
    expect(noticesOn(environment)).toEqual([expect.stringContaining(notice)]);
  });

  test.each<Record<string, string>>([
    { ...SQL_SERVER, ...MONGO, MONGO_DATABASE: 'x', DB_PORT: '1', CHANGE_INTERVAL_MS: '5000', MIRROR: 'disk' },
    { DEMO_DIR: 'data', MIRROR: 'disk', DEMO_SEED: '2' },
    { JWT_SECRET: 'a', Jwt__Key: 'a', BI_ROLES: 'Board', HOST: '0.0.0.0' },
    { ...SQL_SERVER, DB_SERVER: 'db,1500', DB_PORT: '1500', DB_CA_FILE: CERTIFICATE_FILE },
  ])('and nothing of what is used: %j', (environment) => {
    expect(noticesOn(environment)).toEqual([]);
  });
});

describe('a name that is not read', () => {
  test.each([
    ['EMIT_INTERVALL_MS', 'EMIT_INTERVAL_MS'],
    ['EMIT_INTERVAL', 'EMIT_INTERVAL_MS'],
    ['EMITINTERVAL_MS', 'EMIT_INTERVAL_MS'],
    ['DB_SEVRER', 'DB_SERVER'],
    ['DB_PASWORD', 'DB_PASSWORD'],
    ['db_server', 'DB_SERVER'],
    ['DB-NAME', 'DB_NAME'],
    ['DB_HOST', 'DB_SERVER'],
    ['MONGODB_URI', 'MONGO_CONNECTION_STRING'],
    ['JWT__Key', 'Jwt__Key'],
    ['BI_TIMEZONE', 'BI_TIME_ZONE'],
    ['ConnectionStrings_DefaultConnection', 'ConnectionStrings__DefaultConnection'],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
  ])('such as %s gets a notice that suggests %s', (name, meant) => {
    expect(noticesOn({ [name]: 'x' })).toEqual([`${name} is not read; did you mean ${meant}?`]);
  });

  test('gets a notice too if the start fails without it', () => {
    const environment = { ...SQL_SERVER, DB_SERVER: '', DB_SEVER: 'db' };
    const problems = () => loadConfig(['claims'], environment);
    expect(problems).toThrow(ConfigError);
    expect(problems).toThrow('DB_SEVER is not read; did you mean DB_SERVER?');
  });

  test('of another program is ignored', () => {
    const others = ['PATH', 'HOME', 'HOSTNAME', 'HOSTS', 'PORTS', 'SHELL', 'TERM', 'LANG', 'NODE_ENV', 'PWD', 'USER'];
    for (const name of others) expect(noticesOn({ [name]: 'x' })).toEqual([]);
    for (const name of ['TEST_MONGO_URL', 'npm_config_loglevel', 'JWT_ISSUER_URL'])
      expect(suggestedName(name, declaredVariables())).toBeUndefined();
  });
});
