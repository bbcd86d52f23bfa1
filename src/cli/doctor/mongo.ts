import { type Db, MongoClient, type MongoServerError } from 'mongodb';
import type { Table } from '../../company/table.ts';
import { collections } from '../../company/tables.ts';
import { connectionStringError } from '../../core/feeds/mongo/connection-string.ts';
import { CODE, codeOf } from '../../core/feeds/mongo/failures.ts';
import { databaseNameOf, type MongoSettings } from '../../core/feeds/mongo/settings.ts';
import { grantRead } from './describe-missing.ts';
import { broken, clockFinding, type Finding, ok, warning } from './finding.ts';
import { describeConnectionFailure } from './mongo-connect.ts';

/** Checks connection, version, clock and permissions. */
export async function checkMongo(settings: MongoSettings): Promise<Finding[]> {
  const { connectionString, connectTimeoutMs } = settings;
  let client: MongoClient;
  let database: Db;
  try {
    client = new MongoClient(connectionString, { serverSelectionTimeoutMS: connectTimeoutMs });
    database = client.db(databaseNameOf(settings));
  } catch (error) {
    const { message } = connectionStringError(connectionString, error);
    return [broken('MongoDB', message, 'write MONGO_CONNECTION_STRING in that form')];
  }
  try {
    return await examine(database, client.options.credentials !== undefined);
  } catch (error) {
    return [await describeConnectionFailure(error, client, settings)];
  } finally {
    await client.close().catch(() => {});
  }
}

async function examine(database: Db, isUserNamed: boolean): Promise<Finding[]> {
  const name = database.databaseName;
  const from = Date.now();
  const hello = await database.command({ hello: 1 });
  const to = Date.now();
  const { version } = await database.command({ buildInfo: 1 });
  const now = hello.localTime;
  return [
    ok('MongoDB', 'can be reached'),
    describeVersion(String(version)),
    now instanceof Date
      ? clockFinding('MongoDB clock', now.getTime(), { from, to })
      : warning('MongoDB clock', 'could not be read', 'synchronise both machines with the same time server (NTP)'),
    (await refusedReading(database, isUserNamed)) ?? ok('MongoDB permissions', `database ${name} may be read`),
  ];
}

function describeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < 4 || (major === 4 && minor < 4);
  return isOld
    ? warning('MongoDB version', version, 'upgrade it: the change streams need MongoDB 4.4 or later')
    : ok('MongoDB version', version);
}

/** Null if every collection may be read. A missing one can be read too. */
async function refusedReading(database: Db, isUserNamed: boolean): Promise<Finding | null> {
  const what = 'MongoDB permissions';
  const name = database.databaseName;
  const refused: Table[] = [];
  for (const collection of collections) {
    const error = await database
      .collection(collection.name)
      .findOne({}, { projection: { _id: 1 } })
      .then(() => null)
      .catch((cause: MongoServerError) => cause);
    if (codeOf(error) === CODE.unauthorized) refused.push(collection);
    else if (error !== null) throw error;
  }
  if (refused.length === 0) return null;
  const names = refused.map((collection) => collection.name).join(', ');
  // Figures that need an optional collection are null without it.
  const say = refused.every(({ optional }) => optional === true) ? warning : broken;
  return isUserNamed
    ? say(what, `this user may not read ${names} in ${name}`, grantRead(name))
    : say(
        what,
        `${names} in ${name} cannot be read without a login`,
        'write a user and a password into MONGO_CONNECTION_STRING: mongodb://user:password@host:27017/database?authSource=admin',
      );
}
