import { MongoClient } from 'mongodb';
import { sourceErrorOf } from '../../core/feeds/mongo/failures.ts';
import { databaseNameOf, type MongoSettings } from '../../core/feeds/mongo/settings.ts';
import { broken, clockFinding, type Finding, ok, warning } from './finding.ts';

/** Reachable, which version, whose clock. */
export async function lookAtMongo(settings: MongoSettings): Promise<Finding[]> {
  const { connectionString, connectTimeoutMs } = settings;
  let client: MongoClient | undefined;
  try {
    client = new MongoClient(connectionString, { serverSelectionTimeoutMS: connectTimeoutMs });
    const name = databaseNameOf(settings);
    const database = client.db(name);
    const from = Date.now();
    const hello = await database.command({ hello: 1 });
    const to = Date.now();
    const { version } = await database.command({ buildInfo: 1 });
    const [major = 0, minor = 0] = String(version).split('.').map(Number);
    const isOld = major < 4 || (major === 4 && minor < 4);
    return [
      ok('MongoDB', `database ${name} can be reached`),
      isOld
        ? warning(
            'MongoDB version',
            String(version),
            'MongoDB 4.4 or later is needed for change streams as they are used',
          )
        : ok('MongoDB version', String(version)),
      clockFinding('MongoDB clock', new Date(hello.localTime).getTime(), { from, to }),
    ];
  } catch (error) {
    const told = sourceErrorOf(error, 'MongoDB');
    // What is no failure of a connection may have the connection string in its text.
    const found = told !== error && told instanceof Error ? told.message : 'its connection string cannot be used';
    return [broken('MongoDB', found, 'check MONGO_CONNECTION_STRING: mongodb://user:password@host:27017/database')];
  } finally {
    await client?.close().catch(() => {});
  }
}
